/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A question about prices as one JSON object, and its answer as another: the
 * whole engine without a database. A reading and writing end. Pure.
 */
#ifndef REEVE_BILLING_QUESTION_H
#define REEVE_BILLING_QUESTION_H

#include "base/problem.h"

/*
 * question: {"plans":[{"id","vendor_id","doc","overrides"}], "overrides",
 * "quantities":{"account","cascade","manual"}, "bookkeeper", "deleted"}; with
 * "proposed" (and "current"), objects of the same members that win over
 * those, it is about a change. "now" is the moment, Gregorian seconds, from
 * which explain counts the rest of the month; without it, pro-ration is not
 * explained. *answer lives as long as the arena.
 * Problems: VALIDATION naming what is wrong in the question.
 */
struct problem *question_answer(struct arena *a, struct json_object *question,
    bool explain, struct json_object **answer) MUSTCHECK;

#endif
