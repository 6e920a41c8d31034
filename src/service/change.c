/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/change.h"

#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "billing/overlay.h"
#include "store/audit.h"
#include "store/ledgers.h"
#include "store/objects.h"
#include "store/outbox.h"
#include "store/quotes.h"
#include "store/webhooks.h"

/* ---- pricing ---- */

struct problem *
change_price(struct arena *a, const struct service *current,
    const struct service *proposed, const struct proration *proration,
    bool explain, struct invoices *annotated)
{
	struct billed_state before, after;
	struct invoices old, new;
	struct problem *p;

	service_state(current, &before);
	service_state(proposed, &after);
	if ((p = invoices_price(a, &before, explain, &old)) != NULL ||
	    (p = invoices_price(a, &after, explain, &new)) != NULL)
		return p;
	return invoices_annotate(a, &old, &new, proration, annotated);
}

static struct proration
proration_of(const struct change *change)
{
	return (struct proration){
		.now = change->cause.now,
		.billed = change->prorate,
	};
}

/* ---- audit entries ---- */

/* One account's part of a change. */
struct part {
	struct db *db;
	struct arena *arena;
	const struct change *change;
	const struct service *origin; /* the account the change was made to */
	const struct service *before;
	const struct service *after;
	bool audited; /* else only the bookkeepers are told */
};

static struct json_object *
named_account(const char *id_key, const char *name_key,
    const struct service *account)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, id_key,
	    json_object_new_string(account->account_id));
	json_object_object_add(json, name_key,
	    json_object_new_string(account->account_name));
	return json;
}

/* What of services decides about them, besides quantities. */
static struct json_object *
terms_json(struct arena *a, const struct service *service)
{
	struct json_object *json = json_own(a, json_object_new_object());
	struct json_object *plans = assignments_json(a, &service->plans), *plan;
	size_t i;

	/* Pinned or not: the version that it is priced by. */
	for (i = 0; i < service->plans.count; i++)
		if (json_object_object_get_ex(plans, service->plans.plans[i].id,
		    &plan))
			json_put_int(plan, "version",
			    service->plans.plans[i].version);
	json_put_string(json, "billing_id", service->billing_id);
	json_put_string(json, "standing", service->standing);
	json_put_string(json, "reason", service->reason);
	if (service->has_reason_code)
		json_put_int(json, "reason_code", service->reason_code);
	json_object_object_add(json, "overrides",
	    json_object_get(service->overrides));
	json_object_object_add(json, "plans", json_object_get(plans));
	return json;
}

/* The members of one that another has otherwise, or not; the caller's. */
static struct json_object *
members_unlike(struct json_object *one, struct json_object *other)
{
	struct json_object *out = json_object_new_object(), *found;

	json_object_object_foreach(one, key, value) {
		found = NULL;
		json_object_object_get_ex(other, key, &found);
		if (!json_object_equal(value, found))
			json_object_object_add(out, key,
			    json_object_get(value));
	}
	return out;
}

/* "before" and "after", where they differ in more than quantities. */
static void
put_terms(const struct part *part, struct json_object *json)
{
	struct json_object *before = terms_json(part->arena, part->before);
	struct json_object *after = terms_json(part->arena, part->after);

	if (json_object_equal(before, after))
		return;
	json_object_object_add(json, "before", members_unlike(before, after));
	json_object_object_add(json, "after", members_unlike(after, before));
}

/* Which quantities changed: in the account the change came from its own. */
static struct json_object *
changes_json(const struct part *part)
{
	struct json_object *json = named_account("account_id", "account_name",
	    part->origin);
	struct json_object *types = json_object_new_array();
	struct service_tables tables;

	service_compare_tables(part->before, part->after, &tables);
	if (tables.manual)
		json_object_array_add(types, json_object_new_string("manual"));
	if (tables.account)
		json_object_array_add(types, json_object_new_string("account"));
	if (tables.cascade)
		json_object_array_add(types, json_object_new_string("cascade"));
	if (json_object_array_length(types) > 0)
		json_object_object_add(json, "type", types);
	else
		json_object_put(types);
	put_terms(part, json);
	if (part->change->note != NULL) {
		json_object_object_foreach(part->change->note, key, value)
			json_object_object_add(json, key,
			    json_object_get(value));
	}
	return json;
}

/* The cause, the account and what changed; the caller owns it. */
static struct json_object *
audit_json(const struct part *part)
{
	struct json_object *json = NULL;

	json_object_deep_copy(part->change->cause.audit, &json, NULL);
	json_object_object_add(json, "account",
	    named_account("id", "name", part->after));
	json_object_object_add(json, "changes", changes_json(part));
	return json;
}

