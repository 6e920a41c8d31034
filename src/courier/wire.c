/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/wire.h"

#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/secret.h"
#include "billing/earlier_line.h"

#define HEADERS_MAX 8
#define REASON_MAX 255   /* stored bytes */
#define MESSAGE_MAX 4000

/* ---- the request ---- */

static struct json_object *
earlier_items(struct json_object *document)
{
	struct json_object *json = json_object_new_object();

	earlier_lines_add(json, json_array_at(document, "invoice.items"),
	    json_array_at(document, EARLIER_TERMS));
	return json;
}

static struct json_object *
body_2015(const struct bookkeeper_request *r)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, "account_id", r->account_id);
	json_put_string(json, "sync_id", r->delivery_id);
	json_object_object_add(json, "items", earlier_items(r->document));
	return json;
}

static void
put_lent(struct json_object *json, const char *key, struct json_object *value)
{
	if (value != NULL)
		json_object_object_add(json, key, json_object_get(value));
}

static void
put_content(struct json_object *json, const struct bookkeeper_request *r)
{
	struct json_object *audit = NULL;

	switch (r->message) {
	case BOOKKEEPER_SAYS_UPDATE:
		put_lent(json, "Invoice", json_object_at(r->document,
		    "invoice"));
		/* The invoice is in the message already. */
		if (r->document != NULL && json_object_deep_copy(r->document,
		    &audit, NULL) == 0) {
			json_object_object_del(audit, "invoice");
			json_object_object_del(audit, EARLIER_TERMS);
			json_object_object_add(json, "Audit-Log", audit);
		}
		break;
	case BOOKKEEPER_SAYS_STANDING:
		json_put_money(json, "Estimated-Withdrawal", r->amount);
		put_lent(json, "Items", r->document);
		break;
	case BOOKKEEPER_SAYS_SALE:
	case BOOKKEEPER_SAYS_REFUND:
		json_put_money(json, "Amount", r->amount);
		json_put_string(json, "Transaction-DB", r->transaction_db);
		json_put_string(json, "Transaction-ID", r->transaction_id);
		break;
	case BOOKKEEPER_SAYS_COLLECT:
		json_put_int(json, "Due-Timestamp", r->due);
		break;
	case BOOKKEEPER_SAYS_REMIND:
		json_put_int(json, "Due-Date", r->due);
		json_put_int(json, "Timestamp", r->sent);
		put_lent(json, "Items", r->document);
		break;
	}
}

static struct json_object *
body_message(struct arena *a, const struct bookkeeper_request *r)
{
	struct json_object *json = json_object_new_object();

	/* A reminder is a notification and has no answer. */
	if (r->message == BOOKKEEPER_SAYS_REMIND) {
		json_put_string(json, "Event-Category", "notification");
		json_put_string(json, "Event-Name",
		    bookkeeper_message_name(r->message));
	} else {
		json_put_string(json, "Event-Category", "bookkeepers");
		json_put_string(json, "Event-Name", arena_printf(a,
		    "%s.request", bookkeeper_message_name(r->message)));
	}
	json_put_string(json, "Msg-ID", r->delivery_id);
	json_put_string(json, "Account-ID", r->account_id);
	json_put_string(json, "Bookkeeper-ID", r->bookkeeper.id);
	json_put_string(json, "Bookkeeper-Type", r->bookkeeper.type);
	json_put_string(json, "Vendor-ID", r->bookkeeper.vendor_id);
	put_content(json, r);
	return json;
}

const char *
wire_body(struct arena *a, enum bookkeeper_form form,
    const struct bookkeeper_request *request)
{
	struct json_object *json = form == BOOKKEEPER_2015 ?
	    body_2015(request) : body_message(a, request);

	return json_canonical_text(a, json_own(a, json));
}

const char *
wire_signature(struct arena *a, const char *secret, int64_t unix_time,
    const char *body)
{
	unsigned char mac[DIGEST_BYTES];
	char hex[DIGEST_HEX_SIZE];

	secret_hmac(secret, strlen(secret), arena_printf(a, "%lld.%s",
	    (long long)unix_time, body), mac);
	secret_hex(mac, sizeof(mac), hex);
	return arena_printf(a, "t=%lld,v1=%s", (long long)unix_time, hex);
}

const char *const *
wire_headers(struct arena *a, const struct bookkeeper_document *document,
    const struct bookkeeper_request *request, const char *body,
    int64_t unix_time)
{
	const char **headers = arena_alloc(a,
	    (HEADERS_MAX + 1) * sizeof(*headers));
	size_t n = 0;

	headers[n++] = "Content-Type: application/json";
	headers[n++] = "Accept: application/json";
	headers[n++] = arena_printf(a, "Reeve-Delivery-ID: %s",
	    request->delivery_id);
	if (document->form == BOOKKEEPER_2015) {
		headers[n++] = arena_printf(a, "X-Sync-ID: %s",
		    request->delivery_id);
		headers[n++] = arena_printf(a, "X-Account-ID: %s",
		    request->account_id);
	}
	if (document->authorization != NULL)
		headers[n++] = arena_printf(a, "Authorization: %s",
		    document->authorization);
	if (document->secret != NULL)
		headers[n++] = arena_printf(a, "Reeve-Signature: %s",
		    wire_signature(a, document->secret, unix_time,
		    body));
	return headers;
}

