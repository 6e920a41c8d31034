/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_missing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "ctl/import_source.h"
#include "service/account.h"
#include "service/object.h"
#include "store/imported.h"
#include "store/objects.h"
#include "store/plans.h"

#define AT_ONCE 500
#define ARENA_CHUNK (256 * 1024)

/* By the first two hex digits of accounts' ids: the scan, by id, needs one after
 * the other. */
#define PARTS 64

/* A digest of a document's identity; the last byte says what the dump has. */
#define SEEN_BYTES 16
enum { SEEN_THERE, SEEN_DELETED };

struct seen {
	unsigned char bytes[SEEN_BYTES];
};

struct import_missing {
	FILE *parts[PARTS];
	int loaded; /* the part that is in memory; -1: none */
	struct seen *list;
	size_t count;
};

/* ---- what the dump has ---- */

void
import_missing_free(struct import_missing **missing)
{
	struct import_missing *m = *missing;
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < PARTS; i++)
		if (m->parts[i] != NULL)
			fclose(m->parts[i]);
	free(m->list);
	free(m);
	*missing = NULL;
}

struct import_missing *
import_missing_new(void)
{
	struct import_missing *m = calloc(1, sizeof(*m));
	size_t i;

	if (m == NULL)
		return NULL;
	m->loaded = -1;
	for (i = 0; i < PARTS; i++) {
		if ((m->parts[i] = tmpfile()) == NULL) {
			import_missing_free(&m);
			return NULL;
		}
	}
	return m;
}