/* Adds a document to the account's chain; document becomes the arena's. */
static struct problem *
write_entry(const struct part *part, enum audit_form form,
    struct json_object *document, char id[MONTH_ID_SIZE])
{
	struct audit_entry entry = {
		.account_id = part->after->account_id,
		.id = id,
		.form = form,
		.created = part->change->cause.now,
		.recorded = part->change->cause.now,
	};
	struct audit_lines lines;
	const char *why;

	id_new_in_month(part->change->cause.now, id);
	json_own(part->arena, document);
	if (!part->audited)
		return NULL;
	if (!audit_lines_of(part->arena, document, form, &lines, &why))
		return problem_fault(part->arena,
		    "a change of %s cannot be audited: %s",
		    entry.account_id, why);
	audit_entry_of(part->arena, document, &entry);
	return audit_entry_write(part->db, part->arena, &entry, &lines);
}

static struct problem *
tell_bookkeeper(const struct part *part, const struct bookkeeper *bookkeeper,
    const char *audit_id, struct json_object *document)
{
	const struct outbox_message message = {
		.account_id = part->after->account_id,
		.audit_id = audit_id,
		.target = outbox_target_bookkeeper(part->arena, bookkeeper),
		.message = OUTBOX_UPDATE,
		.bookkeeper = *bookkeeper,
		.document = json_canonical_text(part->arena, document),
	};

	return outbox_add(part->db, part->arena, &message,
	    part->change->cause.now);
}

/* An entry of one invoice, and where money moves its message. */
static struct problem *
audit_invoice(const struct part *part, const struct invoice *invoice,
    char id[MONTH_ID_SIZE])
{
	struct json_object *document = json_object_new_object();
	struct json_object *bookkeeper = bookkeeper_json(&invoice->bookkeeper);
	bool moves = bookkeeper_moves_money(&invoice->bookkeeper);
	struct problem *p;

	if (!moves)
		json_object_object_add(bookkeeper, "results",
		    json_object_new_array());
	json_put_string(document, "status", moves ? "pending" : "completed");
	json_object_object_add(document, "bookkeeper", bookkeeper);
	json_object_object_add(document, "invoice",
	    invoice_json(invoice, false));
	json_object_object_add(document, "audit", audit_json(part));
	p = write_entry(part, AUDIT_INVOICE, document, id);
	if (p == NULL && moves)
		p = tell_bookkeeper(part, &invoice->bookkeeper, id, document);
	return p;
}

/*
 * Who, when and what is known of a change that no invoice shows, too: of the
 * default bookkeeper's, without lines.
 */
static struct problem *
audit_uninvoiced(const struct part *part)
{
	struct billed_state state;
	struct invoice none = { .line_count = 0 };
	char id[MONTH_ID_SIZE];

	service_state(part->after, &state);
	none.bookkeeper = state.bookkeeper;
	none.bookkeeper.type = BOOKKEEPER_TYPE_DEFAULT;
	return audit_invoice(part, &none, id);
}

/* ---- what differs between two tables ---- */

static bool
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

struct difference {
	const char *category;
	const char *item;
	int64_t before; /* 0 where the table has none */
	int64_t after;
};

/* Called for each quantity that differs; false ends it. */
typedef bool difference_fn(void *state, const struct difference *d);

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

static bool
each_difference(struct json_object *old, struct json_object *new,
    difference_fn *fn, void *state)
{
	return differences_from(new, old, true, fn, state) &&
	    differences_from(old, new, false, fn, state);
}

/* How many an account has of an item in all: what is typed in replaces its own. */
static int64_t
total_of(const struct service *s, const char *category, const char *item)
{
	int64_t own, below;

	if (!quantity_in(s->manual, category, item, &own))
		quantity_in(s->account, category, item, &own);
	quantity_in(s->cascade, category, item, &below);
	return own + below;
}

/*
 * Adds {category, source, quantity: by how much, billable: now} of an item to
 * the list, with what changed in which table (Q16); nothing if nothing did.
 */
