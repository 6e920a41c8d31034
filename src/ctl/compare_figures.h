/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Figures of an account under names such as "quantities.account.devices.fax":
 * what two systems say can be laid side by side. A figure that one of them does
 * not have is 0.
 */
#ifndef REEVE_CTL_COMPARE_FIGURES_H
#define REEVE_CTL_COMPARE_FIGURES_H

#include <json-c/json.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/money.h"

struct compared;

/* An empty set of figures; the arena's. */
struct compared *compared_new(struct arena *a);

/*
 * Adds the quantities and the invoices of a services summary: of each line,
 * summed over invoices, quantity and total, and the recurring sum. False: the
 * tree is not a summary.
 */
bool compared_add_summary(struct compared *f, struct json_object *summary)
    MUSTCHECK;

/*
 * Adds the days of an audit summary in any of the shapes that versions of Kazoo
 * give it. what: in front of the names of its figures. False: the tree is
 * not one.
 */
bool compared_add_days(struct compared *f, const char *what,
    struct json_object *days) MUSTCHECK;

/* Calls tell for each name, in order, of which the figures differ; its arguments
 * are lent. */
void compared_each_difference(struct compared *theirs, struct compared *ours,
    void (*tell)(void *state, const char *name, money_t theirs, money_t ours),
    void *state);

#endif
