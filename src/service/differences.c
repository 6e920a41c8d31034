/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/differences.h"

#include "base/json.h"

bool
quantity_in(struct json_object *table, const char *category, const char *item,
    int64_t *out)
{
	struct json_object *found;

	*out = 0;
	if (!json_object_object_get_ex(table, category, &found) ||
	    !json_object_object_get_ex(found, item, &found))
		return false;
	*out = json_object_get_int64(found);
	return true;
}

/* Those of from, compared with what other has; both of them once only. */
static bool
differences_from(struct json_object *from, struct json_object *other,
    bool from_is_new, difference_fn *fn, void *state)
{
	struct difference d;
	int64_t here, there;
	bool both;

	json_object_object_foreach(from, category, items) {
		json_object_object_foreach(items, item, value) {
			here = json_object_get_int64(value);
			both = quantity_in(other, category, item, &there);
			if (here == there || (both && !from_is_new))
				continue;
			d = (struct difference){ category, item,
			    from_is_new ? there : here,
			    from_is_new ? here : there };
			if (!fn(state, &d))
				return false;
		}
	}
	return true;
}

bool
each_difference(struct json_object *old, struct json_object *new,
    difference_fn *fn, void *state)
{
	return differences_from(new, old, true, fn, state) &&
	    differences_from(old, new, false, fn, state);
}

int64_t
total_of(const struct service *s, const char *category, const char *item)
{
	int64_t own, below;

	if (!quantity_in(s->manual, category, item, &own))
		quantity_in(s->account, category, item, &own);
	quantity_in(s->cascade, category, item, &below);
	return own + below;
}