static void
list_item(const struct part *part, struct json_object *list,
    const char *category, const char *item)
{
	const struct service *b = part->before, *f = part->after;
	const struct {
		const char *name;
		struct json_object *old, *new;
	} tables[] = {
		{ "account", b->account, f->account },
		{ "cascade", b->cascade, f->cascade },
		{ "manual", b->manual, f->manual },
	};
	struct json_object *changed = json_object_new_object(), *one;
	int64_t old, new, total = total_of(f, category, item);
	bool was, is;
	size_t i;

	for (i = 0; i < NELEM(tables); i++) {
		was = quantity_in(tables[i].old, category, item, &old);
		is = quantity_in(tables[i].new, category, item, &new);
		if (was != is || old != new)
			json_put_int(changed, tables[i].name, new - old);
	}
	if (json_object_object_length(changed) == 0) {
		json_object_put(changed);
		return;
	}
	one = json_object_new_object();
	json_put_string(one, "category", category);
	json_put_string(one, "source", item);
	json_put_int(one, "quantity", total - total_of(b, category, item));
	json_put_int(one, "billable", total);
	json_object_object_add(one, "tables", changed);
	json_object_array_add(list, one);
}

/* An entry of the quantities that changed (domain.md 9.6). */
static struct problem *
audit_quantities(const struct part *part)
{
	const struct service *b = part->before, *f = part->after;
	struct json_object *all[] = { b->account, b->cascade, b->manual,
		f->account, f->cascade, f->manual };
	struct json_object *names = json_own(part->arena,
	    json_object_new_object());
	struct json_object *list = json_object_new_array(), *document;
	char id[MONTH_ID_SIZE];
	size_t i;

	for (i = 0; i < NELEM(all); i++)
		overlay(names, all[i]);
	json_object_object_foreach(names, category, items) {
		json_object_object_foreach(items, item, unused) {
			(void)unused;
			list_item(part, list, category, item);
		}
	}
	if (json_object_array_length(list) == 0) {
		json_object_put(list);
		return NULL;
	}
	document = json_object_new_object();
	json_object_object_add(document, "audit", list);
	json_object_object_add(document, "cause", audit_json(part));
	return write_entry(part, AUDIT_QUANTITIES, document, id);
}

/* All entries of one account. everything: also of what no invoice shows. */
static struct problem *
audit_part(struct part *part, const struct invoices *annotated, bool everything)
{
	char id[MONTH_ID_SIZE];
	struct problem *p = NULL;
	bool any = false;
	size_t i;

	part->audited = !part->after->is_master || part->change->audit_master;
	for (i = 0; i < annotated->count && p == NULL; i++) {
		if (!invoice_has_changes(&annotated->invoices[i]))
			continue;
		any = true;
		p = audit_invoice(part, &annotated->invoices[i], id);
	}
	if (p != NULL || !part->audited)
		return p;
	if (!any && everything)
		p = audit_uninvoiced(part);
	return p != NULL ? p : audit_quantities(part);
}

/* ---- the accounts above ---- */

/*
 * Adds what changed of an account's own table to a cascade table. Only
 * quantities of 1 and more count for those above (domain.md 4.6).
 */
static bool
cascade_difference(void *state, const struct difference *d)
{
	struct json_object *cascade = state, *items;
	int64_t n;

	quantity_in(cascade, d->category, d->item, &n);
	if (__builtin_add_overflow(n, (d->after > 0 ? d->after : 0) -
	    (d->before > 0 ? d->before : 0), &n))
		return false;
	if (!json_object_object_get_ex(cascade, d->category, &items)) {
		items = json_object_new_object();
		json_object_object_add(cascade, d->category, items);
	}
	if (n != 0)
		json_put_int(items, d->item, n);
	else
		json_object_object_del(items, d->item);
	if (json_object_object_length(items) == 0)
		json_object_object_del(cascade, d->category);
	return true;
}

/* An account above, before and after what changes below it. */
static struct problem *
price_above(const struct part *below, const char *ancestor_id,
    struct service *before, struct service *after, struct invoices *annotated)
{
	const struct proration proration = proration_of(below->change);
	struct arena *a = below->arena;
	struct problem *p;

	/* Locked with the whole path. */
	p = service_load(below->db, a, ancestor_id, SERVICE_LOOK, before);
	if (p != NULL)
		return p;
	service_copy(a, before, after);
	if (!each_difference(below->before->account, below->after->account,
	    cascade_difference, after->cascade))
		return problem_invalid(a, "cascade", "overflow",
		    "more is counted below account %s than can be", ancestor_id);
	p = change_price(a, before, after, &proration, false, annotated);
	return p != NULL && p->kind == PROBLEM_VALIDATION ?
	    problem_invalid(a, "cascade", "overflow",
	    "an invoice of account %s would be too large", ancestor_id) : p;
}

