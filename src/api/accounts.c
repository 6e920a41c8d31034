/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * accounts: creates, changes, deletes, moves and promotes them; lists their
 * ancestors and descendants; shows and renews their API key.
 */
#include "config.h"

#include <string.h>

#include "api/actor.h"
#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "api/resource.h"
#include "base/ids.h"
#include "billing/overlay.h"
#include "service/account.h"
#include "service/api_key.h"
#include "service/move.h"
#include "store/accounts.h"

/* ---- as clients see it ---- */

/* The seller of the account's services, in the browser client's words. */
static const char *
billing_mode(const struct call *c, const struct account *account)
{
	if (strcmp(c->session->account_id, account->reseller_id) == 0)
		return "limits_only";
	return c->session->is_master ? "normal" : "manual";
}

static void
put_computed(const struct call *c, struct json_object *json,
    const struct account *account)
{
	json_put_string(json, "billing_mode", billing_mode(c, account));
	json_put_int(json, "created", account->created);
	json_put_bool(json, "is_reseller", account->is_reseller);
	json_put_string(json, "reseller_id", account->reseller_id);
	json_put_bool(json, "superduper_admin", account->is_master);
	json_put_bool(json, "wnm_allow_additions", true);
}

static struct json_object *
account_json(const struct call *c, const struct account *account)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());

	overlay_patch(json, account->document);
	json_put_string(json, "id", account->id);
	json_put_string(json, "name", account->name);
	json_put_string(json, "realm", account->realm);
	json_put_string(json, "language", account->language);
	json_put_bool(json, "enabled", account->enabled);
	/* Monster UI writes the account when this is not there, which users
	 * may not. */
	if (!json_object_object_get_ex(json, "ui_restrictions", NULL))
		json_object_object_add(json, "ui_restrictions",
		    json_object_new_object());
	put_computed(c, json, account);
	return json;
}

static struct json_object *
metadata_json(const struct call *c, const struct account *account)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());

	json_put_string(json, "id", account->id);
	json_put_bool(json, "enabled", account->enabled);
	put_computed(c, json, account);
	return json;
}

static struct problem *
find(struct call *c, const char *id, struct account **out)
{
	struct problem *p = store_account_show(c->db, c->arena, id, out);

	return p == NULL && *out == NULL ?
	    problem_bad_identifier(c->arena, id) : p;
}

static void
answer(struct call *c, const struct account *account)
{
	c->response->metadata = metadata_json(c, account);
	entity_answer(c, account_json(c, account));
}

/* The account as it is now. */
static struct problem *
answer_now(struct call *c, const char *id)
{
	struct account *account;
	struct problem *p = find(c, id, &account);

	if (p == NULL)
		answer(c, account);
	return p;
}

struct problem *
accounts_show(struct call *c)
{
	return answer_now(c, c->account_id);
}

/* ---- create ---- */

/* A request about an account, with its body. */
struct account_request {
	struct call *call;
	struct json_object *body;
};

static struct problem *
create(struct call *c, void *state)
{
	const struct account_request *r = state;
	struct actor actor = actor_of_call(c);
	char id[ID_SIZE];
	const struct new_account new = {
		.id = id,
		.parent_id = c->account_id != NULL ? c->account_id :
		    c->session->account_id,
		.document = r->body,
	};
	struct problem *p;

	id_new(id);
	/* The caller pays for descendants of their account. */
	actor.acting_id = c->session->account_id;
	p = account_make(c->db, c->arena, &actor, CHANGE_COUNTED, &new);
	if (p != NULL)
		return p;
	c->response->status = 201;
	c->response->location = arena_printf(c->arena, "/v2/accounts/%s", id);
	return answer_now(c, id);
}

static struct problem *
commit_body(struct call *c,
    struct problem *(*work)(struct call *c, void *state))
{
	struct account_request r = { .call = c,
		.body = resource_body(c, c->body) };

	return commit_request(c, work, &r);
}

struct problem *
accounts_create(struct call *c)
{
	return commit_body(c, create);
}

/* ---- change ---- */

static struct problem *
edit(struct arena *a, const struct account *known,
    struct json_object **document, void *state)
{
	const struct account_request *r = state;
	struct call *c = r->call;
	struct problem *p = entity_match(c, account_json(c, known));

