/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions about prices, as reevectl price reads them: what is answered adds
 * up. */
#include "config.h"

#include "billing/question.h"

#include "fuzz.h"

static __int128
amount_at(struct json_object *tree, const char *path)
{
	struct json_object *value = json_at(tree, path);
	money_t amount;

	if (value == NULL)
		return 0;
	demand(money_parse(json_object_get_string(value), &amount));
	return amount;
}

static __int128
number_at(struct json_object *tree, const char *path)
{
	int64_t number;

	demand(json_int_at(tree, path, &number));
	return number;
}

/* The sum of the totals of a list, each of which is its own product. */
static __int128
sum_of(struct json_object *list)
{
	size_t n = json_object_array_length(list), i;
	struct json_object *row;
	__int128 sum = 0;

	for (i = 0; i < n; i++) {
		row = json_object_array_get_idx(list, i);
		demand(amount_at(row, "total") == number_at(row, "billable") *
		    amount_at(row, "rate") - amount_at(row, "discounts.total"));
		sum += amount_at(row, "total");
	}
	return sum;
}

static void
check_invoices(struct json_object *side)
{
	struct json_object *list = json_array_at(side, "invoices"), *invoice;
	size_t n = json_object_array_length(list), i;

	for (i = 0; i < n; i++) {
		invoice = json_object_array_get_idx(list, i);
		demand(sum_of(json_array_at(invoice, "items")) ==
		    amount_at(invoice, "summary.recurring"));
		demand(sum_of(json_array_at(invoice, "activation_charges")) ==
		    amount_at(invoice, "summary.today"));
	}
}

static void
check_answer(struct json_object *answer)
{
	if (json_at(answer, "annotated") == NULL) {
		check_invoices(answer);
		demand(json_false_at(answer, "has_changes"));
		return;
	}
	check_invoices(json_at(answer, "current"));
	check_invoices(json_at(answer, "proposed"));
	check_invoices(json_at(answer, "annotated"));
}

/* Takes "explain" out of the lines of an answer. */
static void
forget_steps(struct json_object *side)
{
	struct json_object *invoices = json_array_at(side, "invoices"), *items;
	size_t i, j, n, m;

	n = invoices == NULL ? 0 : json_object_array_length(invoices);
	for (i = 0; i < n; i++) {
		items = json_array_at(json_object_array_get_idx(invoices, i),
		    "items");
		m = json_object_array_length(items);
		for (j = 0; j < m; j++) {
			json_object_object_del(json_object_array_get_idx(items,
			    j), "explain");
			json_object_object_del(json_object_array_get_idx(items,
			    j), "prorated");
		}
	}
}

static struct json_object *
answer_to(struct arena *a, struct json_object *question, bool explain)
{
	struct json_object *answer = NULL;
	struct problem *p = question_answer(a, question, explain, &answer);

	if (p == NULL) {
		check_answer(answer);
		return answer;
	}
	fuzz_demand_invalid(p);
	return NULL;
}

/* An explanation changes no figure. */
static void
check_explained(struct arena *a, struct json_object *question,
    struct json_object *answer)
{
	static const char *const sides[] = { "current", "proposed",
		"annotated" };
	struct json_object *explained = answer_to(a, question, true);
	size_t i;

	if (explained == NULL)
		return; /* what it adds may be too large */
	forget_steps(explained);
	forget_steps(answer);
	for (i = 0; i < NELEM(sides); i++) {
		forget_steps(json_at(explained, sides[i]));
		forget_steps(json_at(answer, sides[i]));
	}
	demand(fuzz_same(json_canonical_text(a, answer),
	    json_canonical_text(a, explained)));
}

/* The same state on both sides has no changes. */
static void
check_same(struct arena *a, struct json_object *question)
{
	struct json_object *answer;

	json_object_object_add(question, "proposed", json_object_new_object());
	answer = answer_to(a, question, false);
	demand(answer == NULL || json_false_at(answer,
	    "annotated.has_changes"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct fuzz_part part = { (const char *)bytes, length };
	struct json_object *question, *answer;
	struct arena *a = arena_new(16384);
	const char *error, *before;

	question = fuzz_json(a, part, &error);
	if (question != NULL) {
		before = json_canonical_text(a, question);
		answer = answer_to(a, question, false);
		if (answer != NULL) {
			check_explained(a, question, answer);
			demand(fuzz_same(json_canonical_text(a, question),
			    before));
			if (json_at(answer, "annotated") == NULL)
				check_same(a, question);
		}
	}
	arena_free(&a);
	return 0;
}
