/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/pictures.h"

static const struct field key_parameters[] = {
	FIELD_AS("account", TEXT, struct picture_key, account_id),
	FIELD_AS("kind", TEXT, struct picture_key, noun),
	FIELD_AS("object", TEXT, struct picture_key, object_id),
	FIELD(TEXT, struct picture_key, name),
};

static const struct field picture_columns[] = {
	FIELD_WORD("form", struct picture, form, picture_media_types),
	FIELD(BYTES, struct picture, content),
};

struct picture_lookup {
	struct picture_key key;
	bool lock;
};

static const struct field lookup_parameters[] = {
	FIELD_AS("account", TEXT, struct picture_lookup, key.account_id),
	FIELD_AS("kind", TEXT, struct picture_lookup, key.noun),
	FIELD_AS("object", TEXT, struct picture_lookup, key.object_id),
	FIELD_AS("name", TEXT, struct picture_lookup, key.name),
	FIELD(BOOL, struct picture_lookup, lock),
};

static const struct db_procedure picture_show_call = {
	PROCEDURE(PICTURE_SHOW, "picture_show", READ),
	TAKES(lookup_parameters),
	GIVES(struct picture, picture_columns),
};

struct problem *
store_picture_show(struct db *db, struct arena *a,
    const struct picture_key *key, bool lock, struct picture **out)
{
	const struct picture_lookup lookup = { *key, lock };
	struct db_result found;
	struct problem *p = db_call(db, a, &picture_show_call, &lookup, &found);

	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}

struct kept_picture {
	struct picture_key key;
	struct picture picture;
	int64_t now;
};

static const struct field kept_parameters[] = {
	FIELD_AS("account", TEXT, struct kept_picture, key.account_id),
	FIELD_AS("kind", TEXT, struct kept_picture, key.noun),
	FIELD_AS("object", TEXT, struct kept_picture, key.object_id),
	FIELD_AS("name", TEXT, struct kept_picture, key.name),
	FIELD_WORD("form", struct kept_picture, picture.form,
	    picture_media_types),
	FIELD_AS("content", BYTES, struct kept_picture, picture.content),
	FIELD(INTEGER, struct kept_picture, now),
};

static const struct db_procedure picture_save_call = {
	PROCEDURE(PICTURE_SAVE, "picture_save", WRITE),
	TAKES(kept_parameters),
};

struct problem *
store_picture_save(struct db *db, struct arena *a,
    const struct picture_key *key, const struct picture *picture, int64_t now)
{
	const struct kept_picture kept = { *key, *picture, now };

	return db_call(db, a, &picture_save_call, &kept, NULL);
}

static const struct db_procedure picture_delete_call = {
	PROCEDURE(PICTURE_DELETE, "picture_delete", WRITE),
	TAKES(key_parameters),
};

struct problem *
store_picture_delete(struct db *db, struct arena *a,
    const struct picture_key *key)
{
	return db_call(db, a, &picture_delete_call, key, NULL);
}
