/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/records.h"

#include <string.h>

#define PROTOCOL_VERSION 1
#define ROLE_RESPONDER 1
#define BEGIN_CONTENT_BYTES 8

#define BEGIN_REQUEST 1
#define ABORT_REQUEST 2
#define PARAMS 4
#define STDIN 5

void
records_begin(struct records *r)
{
	memset(r, 0, sizeof(*r));
}

static void
refuse(struct records *r, const char *what)
{
	r->state = RECORDS_REFUSED;
	r->refusal = what;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* ---- headers ---- */

static unsigned
record_id(const struct records *r)
{
	return (unsigned)r->header[2] << 8 | r->header[3];
}

/* Returns what is wrong with a record for its place, or NULL. */
static const char *
misplaced(const struct records *r)
{
	unsigned type = r->header[1];

	if (r->header[0] != PROTOCOL_VERSION)
		return "a record of another version";
	if (record_id(r) == 0)
		return "a record without a request id";
	if (r->id == 0)
		return type == BEGIN_REQUEST ? NULL :
		    "a first record that begins no request";
	if (record_id(r) != r->id)
		return "a record of another request";
	if (type == BEGIN_REQUEST)
		return "a second begin";
	if (type == ABORT_REQUEST)
		return "the rest: the web server aborts the request";
	if (type != (r->state == RECORDS_HEAD ? PARAMS : STDIN))
		return "a record of a type that has no place here";
	return NULL;
}

static bool
is_complete(const struct parameter *p)
{
	return !p->has_name_length && p->length_left == 0 && p->text_left == 0;
}

/*
 * After BEGIN_REQUEST and the empty PARAMS record libfcgi forgets the padding,
 * and would take it for records.
 */
static const char *
unfit_for_head(const struct records *r)
{
	if (r->header[1] == BEGIN_REQUEST && r->content != BEGIN_CONTENT_BYTES)
		return "a begin of a wrong length";
	if ((r->header[1] == BEGIN_REQUEST || r->content == 0) &&
	    r->padding != 0)
		return "padding after a begin or an end";
	if (r->head_length > RECORDS_HEAD_MAX)
		return "too many bytes of parameters";
	if (r->content == 0 && !is_complete(&r->parameter))
		return "an end within a parameter";
	return NULL;
}

/* The header is complete. */
static void
start_record(struct records *r)
{
	const char *fault = misplaced(r);

	r->header_length = 0;
	r->content = (size_t)r->header[4] << 8 | r->header[5];
	r->padding = r->header[6];
	if (r->state == RECORDS_HEAD)
		r->head_length += RECORD_HEADER_BYTES + r->content +
		    r->padding;
	if (fault == NULL && r->state == RECORDS_HEAD)
		fault = unfit_for_head(r);
	if (fault != NULL) {
		refuse(r, fault);
		return;
	}
	r->id = record_id(r);
	if (r->content == 0)
		r->state = r->state == RECORDS_HEAD ? RECORDS_BODY :
		    RECORDS_ENDED;
}

static size_t
take_header(struct records *r, const unsigned char *bytes, size_t length)
{
	size_t n = least(length, RECORD_HEADER_BYTES - r->header_length);

	memcpy(r->header + r->header_length, bytes, n);
	r->header_length += n;
	if (r->header_length == RECORD_HEADER_BYTES)
		start_record(r);
	return n;
}

static size_t
skip_padding(struct records *r, size_t length)
{
	size_t n = least(length, r->padding);

	r->padding -= n;
	return n;
}

/* ---- contents ---- */

static void
check_begin(struct records *r, const unsigned char *bytes, size_t length)
{
	static const unsigned char role[] = { 0, ROLE_RESPONDER };
	size_t at = BEGIN_CONTENT_BYTES - r->content;

	for (; length > 0 && at < sizeof(role); at++, bytes++, length--)
		if (*bytes != role[at])
			refuse(r, "a request for another role");
}

/* A length is complete: that of the name, or that of the value. */
static void
take_length(struct records *r, struct parameter *p)
{
	if (p->length > RECORDS_HEAD_MAX) {
		refuse(r, "a parameter that is too long");
	} else if (!p->has_name_length) {
		p->name_length = p->length;
		p->has_name_length = true;
	} else {
		p->text_left = p->name_length + p->length;
		p->has_name_length = false;
		if (++r->parameters > RECORDS_PARAMETERS_MAX)
			refuse(r, "too many parameters");
	}
}

static void
take_length_byte(struct records *r, unsigned char byte)
{
	struct parameter *p = &r->parameter;

	if (p->length_left > 0) {
		p->length = p->length << 8 | byte;
		p->length_left--;
	} else if (byte >= 0x80) {
		p->length = byte & 0x7f;
		p->length_left = 3;
	} else {
		p->length = byte;
	}
	if (p->length_left == 0)
		take_length(r, p);
}

static void
check_parameters(struct records *r, const unsigned char *bytes, size_t length)
{
	const unsigned char *end = bytes + length;
	size_t n;

	while (bytes < end && r->state == RECORDS_HEAD) {
		n = least((size_t)(end - bytes), r->parameter.text_left);
		r->parameter.text_left -= n;
		bytes += n;
		if (bytes < end)
			take_length_byte(r, *bytes++);
	}
}

static size_t
take_content(struct records *r, const unsigned char *bytes, size_t length)
{
	size_t n = least(length, r->content);

	if (r->header[1] == BEGIN_REQUEST)
		check_begin(r, bytes, n);
	else
		check_parameters(r, bytes, n);
	r->content -= n;
	return n;
}

/* ---- pieces ---- */

size_t
records_take_head(struct records *r, const void *bytes, size_t length)
{
	const unsigned char *start = bytes, *at = start, *end = start + length;

	while (at < end && r->state == RECORDS_HEAD) {
		if (r->content > 0)
			at += take_content(r, at, (size_t)(end - at));
		else if (r->padding > 0)
			at += skip_padding(r, (size_t)(end - at));
		else
			at += take_header(r, at, (size_t)(end - at));
	}
	return (size_t)(at - start);
}

size_t
records_take_body(struct records *r, void *bytes, size_t length)
{
	unsigned char *start = bytes, *out = start, *at = start;
	unsigned char *end = start + length;
	size_t n;

	while (at < end && r->state == RECORDS_BODY) {
		if (r->content > 0) {
			n = least((size_t)(end - at), r->content);
			memmove(out, at, n);
			r->content -= n;
			out += n;
			at += n;
		} else if (r->padding > 0) {
			at += skip_padding(r, (size_t)(end - at));
		} else {
			at += take_header(r, at, (size_t)(end - at));
		}
	}
	return (size_t)(out - start);
}