static struct problem *
cascade_to(const struct part *below, const char *ancestor_id)
{
	struct service before, after;
	struct part part = *below;
	struct invoices annotated;
	struct problem *p;

	p = price_above(below, ancestor_id, &before, &after, &annotated);
	if (p != NULL || service_equal(&before, &after))
		return p;
	part.before = &before;
	part.after = &after;
	p = service_save(part.db, part.arena, &before, &after,
	    part.change->cause.now);
	return p != NULL ? p : audit_part(&part, &annotated, false);
}

static struct problem *
cascade_all(const struct part *part)
{
	struct account_ids above;
	struct problem *p;
	size_t i;

	if (json_object_equal(part->before->account, part->after->account))
		return NULL;
	p = service_ancestors(part->db, part->arena, part->after->account_id,
	    &above);
	for (i = 0; p == NULL && i < above.count; i++)
		p = cascade_to(part, above.ids[i]);
	return p;
}

/* ---- may it be done ---- */

static struct problem *
hold_quote(const struct part *part, const struct invoices *annotated)
{
	struct quote *quote;
	struct problem *p;

	p = quote_find(part->db, part->arena, part->change->quote_id,
	    part->after, part->change->cause.now, &quote);
	return p != NULL ? p :
	    quote_hold(part->arena, quote, part->after, annotated);
}

static struct problem *
refuse_charges(struct arena *a, const struct invoices *annotated,
    const struct invoices *acting)
{
	struct problem *p = problem_new(a, PROBLEM_CHARGES);
	size_t i;

	p->data = json_own(a, invoices_json(annotated));
	for (i = 0; i < acting->count; i++)
		if (invoice_has_changes(&acting->invoices[i]))
			json_object_array_add(p->data,
			    invoice_json(&acting->invoices[i], true));
	return p;
}

static struct problem *
billing_issue(const struct part *part, const char *reason,
    const char *message, money_t amount)
{
	struct problem *p = problem_new(part->arena, PROBLEM_BILLING_ISSUE);

	p->data = json_own(part->arena, json_object_new_object());
	json_put_string(p->data, "reason", reason);
	json_put_string(p->data, "message", message != NULL ? message : p->text);
	json_put_money(p->data, "amount", amount);
	return p;
}

/* How much an account may owe. */
static struct problem *
post_pay(const struct part *part, const char *account_id, money_t *most)
{
	const struct kind *limits = kind_of_noun("limits");
	struct json_object *amount;
	struct object *object;
	struct problem *p;

	*most = 0;
	p = object_show(part->db, part->arena, account_id, limits, limits->noun,
	    &object);
	if (p != NULL || object == NULL ||
	    !json_true_at(object->document, "allow_postpay"))
		return p;
	amount = json_at(object->document, "max_postpay_amount");
	if (amount != NULL &&
	    !money_parse(json_object_to_json_string(amount), most))
		*most = 0;
	return NULL;
}

/*
 * Where nobody can be asked for money, what there is must be enough, with what
 * may be owed (Q25); elsewhere the bookkeeper says who owes too much.
 */
static struct problem *
check_balance(const struct part *part, const struct service *payer,
    money_t amount)
{
	struct billed_state state;
	money_t balance, most, left;
	struct problem *p;

	service_state(payer, &state);
	if (bookkeeper_moves_money(&state.bookkeeper))
		return NULL;
	if ((p = ledger_balance(part->db, part->arena, payer->account_id,
	    &balance)) != NULL ||
	    (p = post_pay(part, payer->account_id, &most)) != NULL)
		return p;
	if (money_add(balance, most, &left) && left >= amount)
		return NULL;
	return billing_issue(part, "not_enough_funds",
	    "There is not enough credit for this.", amount);
}

/* What a change costs its payer: now, and each month from now on. */
static money_t
cost_of(const struct invoices *annotated)
{
	/* What rises costs no less than the rest of this month. */
	money_t least = annotated->prorated > 0 ? annotated->prorated : 0;
	money_t amount;

	return money_subtract(annotated->recurring, annotated->recurring_before,
	    &amount) && money_add(amount < least ? least : amount,
	    annotated->today, &amount) ? amount : MONEY_MAX;
}

