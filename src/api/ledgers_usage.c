/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PUT ledgers/usage: a batch of usage (rules/ledgers 14). */
#include "config.h"

#include <string.h>

#include "api/commit.h"
#include "api/handlers.h"
#include "billing/ledger.h"
#include "store/ledgers.h"

#define ELEMENT_BYTES 16384 /* of work on an entry, usually */

/* A batch: valid entries are written, others are answered with their
 * problem. */
struct usage {
	size_t count;            /* as they came */
	struct problem **wrong;  /* of each; NULL: none */
	size_t readable;
	struct ledger *ledgers;  /* the valid entries */
	size_t *places;          /* index of each in the body */
	struct ledger_result *results;
};

/*
 * An account does not charge itself: it might take the place of what its
 * reseller is going to charge it.
 */
static struct problem *
read_usage_entry(struct call *c, struct arena *a, struct json_object *given,
    const char *place, const struct ledger_note *maker, struct ledger *out)
{
	struct ledger_note note = *maker;
	struct problem *p;

	*out = (struct ledger){ .account_id = c->account_id, .created = c->now };
	if (!json_object_is_type(given, json_type_object))
		return problem_invalid(a, place, "type",
		    "Value did not match type(s): object");
	/* Members that clients add are not read, so they need not be
	 * removed. */
	p = ledger_read_usage(a, given, place, out, &note);
	if (p != NULL)
		return p;
	if (!c->session->is_master &&
	    strcmp(out->account_id, c->session->account_id) == 0)
		return problem_invalid(a, problem_path(a, place,
		    "account.id"), "forbidden", "an account does not charge "
		    "itself: its reseller does");
	if (out->for_name == NULL && strcmp(out->account_id, c->account_id) == 0)
		out->for_name = c->session->target_name;
	ledger_complete(a, out, &note);
	return NULL;
}

/* The caller, in short: the batch's audit entry has the rest. */
static struct json_object *
short_audit(const struct call *c)
{
	struct json_object *audit = json_own(c->arena, json_object_new_object());
	struct json_object *who = json_object_new_object();
	struct json_object *request = json_object_new_object();

	json_put_string(who, "account_id", c->session->account_id);
	json_object_object_add(audit, "authentication", who);
	json_put_string(request, "id", c->request->request_id);
	json_object_object_add(audit, "request", request);
	return audit;
}

/* Reads an element on scratch, and keeps what will be written. */
static struct problem *
read_element(struct call *c, struct arena *scratch, struct usage *usage,
    size_t index, const struct ledger_note *maker)
{
	struct ledger *out = &usage->ledgers[usage->readable];
	struct json_object *given;
	struct problem *p;

	arena_reset(scratch);
	if ((p = request_element(c->request, scratch, index, &given)) != NULL)
		return p;
	p = read_usage_entry(c, scratch, given,
	    arena_printf(scratch, "%zu", index), maker, out);
	if (p != NULL) {
		usage->wrong[index] = problem_copy(c->arena, p);
	} else {
		ledger_copy_texts(c->arena, out);
		usage->places[usage->readable++] = index;
	}
	return NULL;
}

static struct problem *
read_usage(struct call *c, struct usage *usage)
{
	struct arena *scratch = arena_new_within(c->arena, ELEMENT_BYTES);
	struct problem *p = NULL;
	const struct ledger_note maker = {
		.trigger = "crossbar",
		.module = "cb_ledgers",
		.audit = short_audit(c),
	};
	size_t i;

	usage->count = json_object_array_length(c->body);
	usage->wrong = arena_alloc(c->arena, usage->count *
	    sizeof(struct problem *));
	usage->ledgers = arena_alloc(c->arena, usage->count *
	    sizeof(*usage->ledgers));
	usage->places = arena_alloc(c->arena, usage->count *
	    sizeof(*usage->places));
	usage->results = arena_alloc(c->arena, usage->count *
	    sizeof(*usage->results));
	for (i = 0; i < usage->count && p == NULL; i++)
		p = read_element(c, scratch, usage, i, &maker);
	return p;
}

