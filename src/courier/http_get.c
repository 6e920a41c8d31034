/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/http_get.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/log.h"
#include "courier/libcurl.h"

struct http_client {
	CURL *curl;
	char error[CURL_ERROR_SIZE];
};

/* An answer that is being received. */
struct receipt {
	struct arena *arena;
	struct buffer body;
	size_t most;
	struct http_got *got;
};

struct http_client *
http_client_new(void)
{
	struct http_client *client = calloc(1, sizeof(*client));

	libcurl_begin();
	if (client == NULL || (client->curl = curl_easy_init()) == NULL)
		log_fatal(71, "out of memory");
	return client;
}

void
http_client_free(struct http_client **client)
{
	curl_easy_cleanup((*client)->curl);
	free(*client);
	*client = NULL;
}

static size_t
take_body(char *bytes, size_t size, size_t count, void *state)
{
	struct receipt *r = state;
	size_t length = size * count, room = r->most - r->body.length;

	buffer_add(&r->body, bytes, length < room ? length : room);
	r->got->cut = length > room;
	/* Less than length: libcurl aborts the rest. */
	return r->got->cut ? room : length;
}

/* The value of a header line of this name, without its blanks. NULL: the line
 * has another name. */
static const char *
value_of(struct receipt *r, const char *line, size_t length, const char *name)
{
	size_t skip = strlen(name);
	char *value;

	if (length <= skip || strncasecmp(line, name, skip) != 0 ||
	    line[skip] != ':')
		return NULL;
	for (skip++; skip < length && (line[skip] == ' ' || line[skip] == '\t');)
		skip++;
	while (length > skip && strchr("\r\n \t", line[length - 1]) != NULL)
		length--;
	value = arena_alloc(r->arena, length - skip + 1);
	memcpy(value, line + skip, length - skip);
	return value;
}

static size_t
take_header(char *bytes, size_t size, size_t count, void *state)
{
	struct receipt *r = state;
	size_t length = size * count;
	const char *value;

	if ((value = value_of(r, bytes, length, "Location")) != NULL)
		r->got->location = value;
	else if ((value = value_of(r, bytes, length, "Retry-After")) != NULL &&
	    strlen(value) < 10 && strspn(value, "0123456789") == strlen(value))
		r->got->retry_after_s = strtoll(value, NULL, 10);
	return length;
}

static void
set_up(struct http_client *client, const struct http_get *get,
    struct curl_slist *headers, struct receipt *r)
{
	CURL *curl = client->curl;

	curl_easy_reset(curl);
	libcurl_allow_http(curl);
	curl_easy_setopt(curl, CURLOPT_URL, get->url);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "reevectl/" PACKAGE_VERSION);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "identity");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)get->connect_timeout_ms);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)get->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, r);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, r);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->error);
}

void
http_get(struct http_client *client, struct arena *a,
    const struct http_get *get, struct http_got *got)
{
	struct receipt receipt = { .arena = a, .most = get->most, .got = got };
	struct curl_slist *headers = libcurl_add_headers(NULL, get->headers);
	long status = 0;
	CURLcode code;

	*got = (struct http_got){ .status = 0 };
	buffer_init(&receipt.body, a, 0);
	set_up(client, get, headers, &receipt);
	client->error[0] = '\0';
	code = curl_easy_perform(client->curl);
	curl_slist_free_all(headers);
	if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && got->cut))
		curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
	got->status = (int)status;
	got->body = receipt.body.text;
	got->length = receipt.body.length;
	got->why = status != 0 ? NULL : arena_strdup(a,
	    client->error[0] != '\0' ? client->error : curl_easy_strerror(code));
}