	*document = json_own(a, json_object_new_object());
	if (c->request->method == METHOD_PATCH)
		overlay_patch(*document, known->document);
	overlay_patch(*document, r->body);
	return p;
}

static struct problem *
change(struct call *c, void *state)
{
	const struct actor actor = actor_of_call(c);
	const struct account_edit change = { c->account_id, edit, state };
	struct problem *p = account_change(c->db, c->arena, &actor,
	    CHANGE_COUNTED, &change);

	if (p != NULL)
		return p;
	c->response->entity = true;
	return answer_now(c, c->account_id);
}

struct problem *
accounts_change(struct call *c)
{
	return commit_body(c, change);
}

/* ---- delete ---- */

static struct problem *
delete_account(struct call *c, void *state)
{
	const struct actor actor = actor_of_call(c);
	struct json_object *json, *read_only;
	struct account *account;
	struct problem *p;

	(void)state;
	if ((p = find(c, c->account_id, &account)) != NULL ||
	    (p = entity_match(c, account_json(c, account))) != NULL ||
	    (p = account_remove(c->db, c->arena, &actor, CHANGE_COUNTED,
	    account)) != NULL)
		return p;
	json = account_json(c, account);
	read_only = json_object_new_object();
	json_put_bool(read_only, "deleted", true);
	json_object_object_add(json, "_read_only", read_only);
	entity_answer(c, json);
	return NULL;
}

struct problem *
accounts_delete(struct call *c)
{
	return commit_request(c, delete_account, NULL);
}

/* ---- move, promote, demote ---- */

static struct problem *
move_it(struct call *c, void *state)
{
	const struct actor actor = actor_of_call(c);
	const struct move *move = state;
	struct json_object *json;
	struct account *account;
	struct problem *p;

	if ((p = move_account(c->db, c->arena, &actor, move)) != NULL ||
	    (p = find(c, c->account_id, &account)) != NULL)
		return p;
	json = account_json(c, account);
	json_put_string(json, "plans", move_plans_name(move->plans));
	c->response->metadata = metadata_json(c, account);
	entity_answer(c, json);
	return NULL;
}

struct problem *
accounts_move(struct call *c)
{
	const char *to = json_string_at(c->body, "to");
	const char *plans = json_string_at(c->body, "plans");
	struct move wanted = { c->account_id, to, MOVE_PINS, true };

	if (plans != NULL && !move_plans_named(plans, &wanted.plans))
		return problem_invalid(c->arena, "plans", "enum",
		    "plans of a former seller are: pin, remove");
	if (to == NULL || !id_valid(to))
		return problem_invalid(c->arena, "to", "required",
		    "the id of the account to be moved below is needed");
	return commit_request(c, move_it, &wanted);
}

static struct problem *
resell(struct call *c, void *state)
{
	const struct actor actor = actor_of_call(c);
	struct problem *p = account_promote(c->db, c->arena, &actor,
	    c->account_id, c->request->method == METHOD_PUT);

	(void)state;
	return p != NULL ? p : answer_now(c, c->account_id);
}

struct problem *
accounts_resell(struct call *c)
{
	struct problem *p = commit_request(c, resell, NULL);

	if (p == NULL && c->request->method == METHOD_PUT)
		c->response->status = 201;
	return p;
}

/* ---- ancestors and descendants ---- */

static struct json_object *
tree_json(struct call *c, const struct account_line *line)
{
	struct json_object *tree = json_object_new_array();
	char *rest = line->tree == NULL ? NULL :
	    arena_strdup(c->arena, line->tree), *id;

	while ((id = strsep(&rest, ",")) != NULL)
		json_object_array_add(tree, json_object_new_string(id));
	return tree;
}

/* The accounts to list. */
struct account_selection {
	enum account_relation relation;
	const char *of;
	const char *only; /* only this one; NULL: all */
};

