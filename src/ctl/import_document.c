/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_document.h"

#include <string.h>

#include "base/gregorian.h"
#include "base/ids.h"
#include "base/json.h"
#include "billing/kind.h"
#include "ctl/import_source.h"
#include "store/imported.h"

#define FIRST_MOMENT (INT64_C(365243) * GREGORIAN_DAY) /* 1000-01-01 */

struct import_kind {
	const char *name; /* pvt_type */
	int phase;
	bool needs_moment; /* pvt_created decides a day, so it is required */
	bool in_parts; /* it is written by several calls */
	struct problem *(*write)(struct import_source *s);
};

/* Kazoo's newer yearly audit documents have no pvt_type. */
#define YEARLY "audit"

static const struct import_kind kinds[] = {
	{ "account", 0, false, true, import_account },
	{ "user", 2, false, true, import_user },
	{ "service_plan", 1, false, false, import_plan },
	{ "service", 1, false, true, import_service },
	{ "audit_log", 1, true, false, import_audit_log },
	{ "ledger", 1, true, false, import_ledger },
	{ YEARLY, 1, true, false, import_yearly_audit },
};

/* All other kinds of objects. */
static const struct import_kind object_kind = {
	"object", 2, false, true, import_object
};

const char *
import_kind_name(const struct import_kind *kind)
{
	return kind->name;
}

int
import_kind_phase(const struct import_kind *kind)
{
	return kind->phase;
}

const char *
import_document_id(struct json_object *document)
{
	const char *id = json_string_at(document, "_id");

	return id != NULL ? id : json_string_at(document, "id");
}

const char *
import_type(struct json_object *document)
{
	const char *type = json_string_at(document, "pvt_type");
	const char *id = import_document_id(document);

	/* Of the kinds that an account has one of, the id is the type. */
	return type != NULL || id == NULL || kind_of_type(id) == NULL ? type : id;
}

const struct import_kind *
import_kind_of(struct arena *a, struct json_object *document,
    const char **reason)
{
	const char *type = import_type(document);
	const char *id = import_document_id(document);
	size_t i;

	if (id != NULL && strncmp(id, "_design/", 8) == 0) {
		*reason = "a design document";
		return NULL;
	}
	if (json_true_at(document, "pvt_deleted") ||
	    json_true_at(document, "_deleted")) {
		*reason = "deleted";
		return NULL;
	}
	for (i = 0; type != NULL && i < NELEM(kinds); i++)
		if (strcmp(kinds[i].name, type) == 0 &&
		    strcmp(type, YEARLY) != 0)
			return &kinds[i];
	if (type != NULL && kind_of_type(type) != NULL)
		return &object_kind;
	if (json_array_at(document, "audit") != NULL)
		return &kinds[NELEM(kinds) - 1];
	*reason = type == NULL ? "no pvt_type, and no array audit" :
	    arena_printf(a, "documents of type %s are not imported", type);
	return NULL;
}

/* Accounts by their depth, so that parents come first; others by time. */
int64_t
import_order(const struct import_kind *kind, struct json_object *document)
{
	struct json_object *tree = json_array_at(document, "pvt_tree");
	int64_t created = 0;

	if (kind->phase == 0)
		return tree == NULL ? 0 :
		    (int64_t)json_object_array_length(tree);
	(void)json_int_at(document, "pvt_created", &created);
	return created;
}

