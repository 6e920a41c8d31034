/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one deep merge of plans and overrides, of documents with documents: it is
 * part of the reading end. Pure.
 */
#ifndef REEVE_BILLING_OVERLAY_H
#define REEVE_BILLING_OVERLAY_H

struct json_object;

/*
 * Lays the object right over the object left, leaf by leaf, changing left
 * alone: scalars and arrays of right replace whatever left has there, a null
 * takes left's member away, an empty object does nothing. right may be NULL.
 */
void overlay(struct json_object *left, struct json_object *right);

/*
 * As PATCH does it: the same, but an empty object of right empties left's
 * member, and nulls that meet nothing leave nothing behind (rules/merging 8).
 */
void overlay_patch(struct json_object *left, struct json_object *right);

#endif