static struct problem *
read_kin(struct call *c, void *state,
    const struct page_query *query, struct list_page *out)
{
	const struct account_selection *accounts = state;
	const struct page_query only = { .start.id = accounts->only,
		.ascending = true, .limit = 1 };
	struct account_lines lines;
	struct json_object *json;
	struct problem *p;
	size_t i;

	p = store_account_kin(c->db, c->arena, accounts->relation,
	    accounts->of, accounts->only != NULL ? &only : query, &lines);
	if (p != NULL)
		return p;
	out->count = lines.count;
	out->items = arena_alloc(c->arena, lines.count * sizeof(*out->items));
	for (i = 0; i < lines.count; i++) {
		json = json_own(c->arena, json_object_new_object());
		json_put_string(json, "id", lines.lines[i].id);
		json_put_string(json, "name", lines.lines[i].name);
		json_put_string(json, "realm", lines.lines[i].realm);
		json_put_int(json, "descendants_count",
		    lines.lines[i].descendants);
		json_object_object_add(json, "tree",
		    tree_json(c, &lines.lines[i]));
		out->items[i] = (struct list_item){
			.place = { lines.lines[i].id, lines.lines[i].created,
			    0 },
			.modified = lines.lines[i].modified,
			.whole = json,
		};
	}
	return NULL;
}

static struct problem *
list_kin(struct call *c, enum account_relation relation, const char *of,
    const char *only)
{
	struct account_selection accounts = { relation, of, only };
	const struct listing listing = {
		.file_name = "accounts",
		.read = read_kin,
		.state = &accounts,
	};

	return listing_answer(c, &listing);
}

struct problem *
accounts_children(struct call *c)
{
	return list_kin(c, RELATION_CHILDREN, c->account_id, NULL);
}

struct problem *
accounts_descendants(struct call *c)
{
	return list_kin(c, RELATION_DESCENDANTS, c->account_id, NULL);
}

/* The children of the same parent, the account included. A caller that is not
 * their ancestor sees only itself. */
struct problem *
accounts_siblings(struct call *c)
{
	struct account *account;
	struct problem *p = find(c, c->account_id, &account);

	if (p != NULL)
		return p;
	if (account->parent_id == NULL) {
		json_tree(&c->response->json, json_own(c->arena,
		    json_object_new_array()));
		return NULL;
	}
	return list_kin(c, RELATION_CHILDREN, account->parent_id,
	    c->session->depth == 0 && !c->session->is_master ?
	    account->id : NULL);
}

/* The ancestors that the caller may see: its own account and descendants. */
struct problem *
accounts_parents(struct call *c)
{
	struct account_lines lines;
	struct problem *p;
	bool seen = false;
	size_t i;

	p = store_account_parents(c->db, c->arena, c->account_id, &lines);
	if (p != NULL)
		return p;
	json_begin_array(&c->response->json);
	for (i = 0; i < lines.count; i++) {
		seen = seen || strcmp(lines.lines[i].id,
		    c->session->account_id) == 0;
		if (!seen)
			continue;
		json_begin_object(&c->response->json);
		json_member_string(&c->response->json, "id", lines.lines[i].id);
		json_member_string(&c->response->json, "name",
		    lines.lines[i].name);
		json_end(&c->response->json);
	}
	json_end(&c->response->json);
	return NULL;
}

/* ---- the API key ---- */

struct problem *
accounts_key_show(struct call *c)
{
	char key[API_KEY_SIZE];
	struct problem *p;

	c->response->confidential = true;
	p = api_key_show(c->db, c->arena, c->config, c->account_id, key);
	if (p != NULL)
		return p;
	if (key[0] == '\0')
		return problem_text(c->arena, PROBLEM_BAD_IDENTIFIER,
		    "the account has no API key of this kind yet: PUT makes "
		    "one");
	json_begin_object(&c->response->json);
	json_member_string(&c->response->json, "api_key", key);
	json_end(&c->response->json);
	return NULL;
}

static struct problem *
renew_key(struct db *db, struct arena *a, void *state)
{
	const struct call *c = state;

	return api_key_renew(db, a, c->config, c->account_id, c->now);
}

/* Ignores Idempotency-Key, which would store the readable key in its answer. */
struct problem *
accounts_key_renew(struct call *c)
{
	struct problem *p;

	if ((p = commit_take_place(c)) != NULL ||
	    (p = db_transaction(c->db, c->arena, renew_key, c)) != NULL)
		return p;
	c->response->status = 201;
	return accounts_key_show(c);
}
