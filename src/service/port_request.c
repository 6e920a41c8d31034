/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/port_request.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "billing/number_form.h"
#include "billing/number_state.h"
#include "billing/port_state.h"
#include "service/number_refusal.h"

const char *
port_request_state(struct json_object *document)
{
	const char *state = json_string_at(document, "port_state");

	return state == NULL ? PORT_FIRST : state;
}

/* ---- a request ---- */

/* Why a number is not ported; NULL: it is. form: NULL: the text is none. */
static const char *
unfit(const char *form)
{
	if (form == NULL)
		return "is no phone number";
	return number_is_whole(form) ? NULL :
	    "is no whole number: + with the country and 7 to 15 digits, "
	    "11 behind +1";
}

struct problem *
port_request_normalize(struct arena *a, const struct config *config,
    struct json_object *document, bool lenient, const char *place)
{
	const struct number_plan plan = { config->number_country,
		config->number_trunk };
	struct json_object *numbers = json_object_at(document, "numbers");
	struct json_object *normal;
	struct problem *p = NULL;
	const char *form;

	if (numbers == NULL)
		return NULL;
	normal = json_own(a, json_object_new_object());
	json_object_object_foreach(numbers, number, settings) {
		form = number_form(a, &plan, number);
		if (unfit(form) != NULL && !lenient)
			p = problem_also_invalid(a, p, problem_path(a, place,
			    arena_printf(a, "numbers.%s", number)), "invalid",
			    "'%s' %s", number, unfit(form));
		else if (form != NULL && !lenient &&
		    json_object_object_get_ex(normal, form, NULL))
			p = problem_also_invalid(a, p, problem_path(a, place,
			    arena_printf(a, "numbers.%s", number)), "unique",
			    "%s is there twice", form);
		else
			json_object_object_add(normal,
			    form == NULL ? number : form,
			    json_object_get(settings));
	}
	json_object_object_add(document, "numbers", json_object_get(normal));
	return p;
}

static int
count_numbers(struct json_object *document)
{
	struct json_object *numbers = json_object_at(document, "numbers");

	return numbers == NULL ? 0 : json_object_object_length(numbers);
}

static struct problem *
refuse_edit(struct arena *a, const char *place, const char *state)
{
	const char *field = problem_path(a, place, "port_state");
	struct problem *p = problem_invalid(a, field, "forbidden",
	    "a request that is %s is not edited", state);

	problem_set_string(p, field, "forbidden", "cause", state);
	return p;
}

/* Are there as many numbers as a request of this state has? */
static struct problem *
check_count(struct arena *a, struct json_object *document, const char *is,
    bool edit, const char *place)
{
	const char *field = problem_path(a, place, "numbers");
	int count = count_numbers(document);

	if (count == 0 && porting_filled(is))
		return problem_invalid(a, field, "minProperties",
		    "a request that is %s has numbers", is);
	/* Of an import, one with more goes on as it is. */
	return edit && count > PORT_NUMBERS_MAX ? problem_invalid(a, field,
	    "maxItems", "A request has at most %d numbers", PORT_NUMBERS_MAX) :
	    NULL;
}

struct problem *
port_request_settle(const struct object_batch *batch, struct arena *a,
    struct object_change *change)
{
	const char *was = port_request_state(change->before);
	struct problem *p;
	const char *is;
	bool edit;

	if (change->document == NULL)
		return porting_deleted(was) ? NULL : problem_text(a,
		    PROBLEM_INVALID_METHOD,
		    "a port request that is %s is not deleted", was);
	is = port_request_state(change->document);
	edit = change->before == NULL || strcmp(was, is) == 0;
	if (change->before != NULL && edit &&
	    !(batch->sells ? porting_open(was) : porting_edited(was)))
		return refuse_edit(a, change->place, was);
	/* One that is canceled, or begins again, may have what is none. */
	p = port_request_normalize(a, batch->actor->config, change->document,
	    !edit && !porting_holds(is) && !porting_filled(is),
	    change->place);
	return p != NULL ? p :
	    check_count(a, change->document, is, edit, change->place);
}

/* ---- lists of numbers ---- */

/* Writes [{number}, ...]. */
struct number_list {
	struct buffer text;
	struct json_writer writer;
	size_t count;
};

static void
list_begin(struct number_list *list, struct arena *a)
{
	list->count = 0;
	buffer_init(&list->text, a, 0);
	json_writer_init(&list->writer, &list->text);
	json_begin_array(&list->writer);
}

static void
list_add(struct number_list *list, const char *number)
{
	json_begin_object(&list->writer);
	json_member_string(&list->writer, "number", number);
	json_end(&list->writer);
	list->count++;
}

static void
list_members(struct number_list *list, struct arena *a,
    struct json_object *numbers)
{
	list_begin(list, a);
	if (numbers != NULL) {
		json_object_object_foreach(numbers, number, settings) {
			(void)settings;
			/* Of an import: longer ones are no numbers. */
			if (strlen(number) <= 64)
				list_add(list, number);
		}
	}
	json_end(&list->writer);
}

struct problem *
port_request_hold(struct db *db, struct arena *a, const char *account_id,
    const char *id, struct json_object *document, bool import)
{
	const struct port_key port = { account_id, id };
	bool holds = porting_holds(port_request_state(document));
	struct number_list list;
	struct problem *p;

	list_members(&list, a, json_object_at(document, "numbers"));
	p = store_port_number_save(db, a, &port, !holds ? PORT_HOLDS_NONE :
	    import ? PORT_HOLDS_OLDEST : PORT_HOLDS_ALL, list.text.text);
	return problem_concerns(p, PROBLEM_CONFLICT, "number") ?
	    problem_invalid(a, "numbers", "unique",
	    "one of the numbers is in another port request") : p;
}