static int
hex_value(char digit)
{
	return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

static int
part_of(const char *account_id)
{
	return (hex_value(account_id[0]) * 16 + hex_value(account_id[1])) *
	    PARTS / 256;
}

/* kind "": that the dump has any objects of the account. */
static struct seen
seen_of(const char *account_id, const char *kind, const char *id)
{
	unsigned char digest[DIGEST_BYTES];
	struct seen seen;
	char text[256];
	int n = snprintf(text, sizeof(text), "%s/%s/%s", account_id, kind, id);

	secret_digest(text, (size_t)n < sizeof(text) ? (size_t)n :
	    sizeof(text) - 1, digest);
	memcpy(seen.bytes, digest, SEEN_BYTES);
	seen.bytes[SEEN_BYTES - 1] = SEEN_THERE;
	return seen;
}

static bool
keep(struct import_missing *m, const char *account_id, const struct seen *seen)
{
	return fwrite(seen, sizeof(*seen), 1, m->parts[part_of(account_id)]) ==
	    1;
}

bool
import_missing_see(struct import_missing *missing,
    const struct import_identity *what)
{
	struct seen seen = seen_of(what->account_id, what->kind, what->id);
	struct seen any = seen_of(what->account_id, "", "");

	if (what->deleted)
		seen.bytes[SEEN_BYTES - 1] = SEEN_DELETED;
	if (strcmp(what->kind, IMPORTED_ACCOUNTS) != 0 &&
	    !keep(missing, what->account_id, &any))
		return false;
	return keep(missing, what->account_id, &seen);
}

static int
by_bytes(const void *x, const void *y)
{
	return memcmp(x, y, SEEN_BYTES);
}

static int
by_digest(const void *x, const void *y)
{
	return memcmp(x, y, SEEN_BYTES - 1);
}

/* False: errno says why the part cannot be read. */
static bool
load(struct import_missing *m, int part)
{
	FILE *file = m->parts[part];
	off_t size;

	if (m->loaded == part)
		return true;
	free(m->list);
	m->list = NULL;
	m->loaded = -1;
	if (fflush(file) != 0 || (size = ftello(file)) < 0)
		return false;
	rewind(file);
	m->count = (size_t)size / sizeof(*m->list);
	m->list = malloc(m->count * sizeof(*m->list) + 1);
	if (m->list == NULL || fread(m->list, sizeof(*m->list), m->count,
	    file) != m->count)
		return false;
	if (m->count > 0)
		qsort(m->list, m->count, sizeof(*m->list), by_bytes);
	m->loaded = part;
	return true;
}

/* -1: the dump does not have it. A document that it has twice, in the database of
 * the account and in another, is there if one of them is. */
static int
look_up(const struct import_missing *m, const struct seen *wanted)
{
	const struct seen *at = m->count == 0 ? NULL : bsearch(wanted, m->list,
	    m->count, sizeof(*m->list), by_digest);

	if (at == NULL)
		return -1;
	while (at > m->list && by_digest(at - 1, at) == 0)
		at--;
	return at->bytes[SEEN_BYTES - 1];
}

/* ---- what is here ---- */

struct find {
	struct import_missing *missing;
	struct import_search *search;
	struct arena *arena; /* of one document */
	/* Accounts that are to be deleted, each after its descendants. */
	char (*doomed)[33];
	size_t doomed_count;
	size_t doomed_room;
};

/* The removal of one document, in a transaction. */
struct removal {
	const struct import_search *search;
	const char *account_id;
	const struct imported *document;
	const struct object *object; /* NULL: a plan */
	const char *refused; /* set: why it stays */
};

static struct problem *
remove_plan(struct db *db, struct arena *a, struct removal *r)
{
	int64_t assigned;
	struct problem *p = store_plan_delete(db, a, r->account_id,
	    r->document->id, r->search->importer->actor.now, &assigned);

	if (p == NULL && assigned > 0)
		r->refused = "accounts have the plan";
	return p;
}

static struct problem *
remove_one(struct db *db, struct arena *a, void *state)
{
	struct removal *r = state;
	struct problem *p;

	r->refused = NULL;
	p = r->object == NULL ? remove_plan(db, a, r) :
	    object_withdraw(db, a, &r->search->importer->actor, r->account_id,
	        r->object);
	if (p != NULL || r->refused != NULL || (r->object != NULL &&
	    (p = import_again_settle(db, a, r->account_id,
	    r->search->importer->actor.now)) != NULL))
		return p;
	return store_imported_forget(db, a, &(struct imported){ r->account_id,
	    r->document->kind, r->document->id, 0 });
}

/* Deletes a document, or says why not. */
static struct problem *
remove_document(struct find *f, struct removal *r, struct import_lost *lost)
{
	struct problem *p = db_transaction(f->search->ctl->db, f->arena,
	    remove_one, r);

	if (p != NULL && (p->kind == PROBLEM_UNAVAILABLE ||
	    p->kind == PROBLEM_UNCERTAIN || p->kind == PROBLEM_FAULT))
		return p;
	lost->why = p != NULL ? p->text : r->refused;
	lost->loss = lost->why == NULL ? LOSS_DELETED : LOSS_LEFT;
	return NULL;
}

/* An imported document as it is here. *found is false: it is not. */
static struct problem *
show(struct find *f, const char *account_id, const struct imported *document,
    struct object **object, int64_t *state, bool *found)
{
	struct db *db = f->search->ctl->db;
	const struct kind *kind;
	struct plan *plan;
	struct problem *p;

	*object = NULL;
	*found = false;
	if (strcmp(document->kind, IMPORTED_PLANS) == 0) {
		p = store_plan_show(db, f->arena, &(struct plan_key){
		    account_id, document->id, 0 }, PLAN_LOOK, &plan);
		*found = p == NULL && plan != NULL;
		*state = *found ? plan->newest : 0;
		return p;
	}
	if ((kind = kind_of_noun(document->kind)) == NULL)
		return NULL;
	p = store_object_show(db, f->arena, account_id, kind, document->id,
	    object);
	*found = p == NULL && *object != NULL;
	*state = *found ? (*object)->modified : 0;
	if (*found)
		(*object)->kind = kind;
	return p;
}

static struct problem *
check_document(struct find *f, const char *account_id,
    const struct imported *document)
{
	const struct seen wanted = seen_of(account_id, document->kind,
	    document->id);
	struct import_lost lost = { .what = { account_id, document->kind,
		document->id, false } };
	struct removal removal = { .search = f->search,
		.account_id = account_id, .document = document };
	struct object *object;
	struct problem *p;
	int64_t state;
	int seen = look_up(f->missing, &wanted);
	bool found;

	if (seen == SEEN_THERE)
		return NULL;
	p = show(f, account_id, document, &object, &state, &found);
	if (p != NULL || !found)
		return p;
	lost.what.deleted = seen == SEEN_DELETED;
	removal.object = object;
	if (state != document->state) {
		lost.loss = LOSS_LEFT;
		lost.why = "it was changed here since it was imported";
	} else if (f->search->deletes &&
	    (p = remove_document(f, &removal, &lost)) != NULL) {
		return p;
	}
	f->search->tell(f->search->state, &lost);
	return NULL;
}

/* Accounts are looked at later, an account's services and key go with it. */
static bool
may_be_missing(const struct imported *document)
{
	return strcmp(document->kind, IMPORTED_ACCOUNTS) != 0 &&
	    strcmp(document->kind, IMPORTED_SERVICES) != 0 &&
	    strcmp(document->kind, IMPORTED_KEY) != 0;
}

static struct problem *
check_documents(struct find *f, const char *account_id)
{
	struct imported last = { account_id, "", "", 0 };
	struct arena *page = arena_new(ARENA_CHUNK), *next;
	struct imported_list list;
	struct problem *p;
	size_t i;

	do {
		next = arena_new(ARENA_CHUNK);
		p = store_imported_list(f->search->ctl->db, next, &last,
		    AT_ONCE, &list);
		arena_free(&page);
		page = next;
		for (i = 0; p == NULL && i < list.count; i++) {
			last = list.documents[i];
			last.account_id = account_id;
			if (may_be_missing(&last))
				p = check_document(f, account_id, &last);
			if (p != NULL)
				p = problem_copy(f->search->ctl->arena, p);
			arena_reset(f->arena);
		}
	} while (p == NULL && list.count == AT_ONCE);
	if (p != NULL)
		p = problem_copy(f->search->ctl->arena, p);
	arena_free(&page);
	return p;
}

/* ---- accounts ---- */

static bool
doom(struct find *f, const char *account_id)
{
	void *grown;

	if (f->doomed_count == f->doomed_room) {
		f->doomed_room = f->doomed_room * 2 + 16;
		grown = realloc(f->doomed, f->doomed_room * sizeof(*f->doomed));
		if (grown == NULL)
			return false;
		f->doomed = grown;
	}
	memcpy(f->doomed[f->doomed_count++], account_id, 33);
	return true;
}

static void
tell_account(struct find *f, const char *id, bool deleted,
    enum import_loss loss, const char *why)
{
	f->search->tell(f->search->state, &(struct import_lost){ { id,
	    IMPORTED_ACCOUNTS, id, deleted }, loss, why });
}

/* *goes: its objects go with it. */
static struct problem *
check_account(struct find *f, const struct account *account, bool *goes)
{
	struct imported was = { account->id, IMPORTED_ACCOUNTS, account->id, 0 };
	const struct seen wanted = seen_of(account->id, IMPORTED_ACCOUNTS,
	    account->id);
	struct problem *p;
	bool found;
	int seen = look_up(f->missing, &wanted);

	*goes = false;
	if (seen == SEEN_THERE)
		return NULL;
	p = store_imported_show(f->search->ctl->db, f->arena, &was, &found);
	if (p != NULL || !found)
		return p;
	*goes = true;
	if (seen == SEEN_DELETED && f->search->deletes &&
	    was.state == account->modified && doom(f, account->id))
		return NULL;
	tell_account(f, account->id, seen == SEEN_DELETED,
	    f->search->deletes ? LOSS_LEFT : LOSS_LISTED,
	    !f->search->deletes ? NULL : seen == SEEN_DELETED ?
	    "it was changed here since it was imported" :
	    "an account is deleted only where the dump says that it was");
	return NULL;
}

static struct problem *
check_one(struct find *f, const struct account *account)
{
	const struct seen any = seen_of(account->id, "", "");
	struct problem *p;
	bool goes;

	if (!load(f->missing, part_of(account->id)))
		return problem_fault(f->search->ctl->arena,
		    "a temporary file: %s", strerror(errno));
	if ((p = check_account(f, account, &goes)) != NULL || goes)
		return p;
	if (look_up(f->missing, &any) < 0) {
		f->search->uncompared++;
		return NULL;
	}
	return check_documents(f, account->id);
}

static struct problem *
remove_account(struct db *db, struct arena *a, void *state)
{
	const struct removal *r = state;
	struct account *account;
	struct problem *p = store_account_show(db, a, r->account_id, &account);

	if (p != NULL || account == NULL)
		return p;
	p = account_remove(db, a, &r->search->importer->actor, CHANGE_UNASKED,
	    account);
	return p != NULL ? p : store_imported_forget(db, a, &(struct imported){
	    r->account_id, IMPORTED_ACCOUNTS, r->account_id, 0 });
}

/* Deletes the accounts below which there are none, as long as there are some. */
static struct problem *
remove_accounts(struct find *f)
{
	struct removal removal = { .search = f->search };
	struct problem *p;
	size_t i, left, last = f->doomed_count + 1;

	while (f->doomed_count > 0) {
		for (left = i = 0; i < f->doomed_count; i++) {
			removal.account_id = f->doomed[i];
			p = db_transaction(f->search->ctl->db, f->arena,
			    remove_account, &removal);
			if (p != NULL && (p->kind == PROBLEM_UNAVAILABLE ||
			    p->kind == PROBLEM_UNCERTAIN))
				return p;
			if (p != NULL && p->kind == PROBLEM_HAS_DESCENDANTS &&
			    f->doomed_count < last)
				memmove(f->doomed[left++], f->doomed[i], 33);
			else
				tell_account(f, f->doomed[i], true, p == NULL ?
				    LOSS_DELETED : LOSS_LEFT,
				    p == NULL ? NULL : p->text);
			arena_reset(f->arena);
		}
		last = f->doomed_count;
		f->doomed_count = left;
	}
	return NULL;
}

struct problem *
import_missing_find(struct import_missing *missing,
    struct import_search *search)
{
	struct find f = { .missing = missing, .search = search };
	struct arena *page = arena_new(ARENA_CHUNK), *next;
	struct account_list list;
	struct problem *p = NULL;
	const char *after = "";
	size_t i;

	f.arena = arena_new(ARENA_CHUNK);
	do {
		next = arena_new(ARENA_CHUNK);
		p = store_account_list(search->ctl->db, next, NULL, after,
		    AT_ONCE, &list);
		arena_free(&page);
		page = next;
		for (i = 0; p == NULL && i < list.count; i++) {
			if (list.accounts[i].deleted == 0)
				p = check_one(&f, &list.accounts[i]);
			after = list.accounts[i].id;
		}
	} while (p == NULL && list.count == AT_ONCE);
	if (p == NULL)
		p = remove_accounts(&f);
	if (p != NULL)
		p = problem_copy(search->ctl->arena, p);
	arena_free(&page);
	arena_free(&f.arena);
	free(f.doomed);
	return p;
}