/* The problem of a batch without a valid entry. */
static struct problem *
all_wrong(const struct usage *usage)
{
	struct problem *p = usage->wrong[0];
	size_t i;

	for (i = 1; i < usage->count; i++) {
		json_object_object_foreach(usage->wrong[i]->data, key, value)
			json_object_object_add(p->data, key,
			    json_object_get(value));
	}
	return p;
}

static const char *
status_of(const struct ledger_result *result)
{
	if (result->outcome == LEDGER_WRITTEN)
		return "created";
	return result->differences != 0 ? "conflict" : "duplicate";
}

/* The result of an entry that was read. */
static void
write_usage_result(struct json_writer *w, const struct ledger *l,
    const struct ledger_result *result)
{
	char amount[MONEY_TEXT_SIZE];
	int i;

	json_begin_object(w);
	json_member_string(w, "status", status_of(result));
	json_member_string(w, "id", result->id);
	if (result->differences != 0) {
		json_key(w, "differs");
		json_begin_array(w);
		for (i = 0; i < LEDGER_MEMBERS; i++)
			if (result->differences & 1u << i)
				json_string(w, ledger_member_names[i]);
		json_end(w);
	}
	if (l->rounded) {
		money_format(l->amount, amount);
		json_key(w, "rounded");
		json_begin_object(w);
		json_key(w, "amount");
		json_raw(w, amount, strlen(amount));
		json_end(w);
	}
	json_end(w);
}

static void
write_usage_errors(struct json_writer *w, const struct problem *wrong)
{
	json_begin_object(w);
	json_member_string(w, "status", "error");
	json_key(w, "errors");
	json_tree(w, wrong->data);
	json_end(w);
}

/* The number of entries by outcome. */
static struct json_object *
usage_counts(struct call *c, const struct usage *usage)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());
	int64_t created = 0, known = 0, conflict = 0;
	size_t i;

	for (i = 0; i < usage->readable; i++) {
		created += usage->results[i].outcome == LEDGER_WRITTEN;
		known += usage->results[i].outcome == LEDGER_KNOWN;
		conflict += usage->results[i].differences != 0;
	}
	json_put_int(json, "created", created);
	json_put_int(json, "duplicate", known - conflict);
	json_put_int(json, "conflict", conflict);
	json_put_int(json, "error", (int64_t)usage->count - created - known);
	return json;
}

static struct problem *
add_usage(struct call *c, void *state)
{
	struct usage *usage = state;
	struct json_writer *w = &c->response->json;
	struct problem *p;
	size_t i, next = 0;

	p = store_ledger_add(c->db, c->arena,
	    &(struct ledger_batch){
	        c->account_id, usage->ledgers, usage->readable, c->now },
	    usage->results);
	if (p != NULL)
		return p;
	for (i = 0; i < usage->readable; i++)
		if (usage->results[i].outcome == LEDGER_FOREIGN)
			usage->wrong[usage->places[i]] = problem_invalid(
			    c->arena, arena_printf(c->arena, "%zu.account.id",
			    usage->places[i]), "not_found",
			    "no such account at or below the one in the URL");
	json_begin_array(w);
	for (i = 0; i < usage->count; i++) {
		if (usage->wrong[i] != NULL)
			write_usage_errors(w, usage->wrong[i]);
		else
			write_usage_result(w, &usage->ledgers[next],
			    &usage->results[next]);
		next += next < usage->readable && usage->places[next] == i;
	}
	json_end(w);
	c->response->status = 201;
	c->response->metadata = usage_counts(c, usage);
	return NULL;
}

struct problem *
ledgers_usage(struct call *c)
{
	struct usage usage = { 0 };
	struct problem *p = read_usage(c, &usage);

	if (p != NULL)
		return p;
	if (usage.readable == 0)
		return all_wrong(&usage);
	return commit_request(c, add_usage, &usage);
}
