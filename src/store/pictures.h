/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of objects. They are deleted with their object. */
#ifndef REEVE_STORE_PICTURES_H
#define REEVE_STORE_PICTURES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/picture.h"
#include "billing/kind.h"
#include "store/db.h"
#include "store/field.h"

struct picture_key {
	const char *account_id;
	const char *noun; /* of the object's kind */
	const char *object_id;
	const char *name; /* "logo", "icon" */
};

struct picture {
	unsigned form; /* enum picture_form */
	struct bytes content;
};

/* lock: nobody else changes it until the transaction ends. *out is NULL when
 * there is none. */
struct problem *store_picture_show(struct db *db, struct arena *a,
    const struct picture_key *key, bool lock, struct picture **out) MUSTCHECK;

/* Replaces the one before. Problems: BAD_IDENTIFIER (object). */
struct problem *store_picture_save(struct db *db, struct arena *a,
    const struct picture_key *key, const struct picture *picture, int64_t now)
    MUSTCHECK;

/* Problems: BAD_IDENTIFIER (picture). */
struct problem *store_picture_delete(struct db *db, struct arena *a,
    const struct picture_key *key) MUSTCHECK;

#endif
