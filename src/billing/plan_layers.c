/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/plan_layers.h"

#include <string.h>

#include "base/json.h"
#include "billing/overlay.h"
#include "billing/plan_number.h"

struct json_object *
layered_plan_tree(const struct layered_plan *p, enum plan_view view)
{
	return view == PLAN_DOCUMENTS ? p->document : p->origins;
}

static const char *
text_at(struct json_object *tree, const char *path)
{
	const char *text = json_string_at(tree, path);

	return text == NULL ? "" : text;
}

/* Returns a tree of the same shape whose leaves are the text; nulls stay. */
static struct json_object *
marked(struct json_object *value, const char *text)
{
	struct json_object *copy;

	if (value == NULL)
		return NULL;
	if (!json_object_is_type(value, json_type_object))
		return json_object_new_string(text);
	copy = json_object_new_object();
	json_object_object_foreach(value, key, member)
		json_object_object_add(copy, key, marked(member, text));
	return copy;
}

/* Adds a layer to a plan, and the origin of its members. */
static void
lay(struct layered_plan *p, struct json_object *layer, const char *from)
{
	struct json_object *origin;

	overlay(p->document, layer);
	if (p->origins == NULL || layer == NULL)
		return;
	origin = marked(layer, from);
	overlay(p->origins, origin);
	json_object_put(origin);
}

/* A bookkeeper without a vendor belongs to the plan's vendor. */
static struct json_object *
with_vendor(struct arena *a, struct json_object *document,
    const char *vendor_id)
{
	struct json_object *bookkeeper = json_object_at(document, "bookkeeper");
	struct json_object *copy;

	if (bookkeeper == NULL || json_object_object_length(bookkeeper) == 0 ||
	    json_at(bookkeeper, "vendor_id") != NULL)
		return document;
	copy = json_own(a, json_object_new_object());
	overlay(copy, document);
	bookkeeper = json_object_at(copy, "bookkeeper");
	if (bookkeeper != NULL)
		json_put_string(bookkeeper, "vendor_id", vendor_id);
	return copy;
}

/* Adds the origins of the members that the overrides set. */
static void
lay_origins(struct arena *a, struct layered_plan *p,
    struct json_object *overrides, struct json_object *own)
{
	struct json_object *both = json_own(a, json_object_new_object());

	overlay(both, json_own(a, marked(overrides, "account-wide override")));
	overlay(both, json_own(a, marked(own, arena_printf(a,
	    "override of plan %s", p->id))));
	overlay(p->origins, both);
}

void
plan_layer(struct arena *a, const struct assigned_plan *plan,
    struct json_object *overrides, const struct bookkeeper *bookkeeper,
    bool origins, struct layered_plan *p)
{
	static const char *const names[] = {
		[MERGE_SIMPLE] = "simple",
		[MERGE_RECURSIVE] = "recursive",
		[MERGE_CUMULATIVE] = "cumulative",
	};
	struct json_object *both = json_own(a, json_object_new_object());
	struct json_object *layer;
	const char *strategy;

	p->id = plan->id;
	p->document = json_own(a, json_object_new_object());
	if (origins)
		p->origins = json_own(a, json_object_new_object());

	layer = json_object_new_object();
	json_object_object_add(layer, "bookkeeper", bookkeeper_json(bookkeeper));
	lay(p, json_own(a, layer), "account");
	layer = json_own(a, json_public_copy(
	    with_vendor(a, plan->document, plan->vendor_id)));
	lay(p, layer, plan->version == 0 ?
	    arena_printf(a, "plan %s", plan->id) :
	    arena_printf(a, "plan %s version %lld", plan->id,
	    (long long)plan->version));
	/*
	 * The plan's overrides are laid over the account's before both are laid
	 * over the plan: a null in them cancels an account-wide override, and
	 * never removes a member of the plan (rules/merging 6).
	 */
	overlay(both, overrides);
	overlay(both, plan->overrides);
	overlay(p->document, both);
	if (origins)
		lay_origins(a, p, overrides, plan->overrides);

	p->bookkeeper.id = text_at(p->document, "bookkeeper.id");
	p->bookkeeper.type = text_at(p->document, "bookkeeper.type");
	p->bookkeeper.vendor_id = text_at(p->document, "bookkeeper.vendor_id");
	strategy = text_at(p->document, "merge.strategy");
	for (p->strategy = MERGE_CUMULATIVE; p->strategy > MERGE_SIMPLE; p->strategy--)
		if (strcmp(strategy, names[p->strategy]) == 0)
			break;
	p->prioritized = plan_whole(json_at(p->document, "merge.priority"),
	    &p->priority);
}
