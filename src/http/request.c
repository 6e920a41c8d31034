/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/request.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/ids.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "http/accept.h"
#include "http/percent.h"

static const char *const method_names[METHOD__MAX] = {
	[METHOD_GET] = "GET",
	[METHOD_HEAD] = "HEAD",
	[METHOD_POST] = "POST",
	[METHOD_PUT] = "PUT",
	[METHOD_PATCH] = "PATCH",
	[METHOD_DELETE] = "DELETE",
	[METHOD_OPTIONS] = "OPTIONS",
	[METHOD_UNKNOWN] = "",
};

const char *
method_name(enum method method)
{
	return method_names[method];
}

static enum method
method_of(const char *name, int (*compare)(const char *, const char *))
{
	enum method m;

	for (m = 0; m < METHOD_UNKNOWN; m++)
		if (compare(name, method_names[m]) == 0)
			break;
	return m;
}

const char *
request_header(const struct request *rq, const char *name)
{
	return rq->gateway->param(rq->gateway, name);
}

const char *
request_query(const struct request *rq, const char *name)
{
	size_t i;

	for (i = 0; i < rq->query_count; i++)
		if (strcmp(rq->query[i].name, name) == 0)
			return rq->query[i].value;
	return NULL;
}

const char *
request_control(const struct request *rq, const char *name)
{
	const char *value = request_query(rq, name);
	struct json_object *member;

	if (value != NULL || rq->envelope == NULL)
		return value;
	member = json_at(rq->envelope, name);
	if (member == NULL || json_object_is_type(member, json_type_object) ||
	    json_object_is_type(member, json_type_array))
		return NULL;
	return json_object_get_string(member);
}

bool
request_control_is(const struct request *rq, const char *name,
    const char *value)
{
	const char *given = request_control(rq, name);

	return given != NULL && strcasecmp(given, value) == 0;
}

/* ---- ids and negotiation: first, because every answer needs them ---- */