/* Whoever pays more must be in good standing (domain.md 12, Q25, Q26). */
static struct problem *
check_standing(const struct part *part, const struct service *billed,
    const struct invoices *annotated)
{
	struct service payer = *billed;
	struct problem *p;

	if (!invoices_cost_more(annotated))
		return NULL;
	if (strcmp(billed->billing_id, billed->account_id) != 0 &&
	    (p = service_load(part->db, part->arena, billed->billing_id,
	    SERVICE_LOOK, &payer)) != NULL)
		return p;
	if (strcmp(payer.standing, STANDING_GOOD) != 0)
		return billing_issue(part, payer.standing, payer.reason,
		    cost_of(annotated));
	return part->change->needs_balance ?
	    check_balance(part, &payer, cost_of(annotated)) : NULL;
}

/* What it costs whom, and whether that was accepted. */
static struct problem *
admit(const struct part *part, const struct invoices *annotated)
{
	const struct change *change = part->change;
	struct service before, after;
	struct invoices acting = { .count = 0 };
	struct problem *p;

	if (change->quote_id != NULL)
		return hold_quote(part, annotated);
	if (change->acting_id != NULL && (p = price_above(part,
	    change->acting_id, &before, &after, &acting)) != NULL)
		return p;
	if (change->ask && !change->accepted && (invoices_cost_more(annotated) ||
	    invoices_cost_more(&acting)))
		return refuse_charges(part->arena, annotated, &acting);
	if (!change->stands)
		return NULL;
	p = check_standing(part, part->after, annotated);
	return p != NULL || change->acting_id == NULL ? p :
	    check_standing(part, &after, &acting);
}

/* ---- telling whoever wants to know ---- */

/* {"account", "changes", "recurring": {"before","after"}, "today"} */
static struct json_object *
services_event(const struct part *part, const struct invoices *annotated)
{
	struct json_object *json = json_own(part->arena,
	    json_object_new_object());
	struct json_object *recurring = json_object_new_object();

	json_object_object_add(json, "account",
	    named_account("id", "name", part->after));
	json_object_object_add(json, "changes", changes_json(part));
	json_put_money(recurring, "before", annotated->recurring_before);
	json_put_money(recurring, "after", annotated->recurring);
	json_object_object_add(json, "recurring", recurring);
	json_put_money(json, "today", annotated->today);
	return json;
}

static struct json_object *
standing_of(const struct service *service)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, "standing", service->standing);
	json_put_string(json, "reason", service->reason);
	return json;
}

static struct json_object *
standing_event(const struct part *part)
{
	struct json_object *json = json_own(part->arena,
	    json_object_new_object());

	json_object_object_add(json, "account",
	    named_account("id", "name", part->after));
	json_object_object_add(json, "before", standing_of(part->before));
	json_object_object_add(json, "after", standing_of(part->after));
	return json;
}

static struct problem *
tell_webhooks(const struct part *part, const struct invoices *annotated)
{
	struct service as_it_stood = *part->after;
	int64_t now = part->change->cause.now;
	struct problem *p = NULL;

	as_it_stood.standing = part->before->standing;
	as_it_stood.reason = part->before->reason;
	as_it_stood.has_reason_code = part->before->has_reason_code;
	as_it_stood.reason_code = part->before->reason_code;
	if (!service_equal(part->before, &as_it_stood))
		p = webhook_tell(part->db, part->arena,
		    part->after->account_id, EVENT_SERVICES_CHANGED,
		    services_event(part, annotated), now);
	if (p == NULL && strcmp(part->before->standing,
	    part->after->standing) != 0)
		p = webhook_tell(part->db, part->arena,
		    part->after->account_id, EVENT_STANDING_CHANGED,
		    standing_event(part), now);
	return p;
}

/* ---- the change ---- */

struct problem *
change_commit(struct db *db, struct arena *a, const struct change *change,
    struct service *done)
{
	const struct proration proration = proration_of(change);
	struct service current;
	struct part part = {
		.db = db,
		.arena = a,
		.change = change,
		.origin = done,
		.before = &current,
		.after = done,
	};
	struct invoices annotated;
	struct problem *p;

	p = service_load(db, a, change->account_id, change->cascades ?
	    SERVICE_LOCK_PATH : SERVICE_LOCK, &current);
	if (p != NULL)
		return p;
	service_copy(a, &current, done);
	if ((p = change->propose(db, a, &current, done, change->state)) != NULL ||
	    (p = change_price(a, &current, done, &proration, false,
	    &annotated)) != NULL ||
	    (p = admit(&part, &annotated)) != NULL)
		return p;
	if (change->write != NULL &&
	    (p = change->write(db, a, done, change->state)) != NULL)
		return p;
	if (service_equal(&current, done))
		return change->note == NULL ? NULL :
		    change_note(db, a, change, done);
	if ((p = service_save(db, a, &current, done, change->cause.now)) != NULL ||
	    (p = audit_part(&part, &annotated, true)) != NULL ||
	    (p = cascade_all(&part)) != NULL)
		return p;
	return tell_webhooks(&part, &annotated);
}