/* ---- the answer ---- */

/* A text of an answer by its name, in either case, cut to the stored length. */
static const char *
text_of(struct arena *a, struct json_object *body, const char *name,
    const char *capital, size_t max)
{
	const char *text = json_string_at(body, name);

	if (text == NULL)
		text = json_string_at(body, capital);
	if (text == NULL || text[0] == '\0')
		return NULL;
	if (strlen(text) <= max)
		return arena_strdup(a, text);
	/* Not in the middle of a character. */
	while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80)
		max--;
	return arena_strndup(a, text, max);
}

static bool
is_word_of(const char *status, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcasecmp(status, *words) == 0)
			return true;
	return false;
}

/*
 * The verdict of a status. An unknown word about moved money is no verdict: it
 * may mean that the payment is still in progress.
 */
static enum bookkeeper_verdict
verdict_of(enum bookkeeper_message message, const char *status)
{
	static const char *const good[] = { "success", "successful", "ok",
		"completed", NULL };
	static const char *const bad[] = { "error", "fatal", "failed",
		"declined", NULL };

	if (message == BOOKKEEPER_SAYS_STANDING)
		return strcmp(status, "good_standing") == 0 ?
		    BOOKKEEPER_DONE : BOOKKEEPER_DECLINED;
	if (is_word_of(status, good))
		return BOOKKEEPER_DONE;
	return (message == BOOKKEEPER_SAYS_SALE ||
	    message == BOOKKEEPER_SAYS_REFUND) && !is_word_of(status, bad) ?
	    BOOKKEEPER_AGAIN : BOOKKEEPER_DECLINED;
}

static void
judge_no_answer(const struct http_answer *http, struct bookkeeper_answer *out)
{
	out->verdict = http->end == HTTP_POST_STOPPED ?
	    BOOKKEEPER_BROKEN_OFF : BOOKKEEPER_AGAIN;
	out->message = http->why;
	out->unheard = http->end == HTTP_POST_REFUSED ||
	    http->end == HTTP_POST_UNREACHED;
	switch (http->end) {
	case HTTP_POST_TIMEOUT:
		out->reason = "timeout";
		out->message = "bookkeeper did not respond to the request";
		break;
	case HTTP_POST_REFUSED:
		out->reason = "refused";
		break;
	case HTTP_POST_STOPPED:
		out->reason = "stopped";
		break;
	default:
		out->reason = "connection";
	}
}

void
wire_judge(struct arena *a, enum bookkeeper_form form,
    enum bookkeeper_message message, const struct http_answer *http,
    struct bookkeeper_answer *out)
{
	struct json_object *body = NULL;
	const char *status, *error;

	*out = (struct bookkeeper_answer){ .verdict = BOOKKEEPER_AGAIN };
	if (http->end != HTTP_POST_ANSWERED) {
		judge_no_answer(http, out);
		return;
	}
	out->status = http->status;
	if (!http->cut && http->length > 0)
		body = json_parse(a, http->body, http->length, &error);
	if (!json_object_is_type(body, json_type_object))
		body = NULL;
	out->reason = text_of(a, body, "reason", "Reason", REASON_MAX);
	out->message = text_of(a, body, "message", "Message", MESSAGE_MAX);
	if ((out->details = json_at(body, "details")) == NULL)
		out->details = json_at(body, "Details");
	status = text_of(a, body, "status", "Status", REASON_MAX);
	if (http->status == BOOKKEEPER_STATUS_OWES) {
		out->verdict = BOOKKEEPER_DELINQUENT;
		out->reason = "delinquent";
	} else if (http->status != 200) {
		out->reason = arena_printf(a, "http_%d", http->status);
		if (out->message == NULL)
			out->message = arena_printf(a,
			    "bookkeeper answered with status %d", http->status);
	} else if (form == BOOKKEEPER_UPDATE && status != NULL) {
		out->verdict = verdict_of(message, status);
		if (out->verdict != BOOKKEEPER_DONE && out->reason == NULL)
			out->reason = status;
	} else if (form == BOOKKEEPER_UPDATE && status == NULL &&
	    message != BOOKKEEPER_SAYS_UPDATE &&
	    message != BOOKKEEPER_SAYS_REMIND) {
		/* Money and credit need a status: no guess. */
		out->reason = "no_status";
		out->message = "bookkeeper's answer has no status";
	} else {
		out->verdict = BOOKKEEPER_DONE;
	}
}
