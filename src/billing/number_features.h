/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The features that a phone number has (rules/counting 6). A number made here
 * has those that its members set. An imported one keeps the list of those that
 * it had, which follows the members that change. An end: JSON in, names out.
 * Pure.
 */
#ifndef REEVE_BILLING_NUMBER_FEATURES_H
#define REEVE_BILLING_NUMBER_FEATURES_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct json_object;

/* The member of a stored number with the list: an object whose names are
 * features. Private: bodies cannot set it, answers do not show it. */
#define NUMBER_FEATURES "pvt_features"

/* The number of features; *names lists them: the arena's, as long as the
 * document lives. */
size_t number_features_of(struct arena *a, struct json_object *number,
    const char *const **names);

/* True if it has the feature "local": it has no class. */
bool number_is_local(struct arena *a, struct json_object *number);

/* Sets the list of a changed number from that of the former one: a feature
 * whose member was changed is on or off as the member says, others stay. */
void number_features_follow(struct json_object *before,
    struct json_object *number);

/* Removes the list where the members of the number say the same. */
void number_features_settle(struct arena *a, struct json_object *number);

#endif
