/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/response.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/gregorian.h"
#include "base/log.h"
#include "base/secret.h"

#define ANSWER_MAX ((size_t)256 << 20)
#define HEAD_SIZE 1536 /* of most heads */
#define ALL_METHODS "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

static const struct {
	int status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 204, "No Content" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 402, "Payment Required" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 409, "Conflict" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
};

/* The bytes to send: the head, then the body in up to three pieces. */
struct parcel {
	int status;
	const char *type; /* Content-Type, NULL: no body */
	const char *etag; /* NULL: none */
	bool in_parts; /* further ones follow: the length is not known */
	struct buffer extra; /* further header lines */
	struct buffer before;
	const struct buffer *middle; /* NULL: nothing */
	struct buffer after;
};

void
response_init(struct response *rs, struct arena *a)
{
	memset(rs, 0, sizeof(*rs));
	rs->status = 200;
	rs->limit = ANSWER_MAX;
	buffer_init(&rs->data, a, rs->limit);
	json_writer_init(&rs->json, &rs->data);
}

void
response_restart(struct response *rs)
{
	struct response fresh;

	response_init(&fresh, rs->data.arena);
	fresh.auth_token = rs->auth_token;
	fresh.methods = rs->methods;
	fresh.limit = rs->limit;
	*rs = fresh;
	buffer_init(&rs->data, rs->data.arena, rs->limit);
	json_writer_init(&rs->json, &rs->data);
}

static struct problem *
outgrown(const struct response *rs, const char *form)
{
	return problem_fault(rs->data.arena, "the answer is more than %zu bytes "
	    "of %s", rs->limit, form);
}

struct problem *
response_check(const struct response *rs)
{
	return rs->data.failed ? outgrown(rs, "JSON") : NULL;
}