/* The reason why a document lacks a common member; NULL: it is complete. */
static const char *
lack_of(struct import_source *s, const struct import_kind *kind)
{
	bool dated = json_int_at(s->document, "pvt_created", &s->created);

	s->id = import_document_id(s->document);
	if (s->id == NULL || s->id[0] == '\0' || strlen(s->id) > IMPORT_ID_MAX)
		return "it has no _id, or one longer than 64 characters";
	if (kind->needs_moment && !dated)
		return "it has no pvt_created";
	if (dated && (s->created < FIRST_MOMENT || s->created > GREGORIAN_MAX))
		return "its pvt_created is no moment between the years 1000 "
		       "and 9999";
	if (!dated)
		s->created = s->importer->actor.now;
	s->modified = s->created;
	(void)json_int_at(s->document, "pvt_modified", &s->modified);
	if (kind->phase == 0)
		return NULL;
	s->account_id = json_string_at(s->document, "pvt_account_id");
	if (s->account_id == NULL) /* of numbers */
		s->account_id = json_string_at(s->document, "pvt_assigned_to");
	if (s->account_id == NULL) /* of addresses */
		s->account_id = json_string_at(s->document, "assigned_to");
	if (s->account_id == NULL)
		s->account_id = s->importer->account;
	if (s->account_id == NULL)
		return "it has no pvt_account_id: name its owner with "
		    "--account";
	if (!id_valid(s->account_id))
		return "its pvt_account_id is not 32 lower-case hex digits";
	return NULL;
}

const char *
import_begin(struct import_source *s, const struct import_kind *kind)
{
	const char *why = lack_of(s, kind);

	if (why != NULL)
		return why;
	s->public_fields = json_own(s->arena, json_public_copy(s->document));
	s->public_text = import_text(s, s->public_fields);
	return NULL;
}

/* Writes the document, or nothing of it: a call refuses before it writes, but
 * another one may have written before. */
static struct problem *
write_whole(struct import_source *s, const struct import_kind *kind)
{
	struct problem *p = NULL;

	if (kind->in_parts && (p = db_savepoint(s->db, s->arena)) != NULL)
		return p;
	p = kind->write(s);
	if (p != NULL && (p->kind == PROBLEM_CONFLICT ||
	    p->kind == PROBLEM_BAD_IDENTIFIER)) {
		if (p->kind == PROBLEM_BAD_IDENTIFIER)
			s->outcome.parent_id = kind->phase == 0 ?
			    import_parent(s) : s->account_id;
		s->outcome.is_account = kind->phase == 0;
		p = import_skip(s, p->text);
	}
	if (p == NULL && kind->in_parts && s->outcome.result == IMPORT_SKIPPED)
		p = db_undo(s->db, s->arena);
	return p;
}

bool
import_is_older(const struct importer *importer, struct json_object *document)
{
	int64_t modified;

	return importer->since != 0 &&
	    (json_int_at(document, "pvt_modified", &modified) ||
	    json_int_at(document, "pvt_created", &modified)) &&
	    modified < importer->since;
}

bool
import_identity(const struct importer *importer, struct json_object *document,
    struct import_identity *out)
{
	const char *type = import_type(document);
	const struct kind *kind = type == NULL ? NULL : kind_of_type(type);

	*out = (struct import_identity){
		.id = import_document_id(document),
		.account_id = json_string_at(document, "pvt_account_id"),
		.deleted = json_true_at(document, "pvt_deleted") ||
		    json_true_at(document, "_deleted"),
	};
	if (type == NULL || out->id == NULL)
		return false;
	if (strcmp(type, "account") == 0) {
		out->kind = IMPORTED_ACCOUNTS;
		out->account_id = out->id;
	} else if (strcmp(type, "service_plan") == 0) {
		out->kind = IMPORTED_PLANS;
	} else if (kind != NULL) {
		out->kind = kind->noun;
	}
	if (out->account_id == NULL) /* of numbers */
		out->account_id = json_string_at(document, "pvt_assigned_to");
	if (out->account_id == NULL)
		out->account_id = importer->account;
	return out->kind != NULL && out->account_id != NULL &&
	    id_valid(out->account_id);
}

struct problem *
import_document(const struct importer *importer, struct db *db,
    struct arena *a, const struct import_kind *kind,
    struct json_object *document, struct import_outcome *out)
{
	struct import_source s = {
		.importer = importer,
		.db = db,
		.arena = a,
		.document = document,
		.outcome = { .result = IMPORT_SKIPPED },
	};
	struct problem *p = NULL;

	s.outcome.note = import_begin(&s, kind);
	if (s.outcome.note == NULL)
		p = write_whole(&s, kind);
	*out = s.outcome;
	return p;
}
