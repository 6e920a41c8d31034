/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/rehearsal_claims.h"

#include <string.h>

#include "base/json.h"

#define ROW_CHUNK (16 * 1024)

void
rehearsal_claim(struct rehearsal *r, struct arena *a, const char *name,
    const struct rehearsal_claimant *claimant)
{
	struct json_object *json = json_own(a, json_object_new_object());
	const char *text;

	json_put_string(json, "name", name);
	json_put_string(json, "account", claimant->account_id);
	json_put_string(json, "object", claimant->object);
	json_put_string(json, "file", claimant->item->file);
	json_put_int(json, "line", claimant->item->line);
	json_put_string(json, "id",
	    import_document_id(claimant->item->document));
	text = json_canonical_text(a, json);
	spool_add(r->claims, arena_printf(a, "%s\1%s%s", name,
	    claimant->turn, import_document_id(claimant->item->document)), text, strlen(text));
}

/* A document that lost its claim to another one. */
static void
leave_out(struct rehearsal *r, struct arena *a, struct json_object *claim)
{
	const char *name = json_string_at(claim, "name");
	const char *account = json_string_at(claim, "account");
	const char *object = json_string_at(claim, "object");
	struct import_item item = { .file = json_string_at(claim, "file") };

	if (object[0] == '\0') {
		rehearsal_tree_leave_out(&r->tree, account,
		    "an account whose realm another one has");
		return;
	}
	(void)json_int_at(claim, "line", &item.line);
	rehearsal_skip(r, a, arena_printf(a, "another one of its %.*s has its "
	    "name, or id", (int)strcspn(name, "/"), name), &item,
	    json_string_at(claim, "id"), 1);
	spool_add(r->rows, arena_printf(a, "%s%c%s", account,
	    REHEARSAL_LEFT_OUT, object), "0", 1);
}

/* Documents of an account that is left out claim nothing. */
static bool
is_imported(const struct rehearsal *r, struct json_object *claim)
{
	const struct rehearsal_account *account = rehearsal_tree_find(&r->tree,
	    json_string_at(claim, "account"));

	return account != NULL && account->trouble == NULL;
}

/* The first claim of a name. */
struct first_claim {
	struct buffer name;
	struct buffer owner; /* account and object */
};

static bool
is_new(const struct first_claim *first, const char *name)
{
	return strcmp(first->name.text, name) != 0;
}

/* Settles the claims of accounts, or those of objects. */
static void
settle(struct rehearsal *r, bool accounts)
{
	struct arena *a = arena_new(ROW_CHUNK), *kept = arena_new(ROW_CHUNK);
	struct first_claim first;
	struct json_object *claim;
	struct spool_row row;
	const char *error, *name, *owner;

	buffer_init(&first.name, kept, 0);
	buffer_init(&first.owner, kept, 0);
	spool_rewind(r->claims);
	while (spool_next(r->claims, &row)) {
		arena_reset(a);
		claim = json_parse(a, row.value, row.length, &error);
		if (!is_imported(r, claim) || accounts !=
		    (json_string_at(claim, "object")[0] == '\0'))
			continue;
		name = json_string_at(claim, "name");
		owner = arena_printf(a, "%s%s",
		    json_string_at(claim, "account"),
		    json_string_at(claim, "object"));
		if (is_new(&first, name)) {
			buffer_clear(&first.name);
			buffer_puts(&first.name, name);
			buffer_clear(&first.owner);
			buffer_puts(&first.owner, owner);
		} else if (strcmp(first.owner.text, owner) != 0) {
			leave_out(r, a, claim);
		}
	}
	arena_free(&kept);
	arena_free(&a);
}

void
rehearsal_claims_settle(struct rehearsal *r)
{
	rehearsal_tree_prune(&r->tree);
	settle(r, true);
	rehearsal_tree_prune(&r->tree);
	settle(r, false);
}