struct problem *
change_note(struct db *db, struct arena *a, const struct change *change,
    const struct service *service)
{
	struct part part = {
		.db = db,
		.arena = a,
		.change = change,
		.origin = service,
		.before = service,
		.after = service,
	};
	const struct invoices none = { .count = 0 };

	return audit_part(&part, &none, true);
}

/* ---- telling what is ---- */

struct problem *
change_tell(struct db *db, struct arena *a, const struct change *change,
    struct change_entries *out)
{
	struct billed_state state;
	struct invoices invoices;
	struct service service;
	struct part part = {
		.db = db,
		.arena = a,
		.change = change,
		.origin = &service,
		.before = &service,
		.after = &service,
		.audited = true,
	};
	struct problem *p;
	size_t i;
	char *id;

	p = service_load(db, a, change->account_id, SERVICE_LOCK, &service);
	if (p != NULL)
		return p;
	service_state(&service, &state);
	if ((p = invoices_price(a, &state, false, &invoices)) != NULL)
		return p;
	out->count = invoices.count;
	out->ids = arena_alloc(a, invoices.count * sizeof(const char *));
	for (i = 0; i < invoices.count && p == NULL; i++) {
		id = arena_alloc(a, MONTH_ID_SIZE);
		p = audit_invoice(&part, &invoices.invoices[i], id);
		out->ids[i] = id;
	}
	return p;
}

/* ---- moving an account ---- */

static bool
is_among(const struct account_ids *ids, const char *id)
{
	size_t i;

	for (i = 0; i < ids->count; i++)
		if (strcmp(ids->ids[i], id) == 0)
			return true;
	return false;
}

/* Those of ids, and not of others, lose or get what is in a subtree. */
static struct problem *
cascade_some(const struct part *part, const struct account_ids *ids,
    const struct account_ids *others)
{
	struct problem *p = NULL;
	size_t i;

	for (i = 0; p == NULL && i < ids->count; i++)
		if (!is_among(others, ids->ids[i]))
			p = cascade_to(part, ids->ids[i]);
	return p;
}

/* The account and all below it, as a table of its own. */
static struct problem *
subtree_of(struct arena *a, const struct service *top, struct service *out)
{
	struct json_object *none = json_own(a, json_object_new_object());

	*out = *top;
	out->account = json_own(a, json_object_new_object());
	if (!each_difference(none, top->account, cascade_difference,
	    out->account) || !each_difference(none, top->cascade,
	    cascade_difference, out->account))
		return problem_invalid(a, "cascade", "overflow",
		    "more is counted in account %s than can be",
		    top->account_id);
	return NULL;
}

struct problem *
change_move(struct db *db, struct arena *a, const struct change *change,
    const char *to_id, struct service *done)
{
	const struct db_value args[] = {
		db_text(change->account_id),
		db_text(to_id),
		db_int(change->cause.now),
	};
	struct service moved, empty, to;
	struct part out = {
		.db = db, .arena = a, .change = change, .origin = done,
		.before = &moved, .after = &empty,
	};
	struct part in = out;
	struct account_ids above, new_above;
	struct problem *p;

	if ((p = service_load(db, a, change->account_id, SERVICE_LOCK_PATH,
	    done)) != NULL ||
	    (p = service_load(db, a, to_id, SERVICE_LOCK_PATH, &to)) != NULL ||
	    (p = service_ancestors(db, a, change->account_id, &above)) != NULL ||
	    (p = subtree_of(a, done, &moved)) != NULL ||
	    (p = db_call(db, a, ACCOUNT_MOVE, args, NELEM(args), NULL)) != NULL ||
	    (p = service_ancestors(db, a, change->account_id,
	    &new_above)) != NULL)
		return p;
	empty = moved;
	empty.account = json_own(a, json_object_new_object());
	in.before = &empty;
	in.after = &moved;
	if ((p = cascade_some(&out, &above, &new_above)) != NULL ||
	    (p = cascade_some(&in, &new_above, &above)) != NULL ||
	    (p = service_load(db, a, change->account_id, SERVICE_LOOK,
	    done)) != NULL)
		return p;
	return change_note(db, a, change, done);
}