/* ---- who has a number ---- */

struct problem *
port_number_holders(struct db *db, struct arena *a,
    struct json_object *numbers, struct number_holders *out)
{
	struct number_list list;

	*out = (struct number_holders){ .count = 0 };
	list_members(&list, a, numbers);
	return list.count == 0 ? NULL : store_number_holder_list(db, a,
	    list.text.text, false, out);
}

/* Is this a phone number that the batch creates? */
static bool
creates_number(const struct object_change *change)
{
	return change->kind == &kind_phone_numbers && change->before == NULL;
}

/* The numbers of a request that the batch leaves open; NULL: none. */
static struct json_object *
numbers_wanted(const struct object_change *change)
{
	return change->kind == &kind_port_requests &&
	    change->document != NULL &&
	    porting_open(port_request_state(change->document)) ?
	    json_object_at(change->document, "numbers") : NULL;
}

/* Has a request of the batch a number that it did not have before, or did not
 * hold and does now? */
static bool
adds_number(const struct object_change *change, const char *number)
{
	struct json_object *before = json_object_at(change->before, "numbers");

	if (!json_object_object_get_ex(numbers_wanted(change), number, NULL))
		return false;
	return !json_object_object_get_ex(before, number, NULL) ||
	    (!porting_holds(port_request_state(change->before)) &&
	    porting_holds(port_request_state(change->document)));
}

static void
list_taken(struct number_list *list, struct arena *a,
    const struct object_batch *batch)
{
	const struct object_change *change;
	struct json_object *numbers;
	size_t i;

	list_begin(list, a);
	for (i = 0; i < batch->count; i++) {
		change = &batch->changes[i];
		if (creates_number(change))
			list_add(list, change->id);
		if ((numbers = numbers_wanted(change)) == NULL)
			continue;
		json_object_object_foreach(numbers, number, settings) {
			(void)settings;
			if (adds_number(change, number))
				list_add(list, number);
		}
	}
	json_end(&list->writer);
}

/* Is a holder one of the batch itself? */
static bool
is_own(const struct object_batch *batch, const struct number_holder *holder)
{
	size_t i;

	if (strcmp(holder->account_id, batch->account_id) != 0)
		return false;
	for (i = 0; i < batch->count; i++)
		if (holder->port_id[0] == '\0' ?
		    creates_number(&batch->changes[i]) &&
		    strcmp(batch->changes[i].id, holder->number) == 0 :
		    batch->changes[i].kind == &kind_port_requests &&
		    strcmp(batch->changes[i].id, holder->port_id) == 0)
			return true;
	return false;
}

/* Has the account itself the number, in a state in which it may be ported? */
static struct problem *
is_portable(struct db *db, struct arena *a, const struct object_batch *batch,
    const struct number_holder *holder, bool *portable)
{
	struct object *object = NULL;
	struct problem *p = NULL;
	const char *state;

	*portable = false;
	if (holder->port_id[0] == '\0' &&
	    strcmp(holder->account_id, batch->account_id) == 0)
		p = store_object_show(db, a, batch->account_id,
		    &kind_phone_numbers, holder->number, &object);
	if (object != NULL) {
		state = json_string_at(object->document, "state");
		*portable = state != NULL &&
		    strcmp(state, NUMBER_IN_SERVICE) != 0;
	}
	return p;
}

static struct problem *
also_refuse_port(struct arena *a, struct problem *p,
    const struct object_change *change, const struct number_holder *holder)
{
	const char *field = problem_path(a, change->place, holder->number);

	/* Others' requests are not named. */
	p = problem_also_invalid(a, p, field, "type", "%s",
	    holder->port_id[0] == '\0' ? "the number is here already" :
	    "the number is in another port request");
	problem_set_string(p, field, "type", "cause", holder->number);
	return p;
}

/* Refuses what a holder has of a change of the batch. *ports: the requests
 * refused so far. */
static struct problem *
check_holder(struct db *db, struct arena *a, const struct object_batch *batch,
    const struct object_change *change, const struct number_holder *holder,
    struct problem **ports)
{
	struct problem *p;
	bool portable;

	if (adds_number(change, holder->number)) {
		p = is_portable(db, a, batch, holder, &portable);
		if (p == NULL && !portable)
			*ports = also_refuse_port(a, *ports, change, holder);
		return p;
	}
	if (!creates_number(change) || strcmp(change->id, holder->number) != 0)
		return NULL;
	p = refusal_of_number(a, holder->port_id[0] == '\0' ? NUMBER_EXISTS :
	    NUMBER_IS_PORTING, holder->number, NULL);
	if (batch->refused == NULL)
		return p;
	json_object_object_add(batch->refused, holder->number,
	    json_object_get(p->data));
	return NULL;
}

struct problem *
port_numbers_check(struct db *db, struct arena *a, struct object_batch *batch,
    bool written)
{
	struct number_holders found = { .count = 0 };
	struct problem *ports = NULL, *p = NULL;
	struct number_list list;
	size_t i, j;

	list_taken(&list, a, batch);
	if (list.count > OBJECTS_AT_ONCE)
		return problem_invalid(a, "data", "maxItems",
		    "The list takes more than %d numbers", OBJECTS_AT_ONCE);
	if (list.count > 0)
		p = store_number_holder_list(db, a, list.text.text, written,
		    &found);
	for (i = 0; p == NULL && i < found.count; i++) {
		if (is_own(batch, &found.holders[i]))
			continue;
		for (j = 0; p == NULL && j < batch->count; j++)
			p = check_holder(db, a, batch, &batch->changes[j],
			    &found.holders[i], &ports);
	}
	if (p != NULL || ports != NULL)
		return p != NULL ? p : ports;
	return batch->refused == NULL ? NULL :
	    refusal_of_numbers(a, batch->refused);
}
