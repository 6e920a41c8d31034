/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers of bookkeepers. A first line "FORM MESSAGE STATUS" ("update sale
 * 200"), then the body.
 */
#include "config.h"

#include "courier/wire.h"

#include "fuzz.h"

#define REASON_MAX 255
#define MESSAGE_MAX 4000

struct asked {
	enum bookkeeper_form form;
	enum bookkeeper_message message;
};

static bool
read_first_line(const char *line, struct asked *asked, struct http_answer *http)
{
	char form[8], message[24];

	if (sscanf(line, "%7s %23s %d", form, message, &http->status) != 3 ||
	    !bookkeeper_message_named(message, &asked->message))
		return false;
	asked->form = fuzz_same(form, "2015") ? BOOKKEEPER_2015 :
	    BOOKKEEPER_UPDATE;
	http->cut = fuzz_same(form, "cut");
	return bookkeeper_form_has(asked->form, asked->message);
}

static void
check_text(const char *text, size_t max)
{
	if (text != NULL)
		demand(text[0] != '\0' && strlen(text) <= max &&
		    fuzz_is_utf8(text));
}

/* A message that must not count as done unless the answer says so. */
static bool
needs_status(const struct asked *asked)
{
	return asked->form == BOOKKEEPER_UPDATE &&
	    asked->message != BOOKKEEPER_SAYS_UPDATE &&
	    asked->message != BOOKKEEPER_SAYS_REMIND;
}

static const char *
status_of(struct json_object *body)
{
	const char *status = json_string_at(body, "status");

	return status != NULL ? status : json_string_at(body, "Status");
}

static void
check_verdict(struct arena *a, const struct asked *asked,
    const struct http_answer *http, const struct bookkeeper_answer *answer)
{
	const char *error;
	struct json_object *body = json_parse(a, http->body, http->length,
	    &error);

	demand((http->status == 402) ==
	    (answer->verdict == BOOKKEEPER_DELINQUENT));
	demand(answer->verdict != BOOKKEEPER_BROKEN_OFF && !answer->unheard);
	if (http->status != 200)
		demand(answer->verdict != BOOKKEEPER_DONE &&
		    answer->reason != NULL);
	if (answer->verdict == BOOKKEEPER_DONE && needs_status(asked))
		demand(!http->cut && status_of(body) != NULL);
	if (answer->verdict == BOOKKEEPER_DECLINED)
		demand(http->status == 200 && status_of(body) != NULL);
}

/* The results are JSON, a list of one, canonical. */
static void
check_results(struct arena *a, const struct bookkeeper_answer *answer)
{
	const char *text = bookkeeper_results(a, answer), *error;
	struct json_object *list = json_parse(a, text, strlen(text), &error);

	demand(json_object_is_type(list, json_type_array) &&
	    json_object_array_length(list) == 1);
	demand(fuzz_same(json_canonical_text(a, list), text));
}

/* As a bookkeeper's document; only what has an address is sent to. */
static void
read_document(struct arena *a, const char *text, size_t length)
{
	struct bookkeeper_document document;
	const char *error, *why = NULL;
	struct json_object *tree = json_parse(a, text, length, &error);

	if (!json_object_is_type(tree, json_type_object))
		return;
	if (bookkeeper_read(tree, &document, &why))
		demand(document.enabled &&
		    (document.moves_nothing || document.url != NULL));
	else
		demand(why != NULL && why[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_part rest = { (const char *)bytes, length };
	struct http_answer http = { .end = HTTP_POST_ANSWERED };
	struct arena *a = arena_new(512);
	struct bookkeeper_answer answer;
	struct asked asked;

	if (read_first_line(fuzz_text(a, fuzz_take(&rest, "\n")), &asked,
	    &http)) {
		http.body = fuzz_text(a, rest);
		http.length = strlen(http.body);
		wire_judge(a, asked.form, asked.message, &http, &answer);
		check_text(answer.reason, REASON_MAX);
		check_text(answer.message, MESSAGE_MAX);
		check_verdict(a, &asked, &http, &answer);
		check_results(a, &answer);
		read_document(a, http.body, http.length);
	}
	arena_free(&a);
	return 0;
}