static const char *
phrase_of(int status)
{
	size_t i;

	for (i = 0; i < NELEM(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "Unknown";
}

/* Identifies this machine without revealing its name (rules/requests 6). */
static const char *
node_name(void)
{
	static char node[33];
	char host[256] = "";

	if (node[0] == '\0') {
		gethostname(host, sizeof(host) - 1);
		secret_etag(host, strlen(host), node);
		node[22] = '\0';
	}
	return node;
}

/* ---- bodies ---- */

/* Writes the members at the end of every envelope. */
static void
close_envelope(struct json_writer *w, const struct response *rs,
    const struct request *rq)
{
	char now[GREGORIAN_ISO_SIZE];

	gregorian_iso8601(gregorian_now(), now);
	json_member_string(w, "timestamp", now);
	json_member_string(w, "version", RESPONSE_API_VERSION);
	json_member_string(w, "node", node_name());
	json_member_string(w, "request_id", rq->request_id);
	if (rs->auth_token != NULL)
		json_member_string(w, "auth_token", rs->auth_token);
}

static void
write_paging(struct json_writer *w, const struct response *rs)
{
	if (!rs->paged)
		return;
	json_member_int(w, "page_size", rs->page_size);
	if (rs->start_key != NULL)
		json_member_string(w, "start_key", rs->start_key);
	if (rs->next_start_key != NULL)
		json_member_string(w, "next_start_key", rs->next_start_key);
}

/* The members after the data. */
static void
write_rest(struct buffer *out, const struct response *rs,
    const struct request *rq, const char *etag)
{
	struct json_writer w;

	json_writer_init(&w, out);
	json_begin_object(&w);
	if (etag != NULL)
		json_member_string(&w, "revision", etag);
	write_paging(&w, rs);
	if (rs->metadata != NULL) {
		json_key(&w, "metadata");
		json_tree(&w, rs->metadata);
	}
	if (rs->further != NULL) {
		json_object_object_foreach(rs->further, name, value) {
			json_key(&w, name);
			json_tree(&w, value);
		}
	}
	json_member_string(&w, "status", "success");
	close_envelope(&w, rs, rq);
	json_end(&w);
	out->text[0] = ','; /* continues the object that has the data */
}

/*
 * {"data": <data>, ...}: the data, which may be large, is not copied from the
 * handler's buffer.
 */
static void
make_envelope(struct parcel *out, const struct response *rs,
    const struct request *rq)
{
	out->type = "application/json";
	buffer_puts(&out->before, "{\"data\":");
	if (rs->data.length > 0)
		out->middle = &rs->data;
	else
		buffer_puts(&out->before, "{}");
	write_rest(&out->after, rs, rq, out->etag);
}

static void
make_error_envelope(struct parcel *out, const struct response *rs,
    const struct request *rq, const struct problem *p)
{
	struct json_writer w;
	char code[8];

	out->type = "application/json";
	snprintf(code, sizeof(code), "%d", p->status);
	json_writer_init(&w, &out->before);
	json_begin_object(&w);
	json_key(&w, "data");
	json_tree(&w, problem_data(rq->arena, p));
	json_member_string(&w, "error", code);
	json_member_string(&w, "message", p->name);
	json_member_string(&w, "status", "error");
	close_envelope(&w, rs, rq);
	json_end(&w);
}

static void
make_problem_json(struct parcel *out, const struct request *rq,
    const struct problem *p)
{
	struct json_writer w;

	out->type = "application/problem+json";
	json_writer_init(&w, &out->before);
	json_begin_object(&w);
	json_member_string(&w, "type", "about:blank");
	json_member_string(&w, "title", phrase_of(p->status));
	json_member_int(&w, "status", p->status);
	json_member_string(&w, "detail", p->text);
	json_member_string(&w, "code", p->name);
	json_member_string(&w, "request_id", rq->request_id);
	json_key(&w, "errors");
	json_tree(&w, problem_data(rq->arena, p));
	json_end(&w);
}

/* Removes the characters that are not allowed in a header. */
static const char *
safe_file_name(struct arena *a, const struct request *rq,
    const struct response *rs)
{
	const char *given = request_header(rq, "HTTP_X_FILE_NAME");
	char *name;
	size_t n = 0;

	if (given == NULL)
		given = request_query(rq, "file_name");
	if (given == NULL)
		given = arena_printf(a, "%s.csv",
		    rs->file_name == NULL ? "reeve" : rs->file_name);
	name = arena_strndup(a, given, 128);
	for (given = name; *given != '\0'; given++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "0123456789-_. ", *given) != NULL)
			name[n++] = *given;
	name[n] = '\0';
	return n == 0 ? "reeve.csv" : name;
}

struct problem *
response_too_many_columns(struct arena *a)
{
	return problem_text(a, PROBLEM_TOO_LARGE, "the list has more than %d "
	    "columns: ask for JSON, or for fewer documents by filters such as "
	    "has_key", CSV_COLUMNS_MAX);
}

struct csv_style
response_csv_style(const struct request *rq)
{
	return (struct csv_style){
		.raw = request_control_is(rq, "csv_raw", "true"),
		.mark = request_control_is(rq, "csv_bom", "true"),
	};
}

static void
name_csv(struct parcel *out, const struct response *rs,
    const struct request *rq)
{
	out->type = "text/csv; charset=utf-8";
	buffer_printf(&out->extra,
	    "Content-Disposition: attachment; filename=\"%s\"\r\n",
	    safe_file_name(rq->arena, rq, rs));
}

static struct problem *
make_csv(struct parcel *out, const struct response *rs,
    const struct request *rq)
{
	struct arena *a = rq->arena;
	struct json_object *data;
	const char *error;
	size_t rows = 0;

	/* CSV may be larger than its JSON: each row has a cell per column. */
	buffer_init(&out->before, a, rs->limit);
	data = json_parse(a, rs->data.text, rs->data.length, &error);
	if (data != NULL && !csv_write(&out->before, data,
	    response_csv_style(rq), &rows))
		return response_too_many_columns(a);
	if (rows == 0) {
		out->status = 204;
		return NULL;
	}
	if (out->before.failed)
		return outgrown(rs, "CSV");
	name_csv(out, rs, rq);
	return NULL;
}

/*
 * Indents the body if the request asks for it, unless that would make it too
 * large.
 */
static void
make_pretty(struct parcel *out, const struct response *rs,
    const struct request *rq)
{
	const char *header = request_header(rq, "HTTP_X_PRETTY_PRINT");
	const char *error, *text;
	struct json_object *tree;
	struct buffer whole;
	size_t length = 0;

	if (!request_control_is(rq, "pretty_print", "true") &&
	    (header == NULL || strcmp(header, "true") != 0))
		return;
	buffer_init(&whole, rq->arena, 0);
	buffer_add(&whole, out->before.text, out->before.length);
	if (out->middle != NULL)
		buffer_add(&whole, out->middle->text, out->middle->length);
	buffer_add(&whole, out->after.text, out->after.length);
	tree = json_parse(rq->arena, whole.text, whole.length, &error);
	text = tree == NULL ? NULL : json_object_to_json_string_length(tree,
	    JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
	    JSON_C_TO_STRING_NOSLASHESCAPE, &length);
	if (text == NULL || length > rs->limit)
		return;
	out->middle = NULL;
	buffer_init(&out->after, rq->arena, 0);
	buffer_init(&out->before, rq->arena, 0);
	buffer_add(&out->before, text, length);
	buffer_putc(&out->before, '\n');
}

/* ---- files ---- */

void
response_file(struct response *rs, const char *media_type, const void *bytes,
    size_t length)
{
	rs->media_type = media_type;
	buffer_clear(&rs->data);
	buffer_add(&rs->data, bytes, length);
}

/* In a page of its own, too, nothing of it runs. */
static void
make_file(struct parcel *out, const struct response *rs)
{
	out->type = rs->media_type;
	out->middle = &rs->data;
	buffer_puts(&out->extra,
	    "Content-Security-Policy: default-src 'none'; sandbox\r\n");
}

/* ---- heads ---- */

void
response_etag(const struct buffer *data, char etag[33])
{
	secret_etag(data->text, data->length, etag);
}

bool
response_etag_in(const char *list, const char *etag)
{
	const char *at;
	size_t n = strlen(etag);

	if (list == NULL)
		return false;
	if (list[strspn(list, " ")] == '*')
		return true;
	for (at = strstr(list, etag); at != NULL; at = strstr(at + 1, etag))
		if (at > list && at[-1] == '"' && at[n] == '"')
			return true;
	return false;
}

/* The envelope repeats the token of the request. */
static const char *
caching_of(const struct response *rs, const struct request *rq)
{
	return rs->confidential || (rs->auth_token != NULL &&
	    rs->media_type == NULL && !response_is_csv(rq)) ? "no-store" :
	    "no-cache, private";
}

static void
write_field(struct buffer *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buffer_puts(out, name);
	buffer_puts(out, value);
	buffer_puts(out, "\r\n");
}

/* Fields of some answers only. */
static void
write_particulars(struct buffer *out, const struct response *rs,
    const struct request *rq, const struct problem *p)
{
	if (rs->replayed)
		write_field(out, "Idempotency-Replayed: ", "true");
	write_field(out, "Location: ", rs->location);
	if (rq->method == METHOD_OPTIONS || (p != NULL && p->status == 405))
		write_field(out, "Allow: ", rs->methods);
	if (p != NULL && p->status == 401)
		write_field(out, "WWW-Authenticate: ", "Bearer");
	if (p != NULL && p->retry_after_s > 0)
		buffer_printf(out, "Retry-After: %d\r\n", p->retry_after_s);
}

static void
write_head(struct buffer *out, const struct parcel *parcel,
    const struct response *rs, const struct request *rq,
    const struct problem *p)
{
	size_t length = parcel->before.length + parcel->after.length +
	    (parcel->middle == NULL ? 0 : parcel->middle->length);

	buffer_reserve(out, HEAD_SIZE);
	buffer_printf(out, "Status: %d %s\r\n", parcel->status,
	    phrase_of(parcel->status));
	write_field(out, "Content-Type: ", parcel->type);
	if (parcel->status != 204 && parcel->status != 304 && !parcel->in_parts)
		buffer_printf(out, "Content-Length: %zu\r\n", length);
	if (parcel->etag != NULL)
		buffer_printf(out, "ETag: \"%s\"\r\n", parcel->etag);
	write_particulars(out, rs, rq, p);
	buffer_add(out, parcel->extra.text, parcel->extra.length);
	write_field(out, "X-Request-ID: ", rq->request_id);
	write_field(out, "Cache-Control: ", caching_of(rs, rq));
	write_field(out, "Access-Control-Allow-Methods: ",
	    rs->methods == NULL ? ALL_METHODS : rs->methods);
	buffer_puts(out, "X-Content-Type-Options: nosniff\r\n"
	    "Vary: Accept\r\n"
	    "Access-Control-Allow-Origin: *\r\n"
	    "Access-Control-Allow-Headers: accept, authorization, cache-control, "
	    "content-type, depth, idempotency-key, if-match, if-modified-since, "
	    "if-none-match, user-agent, x-auth-token, x-file-name, x-file-size, "
	    "x-http-method-override, x-kazoo-cluster-id, x-pretty-print, "
	    "x-reeve-reason, x-request-id, x-requested-with\r\n"
	    "Access-Control-Expose-Headers: allow, content-disposition, "
	    "content-type, etag, idempotency-replayed, location, retry-after, "
	    "x-auth-token, "
	    "x-kazoo-cluster-id, x-request-id\r\n"
	    "Access-Control-Max-Age: 86400\r\n"
	    "\r\n");
}

/* ---- sending ---- */

static bool
is_read(const struct request *rq)
{
	return rq->method == METHOD_GET || rq->method == METHOD_HEAD;
}

/* Answers to changes are always JSON. */
bool
response_is_csv(const struct request *rq)
{
	return rq->format == FORMAT_CSV && is_read(rq);
}

/* The ETag depends on data and format only: the envelope has the time. */
static const char *
etag_of(const struct response *rs, const struct request *rq)
{
	char *etag = arena_alloc(rq->arena, 33);

	if (rs->whole_etag != NULL)
		memcpy(etag, rs->whole_etag, 33);
	else
		response_etag(&rs->data, etag);
	return response_is_csv(rq) ? arena_printf(rq->arena, "%s-csv", etag) : etag;
}

static void
parcel_init(struct parcel *out, struct arena *a, int status)
{
	*out = (struct parcel){ .status = status };
	buffer_init(&out->extra, a, 0);
	buffer_init(&out->before, a, 0);
	buffer_init(&out->after, a, 0);
}

static struct problem *
make_success(struct parcel *out, const struct response *rs,
    const struct request *rq)
{
	bool read = is_read(rq);
	struct problem *p = response_check(rs);

	if (p != NULL)
		return p;
	parcel_init(out, rq->arena, rs->status);
	if (!rs->untagged && ((read && rs->status == 200) || rs->entity)) {
		out->etag = etag_of(rs, rq);
		if (read && response_etag_in(
		    request_header(rq, "HTTP_IF_NONE_MATCH"), out->etag)) {
			out->status = 304;
			return NULL;
		}
	}
	if (rq->method == METHOD_OPTIONS)
		return NULL;
	if (rs->media_type != NULL) {
		make_file(out, rs);
		return NULL;
	}
	if (response_is_csv(rq))
		return make_csv(out, rs, rq);
	make_envelope(out, rs, rq);
	make_pretty(out, rs, rq);
	return NULL;
}

static void
make_failure(struct parcel *out, const struct response *rs,
    const struct request *rq, const struct problem *p)
{
	parcel_init(out, rq->arena, p->status);
	if (rq->wants_problem_json)
		make_problem_json(out, rq, p);
	else
		make_error_envelope(out, rs, rq, p);
	make_pretty(out, rs, rq);
}

static bool
send_piece(const struct request *rq, const struct buffer *piece)
{
	if (piece == NULL || piece->length == 0)
		return true;
	rq->gateway->answering = true;
	return rq->gateway->write(rq->gateway, piece->text, piece->length);
}

static bool
send_parcel(const struct request *rq, const struct buffer *head,
    const struct parcel *parcel)
{
	if (!send_piece(rq, head))
		return false;
	return rq->method == METHOD_HEAD || parcel->status == 304 ||
	    (send_piece(rq, &parcel->before) &&
	    send_piece(rq, parcel->middle) &&
	    send_piece(rq, &parcel->after));
}

/* ---- sending in parts ---- */

static void
begin_parts(struct response *rs, const struct request *rq)
{
	struct parcel parcel;
	struct buffer head;

	parcel_init(&parcel, rq->arena, rs->status);
	parcel.in_parts = true;
	if (response_is_csv(rq)) {
		name_csv(&parcel, rs, rq);
	} else {
		parcel.type = "application/json";
		buffer_puts(&parcel.before, "{\"data\":");
	}
	buffer_init(&head, rq->arena, 0);
	write_head(&head, &parcel, rs, rq, NULL);
	rs->begun = true;
	rs->ended = !send_parcel(rq, &head, &parcel) ||
	    rq->method == METHOD_HEAD;
}

bool
response_flush(struct response *rs, const struct request *rq)
{
	if (!rs->begun)
		begin_parts(rs, rq);
	if (!rs->ended)
		rs->ended = !send_piece(rq, &rs->data);
	buffer_clear(&rs->data);
	return !rs->ended;
}

/* Sends what is left, or breaks the answer off. */
static int
end_parts(struct response *rs, const struct request *rq,
    const struct problem *p)
{
	struct buffer rest;

	if (rq->method == METHOD_HEAD)
		return rs->status;
	if (p == NULL && (p = response_check(rs)) != NULL)
		log_error("%s", p->log);
	if (p != NULL) {
		log_warn("%s %s: the answer is broken off",
		    method_name(rq->method), rq->path);
		rq->gateway->break_off(rq->gateway);
		return 0;
	}
	buffer_init(&rest, rq->arena, 0);
	if (!response_is_csv(rq))
		write_rest(&rest, rs, rq, NULL);
	return response_flush(rs, rq) && send_piece(rq, &rest) ?
	    rs->status : 0;
}

int
response_send(struct response *rs, const struct request *rq,
    const struct problem *problem)
{
	const struct problem *p = problem;
	struct parcel parcel;
	struct buffer head;

	if (rs->begun)
		return end_parts(rs, rq, p);
	if (p == NULL && (p = make_success(&parcel, rs, rq)) != NULL &&
	    p->status >= 500)
		log_error("%s %s: %d: %s", method_name(rq->method), rq->path,
		    p->status, p->log);
	if (p != NULL)
		make_failure(&parcel, rs, rq, p);
	buffer_init(&head, rq->arena, 0);
	write_head(&head, &parcel, rs, rq, p);
	return send_parcel(rq, &head, &parcel) ? parcel.status : 0;
}
