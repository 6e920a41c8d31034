/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/dependants.h"

#include "base/buffer.h"
#include "base/json.h"
#include "store/plans.h"

static struct problem *
refuse_bookkeeper(struct arena *a, const struct plan_namings *namings)
{
	struct json_object *plans = json_object_new_array();
	struct problem *p = problem_new(a, PROBLEM_CONFLICT);
	const struct plan_naming *one;
	int64_t own = 0;
	struct buffer text;
	size_t i;

	buffer_init(&text, a, 0);
	buffer_puts(&text, "the bookkeeper is named by ");
	for (i = 0; i < namings->count; i++) {
		one = &namings->namings[i];
		if (one->plan_id[0] == '\0') {
			own = one->accounts;
			continue;
		}
		json_object_array_add(plans,
		    json_object_new_string(one->plan_id));
		buffer_puts(&text, json_object_array_length(plans) == 1 ?
		    "assigned plans: " : ", ");
		buffer_puts(&text, arena_printf(a, "%s (%lld account%s)",
		    one->plan_id, (long long)one->accounts,
		    one->accounts == 1 ? "" : "s"));
	}
	if (own > 0)
		buffer_puts(&text, arena_printf(a, "%sthe services of %lld "
		    "account%s", json_object_array_length(plans) == 0 ? "" :
		    "; and by ", (long long)own, own == 1 ? "" : "s"));
	p->text = text.text;
	p->data = json_own(a, json_object_new_object());
	json_put_string(p->data, "message", p->text);
	json_object_object_add(p->data, "plans", plans);
	json_put_int(p->data, "accounts", own);
	return p;
}

struct problem *
dependants_check(struct db *db, struct arena *a, const char *account_id,
    const struct object_change *changes, size_t count)
{
	struct plan_namings namings;
	struct problem *p;
	size_t i;

	for (i = 0; i < count; i++) {
		if (changes[i].document != NULL ||
		    changes[i].kind != &kind_bookkeepers)
			continue;
		p = store_plan_naming_list(db, a, account_id, changes[i].id,
		    &namings);
		if (p != NULL)
			return p;
		if (namings.count > 0)
			return refuse_bookkeeper(a, &namings);
	}
	return NULL;
}