static bool
usable_request_id(const char *text)
{
	size_t n = text == NULL ? 0 : strlen(text);

	return n > 0 && n <= 128 && text[strspn(text,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_.:+/=")] == '\0';
}

static void
read_request_id(struct request *rq)
{
	const char *given = request_header(rq, "HTTP_X_REQUEST_ID");

	if (!usable_request_id(given))
		given = request_header(rq, "REEVE_REQUEST_ID");
	if (usable_request_id(given))
		memcpy(rq->request_id, given, strlen(given) + 1);
	else
		id_new(rq->request_id);
}

/* ---- path ---- */

/* Returns the raw URI without the query and the program's mount point. */
static const char *
raw_path(struct request *rq)
{
	const char *uri = request_header(rq, "REQUEST_URI");
	const char *script = request_header(rq, "SCRIPT_NAME");
	size_t n;

	if (uri == NULL || uri[0] != '/')
		return NULL;
	n = script == NULL ? 0 : strlen(script);
	if (n > 0 && strncmp(uri, script, n) == 0 && uri[n] == '/')
		uri += n;
	return arena_strndup(rq->arena, uri, strcspn(uri, "?#"));
}

static struct problem *
bad_path(struct request *rq, const char *why)
{
	return problem_invalid(rq->arena, "path", "encoding", "%s", why);
}

/* Splits at '/', and decodes each segment if it is still encoded. */
static struct problem *
split_path(struct request *rq, const char *path, bool encoded)
{
	const char *end;
	char *piece;

	rq->segment_count = 0;
	while (*path == '/') {
		path++;
		end = path + strcspn(path, "/");
		if (*path == '\0')
			break; /* a slash at the end */
		piece = arena_strndup(rq->arena, path, (size_t)(end - path));
		if (encoded && !percent_decode(piece, false))
			return bad_path(rq, "it has a broken %-escape or a NUL");
		if (!utf8_is_valid(piece))
			return bad_path(rq, "it is not UTF-8");
		if (rq->segment_count == SEGMENTS_MAX)
			return problem_new(rq->arena, PROBLEM_NOT_FOUND);
		rq->segments[rq->segment_count++] = piece;
		path = end;
	}
	return NULL;
}

/* True if the segments spell PATH_INFO, which the web server has decoded. */
static bool
spells(const struct request *rq, const char *path_info)
{
	struct buffer joined;
	size_t i, n = strlen(path_info);

	buffer_init(&joined, rq->arena, 0);
	for (i = 0; i < rq->segment_count; i++) {
		buffer_putc(&joined, '/');
		buffer_puts(&joined, rq->segments[i]);
	}
	if (n > 0 && path_info[n - 1] == '/')
		n--;
	return joined.length == n && memcmp(joined.text, path_info, n) == 0;
}

/*
 * PATH_INFO has the path, but decoded: a slash inside a name looks like one
 * between names. If the raw URI spells the same path, its segments are used
 * instead.
 */
static struct problem *
read_path(struct request *rq)
{
	const char *path_info = request_header(rq, "PATH_INFO");
	const char *raw = raw_path(rq);
	struct problem *p = NULL;

	if (path_info == NULL || path_info[0] == '\0')
		path_info = raw;
	rq->path = path_info == NULL ? "" : path_info;
	if (path_info == NULL)
		return problem_new(rq->arena, PROBLEM_NOT_FOUND);
	if (raw != NULL)
		p = split_path(rq, raw, true);
	if (raw == NULL || (p == NULL && path_info != raw &&
	    !spells(rq, path_info)))
		p = split_path(rq, path_info, false);
	if (p != NULL)
		return p;
	if (rq->segment_count == 0 || (strcmp(rq->segments[0], "v2") != 0 &&
	    strcmp(rq->segments[0], "v1") != 0))
		return problem_new(rq->arena, PROBLEM_NOT_FOUND);
	rq->segment_count--;
	memmove(rq->segments, rq->segments + 1,
	    rq->segment_count * sizeof(rq->segments[0]));
	return NULL;
}

/* ---- query ---- */

static struct problem *
read_query(struct request *rq)
{
	const char *given = request_header(rq, "QUERY_STRING");
	char *text = arena_strdup(rq->arena, given == NULL ? "" : given);
	char *save = NULL, *pair, *value;

	for (pair = strtok_r(text, "&", &save); pair != NULL;
	    pair = strtok_r(NULL, "&", &save)) {
		value = strchr(pair, '=');
		if (value != NULL)
			*value++ = '\0';
		else
			value = pair + strlen(pair);
		if (!percent_decode(pair, true) || !utf8_is_valid(pair))
			return problem_invalid(rq->arena, "query", "encoding",
			    "a parameter's name is not UTF-8, or has a broken "
			    "%%-escape or a NUL");
		if (!percent_decode(value, true) || !utf8_is_valid(value))
			return problem_invalid(rq->arena, pair, "encoding",
			    "the value is not UTF-8, or has a broken %%-escape "
			    "or a NUL");
		if (rq->query_count == QUERY_MAX)
			return problem_invalid(rq->arena, "query", "maxItems",
			    "The list is more than %d items", QUERY_MAX);
		rq->query[rq->query_count].name = pair;
		rq->query[rq->query_count++].value = value;
	}
	return NULL;
}

/* ---- body ---- */

static struct problem *
too_large(struct request *rq, int64_t max)
{
	return problem_text(rq->arena, PROBLEM_TOO_LARGE,
	    "the body must not be more than %lld bytes", (long long)max);
}

static struct problem *
too_many_values(struct request *rq, int64_t max)
{
	return problem_text(rq->arena, PROBLEM_TOO_LARGE,
	    "the body must not have more than %lld JSON values, nor more than "
	    "fit into the memory of a worker", (long long)max);
}

/* -1: not a length. "" or missing: 0, read to the end. */
static int64_t
content_length(struct request *rq)
{
	const char *text = request_header(rq, "CONTENT_LENGTH");

	if (text == NULL || text[0] == '\0')
		return 0;
	if (strlen(text) > 18 || text[strspn(text, "0123456789")] != '\0')
		return -1;
	return strtoll(text, NULL, 10);
}

static struct problem *
read_bytes(struct request *rq, int64_t max, struct buffer *body)
{
	int64_t announced = content_length(rq);
	char block[16384];
	ssize_t n;

	if (announced < 0)
		return problem_invalid(rq->arena, "content-length", "invalid",
		    "it is not a number");
	if (announced > max)
		return too_large(rq, max);
	buffer_reserve(body, (size_t)announced);
	while ((n = rq->gateway->read(rq->gateway, block, sizeof(block))) > 0) {
		if (body->length + (size_t)n > (size_t)max)
			return too_large(rq, max);
		buffer_add(body, block, (size_t)n);
	}
	if (n < 0 || (announced > 0 && body->length != (size_t)announced))
		rq->cut_off = true;
	return NULL;
}

/* True for JSON's media type, for none, and for that of curl -d. */
static bool
is_json_body(struct request *rq, const struct buffer *body)
{
	static const char *const names[] = { "application/json",
		"application/x-json", "text/json" };
	const char *type = request_header(rq, "CONTENT_TYPE");
	size_t n, i;

	if (type == NULL || type[0] == '\0')
		return true;
	n = strcspn(type, "; \t");
	for (i = 0; i < NELEM(names); i++)
		if (n == strlen(names[i]) && strncasecmp(type, names[i], n) == 0)
			return true;
	if (n > 5 && strncasecmp(type + n - 5, "+json", 5) == 0)
		return true;
	return n == strlen("application/x-www-form-urlencoded") &&
	    strncasecmp(type, "application/x-www-form-urlencoded", n) == 0 &&
	    body->text[strspn(body->text, " \t\r\n")] == '{';
}

/* True for a type among names, an asterisk at whose end stands for the rest. */
static bool
is_of_type(const struct request *rq, const char *const *names, size_t count)
{
	const char *type = request_header(rq, "CONTENT_TYPE");
	size_t i, n, length = type == NULL ? 0 : strcspn(type, "; \t");

	for (i = 0; i < count; i++) {
		n = strcspn(names[i], "*");
		if ((names[i][n] == '*' ? length > n : length == n) &&
		    strncasecmp(type, names[i], n) == 0)
			return true;
	}
	return false;
}

static bool
is_json_lines(const struct request *rq)
{
	static const char *const names[] = { "application/x-ndjson" };

	return is_of_type(rq, names, NELEM(names));
}

static struct problem *
bad_line(const struct request *rq, const struct element *e, const char *error)
{
	return problem_invalid(rq->arena, "json", "invalid", "line %zu: %s",
	    e->line, error);
}

/* One JSON value per line: the elements of data. Blank lines are ignored. */
static struct problem *
read_json_lines(struct request *rq, int64_t values, const struct buffer *body)
{
	struct json_object *list = json_own(rq->arena, json_object_new_array());
	const struct element *e;
	struct json_object *value;
	struct elements lines;
	const char *error;
	int64_t left = values;
	size_t i;

	elements_of_lines(rq->arena, body->text, body->length, &lines);
	for (i = 0; i < lines.count; i++) {
		e = &lines.list[i];
		value = json_parse_within(rq->arena, e->text, e->length, &left,
		    &error);
		if (value == NULL && left < 0)
			return too_many_values(rq, values);
		if (value == NULL)
			return bad_line(rq, e, error);
		json_object_array_add(list, json_object_get(value));
	}
	rq->envelope = json_own(rq->arena, json_object_new_object());
	json_object_object_add(rq->envelope, "data", json_object_get(list));
	rq->data = list;
	return NULL;
}

/* Makes top-level keys lower case, with '_' for '-' (rules/requests 2). */
static struct json_object *
normal_envelope(struct request *rq, struct json_object *body)
{
	struct json_object *out = json_own(rq->arena, json_object_new_object());
	char *name, *c;

	json_object_object_foreach(body, key, value) {
		name = arena_strdup(rq->arena, key);
		for (c = name; *c != '\0'; c++)
			*c = *c == '-' ? '_' : (char)tolower((unsigned char)*c);
		json_object_object_add(out, name, json_object_get(value));
	}
	return out;
}

static struct problem *
read_envelope(struct request *rq, int64_t values, const struct buffer *body)
{
	struct json_object *tree, *data;
	struct problem *p;
	const char *error;
	int64_t left = values;

	tree = json_parse_within(rq->arena, body->text, body->length, &left,
	    &error);
	if (tree == NULL && left < 0)
		return too_many_values(rq, values);
	if (tree == NULL) {
		p = problem_invalid(rq->arena, "json", "invalid", "%s", error);
		problem_set_string(p, "json", "invalid", "target", "body");
		return p;
	}
	if (!json_object_is_type(tree, json_type_object))
		return problem_invalid(rq->arena, "data", "required",
		    "Field is required but missing");
	rq->envelope = normal_envelope(rq, tree);
	if (json_object_object_length(rq->envelope) !=
	    json_object_object_length(tree))
		return problem_invalid(rq->arena, "json", "invalid", "two names "
		    "beside data are one: case, - and _ make no difference");
	if (!json_object_object_get_ex(rq->envelope, "data", &data)) {
		/* Clients send a DELETE its own name, and nothing else. */
		return rq->method == METHOD_DELETE ? NULL :
		    problem_invalid(rq->arena, "data", "required",
		    "Field is required but missing");
	}
	if (!json_object_is_type(data, json_type_object) &&
	    !json_object_is_type(data, json_type_array))
		return problem_invalid(rq->arena, "data", "type",
		    "Value did not match type(s): object, array");
	rq->data = data;
	return NULL;
}

/* ---- a body that is divided ---- */

static void
set_divided(struct request *rq)
{
	struct json_object *nulls = json_own(rq->arena,
	    json_object_new_array());
	size_t i;

	for (i = 0; i < rq->elements.count; i++)
		json_object_array_add(nulls, NULL);
	json_object_object_add(rq->envelope, "data", json_object_get(nulls));
	rq->data = nulls;
	rq->divided = true;
}

static void
divide_lines(struct request *rq, const struct buffer *body)
{
	elements_of_lines(rq->arena, body->text, body->length, &rq->elements);
	rq->envelope = json_own(rq->arena, json_object_new_object());
	set_divided(rq);
}

/* Reads the envelope around the list, and leaves the list as it is. False: data
 * is no list, or the form is broken; the body is read as any other. */
static bool
divide_envelope(struct request *rq, int64_t values, const struct buffer *body,
    struct problem **problem)
{
	struct buffer around;
	size_t begin, end;

	if (!elements_of_envelope(rq->arena, body->text, body->length,
	    &rq->elements, &begin, &end))
		return false;
	buffer_init(&around, rq->arena, 0);
	buffer_add(&around, body->text, begin);
	buffer_add(&around, body->text + end, body->length - end);
	*problem = read_envelope(rq, values, &around);
	if (*problem == NULL)
		set_divided(rq);
	return true;
}

struct problem *
request_element(const struct request *rq, struct arena *a, size_t index,
    struct json_object **out)
{
	const struct element *e;
	const char *error;

	*out = NULL;
	if (!rq->divided) {
		*out = json_object_array_get_idx(rq->data, index);
		return NULL;
	}
	e = &rq->elements.list[index];
	/* A line of its own must have a value. */
	if (e->line == 0 && e->length == 4 && memcmp(e->text, "null", 4) == 0)
		return NULL;
	*out = json_parse_strict(a, e->text, e->length, &error);
	if (*out != NULL)
		return NULL;
	return e->line > 0 ? bad_line(rq, e, error) :
	    problem_invalid(rq->arena, "json", "invalid", "%zu: %s", index,
	    error);
}

/* ---- files ---- */

static bool
is_file(const struct request *rq)
{
	static const char *const names[] = { "image/*",
		"application/octet-stream" };

	return is_of_type(rq, names, NELEM(names));
}

static bool
is_base64(const struct request *rq)
{
	static const char *const names[] = { "application/base64",
		"application/x-base64" };

	return is_of_type(rq, names, NELEM(names));
}

/* The base64 in a data URL, or text as it is; NULL: another data URL. */
static const char *
base64_in(const char *text)
{
	const char *comma;

	text += strspn(text, " \t\r\n");
	if (strncasecmp(text, "data:", 5) != 0)
		return text;
	comma = strchr(text, ',');
	return comma != NULL && comma - text >= 7 &&
	    strncasecmp(comma - 7, ";base64", 7) == 0 ? comma + 1 : NULL;
}

static struct problem *
read_base64(struct request *rq, const struct buffer *body)
{
	const char *text = base64_in(body->text);
	char *bytes = arena_alloc(rq->arena, body->length / 4 * 3 + 3);

	if (text == NULL || strlen(body->text) != body->length ||
	    !secret_unbase64(text, bytes, body->length / 4 * 3 + 3,
	    &rq->byte_count))
		return problem_invalid(rq->arena, "file", "encoding",
		    "The body is neither base64 nor a data URL of it");
	rq->bytes = bytes;
	return NULL;
}

/* Takes a body that is a file. False: it is none. */
static bool
read_file(struct request *rq, const struct buffer *body,
    struct problem **problem)
{
	*problem = NULL;
	if (is_base64(rq)) {
		*problem = read_base64(rq, body);
		return true;
	}
	if (!is_file(rq))
		return false;
	rq->bytes = body->text;
	rq->byte_count = body->length;
	return true;
}

static struct problem *
read_data(struct request *rq, const struct body_limits *limits)
{
	struct buffer body;
	struct problem *p;
	bool lines;

	buffer_init(&body, rq->arena, 0);
	p = read_bytes(rq, limits->bytes, &body);
	if (p != NULL || rq->cut_off)
		return p;
	if (body.text[strspn(body.text, " \t\r\n")] == '\0' &&
	    strlen(body.text) == body.length)
		return NULL;
	if (limits->file && read_file(rq, &body, &p))
		return p;
	lines = is_json_lines(rq);
	if (lines && limits->divide) {
		divide_lines(rq, &body);
		return NULL;
	}
	if (lines)
		return read_json_lines(rq, limits->values, &body);
	if (!is_json_body(rq, &body))
		return problem_text(rq->arena, PROBLEM_UNSUPPORTED_TYPE,
		    "the body must be application/json or "
		    "application/x-ndjson");
	if (limits->divide && divide_envelope(rq, limits->values, &body, &p))
		return p;
	return read_envelope(rq, limits->values, &body);
}

/* ---- method, token and format: in the head, or else beside data ---- */

/* The method for which a POST stands; NULL: none, or not known yet. */
static const char *
tunnelled_method(const struct request *rq)
{
	const char *verb = request_header(rq, "HTTP_X_HTTP_METHOD_OVERRIDE");

	if (verb == NULL || verb[0] == '\0')
		verb = request_control(rq, "verb");
	return verb == NULL || verb[0] == '\0' ? NULL : verb;
}

bool
request_may_tunnel(const struct request *rq)
{
	return rq->method == METHOD_POST && !rq->tunnelled;
}

/* A POST may tunnel another method (rules/requests 4). */
static struct problem *
read_tunnelled_method(struct request *rq)
{
	const char *verb;

	if (!request_may_tunnel(rq) || (verb = tunnelled_method(rq)) == NULL)
		return NULL;
	rq->tunnelled = true;
	rq->method = method_of(verb, strcasecmp);
	if (rq->method == METHOD_UNKNOWN || rq->method == METHOD_OPTIONS)
		return problem_unlisted(rq->arena, "verb");
	return NULL;
}

/* Clients without a token send an empty one, or the word "undefined". */
static bool
is_token(const char *text)
{
	return text != NULL && text[0] != '\0' &&
	    strcmp(text, "undefined") != 0 && strcmp(text, "null") != 0;
}

static void
read_token(struct request *rq)
{
	const char *token = request_header(rq, "HTTP_X_AUTH_TOKEN");

	if (!is_token(token))
		token = request_control(rq, "auth_token");
	if (!is_token(token)) {
		token = request_header(rq, "HTTP_AUTHORIZATION");
		if (token == NULL || strncasecmp(token, "Bearer ", 7) != 0)
			token = NULL;
		else
			token += 7 + strspn(token + 7, " ");
	}
	rq->token = is_token(token) ? token : "";
}

static struct problem *
read_format(struct request *rq)
{
	if (rq->method == METHOD_OPTIONS ||
	    accept_format(request_header(rq, "HTTP_ACCEPT"),
	    request_control(rq, "accept"), &rq->format))
		return NULL;
	return problem_text(rq->arena, PROBLEM_NOT_ACCEPTABLE,
	    "only application/json and text/csv are available");
}

struct problem *
request_read_head(struct request *rq, struct arena *a, struct gateway *g)
{
	struct problem *p;
	const char *method;

	memset(rq, 0, sizeof(*rq));
	rq->arena = a;
	rq->gateway = g;
	rq->token = "";
	rq->path = "";
	rq->data = json_own(a, json_object_new_object());
	read_request_id(rq);
	rq->wants_problem_json = accept_wants_problem_json(
	    request_header(rq, "HTTP_ACCEPT"));
	method = request_header(rq, "REQUEST_METHOD");
	rq->method = method == NULL ? METHOD_UNKNOWN : method_of(method, strcmp);
	if ((p = read_path(rq)) != NULL)
		return p;
	if (rq->method == METHOD_UNKNOWN)
		return problem_new(a, PROBLEM_NOT_IMPLEMENTED);
	if ((p = read_query(rq)) != NULL ||
	    (p = read_tunnelled_method(rq)) != NULL)
		return p;
	read_token(rq);
	return NULL;
}

struct problem *
request_read_body(struct request *rq, const struct body_limits *limits)
{
	struct problem *p = read_data(rq, limits);

	if (p != NULL || rq->cut_off ||
	    (p = read_tunnelled_method(rq)) != NULL)
		return p;
	if (rq->token[0] == '\0')
		read_token(rq);
	return limits->file ? NULL : read_format(rq);
}
