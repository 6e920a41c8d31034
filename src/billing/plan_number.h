/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as plans have them: JSON numbers, or strings that read as one. What
 * cannot be read counts as not given. A reading end. Pure.
 */
#ifndef REEVE_BILLING_PLAN_NUMBER_H
#define REEVE_BILLING_PLAN_NUMBER_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/money.h"

struct json_object;

/* An amount; false: none. */
bool plan_money(struct json_object *value, money_t *out) MUSTCHECK;

/* A whole number; fractions round half away from zero. False: none. */
bool plan_whole(struct json_object *value, int64_t *out) MUSTCHECK;

/* The same at a path of an item, or the default. */
money_t plan_money_at(struct json_object *item, const char *path,
    money_t fallback);
int64_t plan_whole_at(struct json_object *item, const char *path,
    int64_t fallback);

/* true, or the string "true". */
bool plan_true(struct json_object *value);

#endif
