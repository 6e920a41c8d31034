/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/http_post.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/log.h"
#include "courier/address.h"

#define LOOK_MS 100 /* ms between two calls of stop */

/* A POST in progress. */
struct exchange {
	const struct http_post *post;
	struct buffer body;
	bool cut;
	bool refused; /* an address was refused */
	bool opened;  /* a connection was opened: it may have received */
	bool stopped;
	char error[CURL_ERROR_SIZE];
};

/* Checks the address itself before connecting to it, so a name that resolves
 * differently the second time does not evade the check. */
static curl_socket_t
open_socket(void *state, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct exchange *x = state;

	(void)purpose;
	if (!x->post->private_allowed && !address_is_public(&address->addr)) {
		x->refused = true;
		errno = EACCES;
		return CURL_SOCKET_BAD;
	}
	x->opened = true;
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

static size_t
take_body(char *bytes, size_t size, size_t count, void *state)
{
	struct exchange *x = state;
	size_t length = size * count, room = HTTP_ANSWER_MAX - x->body.length;

	buffer_add(&x->body, bytes, length < room ? length : room);
	x->cut = length > room;
	/* Less than length: libcurl aborts the rest. */
	return x->cut ? room : length;
}

static void
set_protocols(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS,
	    (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

static void
set_up(CURL *curl, struct exchange *x, struct curl_slist *headers)
{
	const struct http_post *post = x->post;

	set_protocols(curl);
	curl_easy_setopt(curl, CURLOPT_URL, post->url);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "reeve/" PACKAGE_VERSION);
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)post->length);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)post->connect_timeout_ms);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)post->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, x);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, x->error);
}

static struct curl_slist *
header_list(const struct http_post *post)
{
	/* Without this, libcurl waits a second for a 100 that few servers
	 * send. */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:"), *longer;
	const char *const *header;

	for (header = post->headers; *header != NULL; header++) {
		longer = curl_slist_append(list, *header);
		if (longer == NULL)
			log_fatal(71, "out of memory");
		list = longer;
	}
	return list;
}

/* Uses the multi interface, so that stop can be called during the wait. */
static CURLcode
run(CURLM *multi, struct exchange *x)
{
	const struct http_post *post = x->post;
	CURLMsg *message;
	int running = 1, left;

	while (running != 0) {
		if (post->stop != NULL && post->stop(post->state)) {
			x->stopped = true;
			return CURLE_ABORTED_BY_CALLBACK;
		}
		if (curl_multi_perform(multi, &running) != CURLM_OK)
			return CURLE_FAILED_INIT;
		if (running != 0 && curl_multi_poll(multi, NULL, 0, LOOK_MS,
		    NULL) != CURLM_OK)
			return CURLE_FAILED_INIT;
	}
	message = curl_multi_info_read(multi, &left);
	return message == NULL ? CURLE_FAILED_INIT : message->data.result;
}

static enum http_post_end
end_of(const struct exchange *x, CURLcode code)
{
	if (x->stopped)
		return HTTP_POST_STOPPED;
	switch (code) {
	case CURLE_OK:
		return HTTP_POST_ANSWERED;
	case CURLE_WRITE_ERROR:
		return x->cut ? HTTP_POST_ANSWERED : HTTP_POST_FAILED;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_POST_TIMEOUT;
	case CURLE_COULDNT_RESOLVE_HOST:
		return HTTP_POST_UNREACHED;
	case CURLE_URL_MALFORMAT:
		return HTTP_POST_REFUSED;
	case CURLE_UNSUPPORTED_PROTOCOL:
		/* libcurl also says so of an answer that is not HTTP. */
		return strncmp(x->post->url, "http", 4) == 0 ?
		    HTTP_POST_FAILED : HTTP_POST_REFUSED;
	case CURLE_COULDNT_CONNECT:
		return x->refused && !x->opened ? HTTP_POST_REFUSED :
		    HTTP_POST_UNREACHED;
	default:
		return HTTP_POST_FAILED;
	}
}

static const char *
why_of(struct arena *a, const struct exchange *x, CURLcode code)
{
	if (x->stopped)
		return "broken off because the courier stops";
	if (x->refused && !x->opened && code != CURLE_OK)
		return "its address is not a public one";
	return arena_strdup(a, x->error[0] != '\0' ? x->error :
	    curl_easy_strerror(code));
}

void
http_post(struct arena *a, const struct http_post *post,
    struct http_answer *answer)
{
	struct exchange x = { .post = post };
	struct curl_slist *headers;
	static bool begun;
	CURLcode code;
	CURLM *multi;
	long status = 0;
	CURL *curl;

	if (!begun && curl_global_init(CURL_GLOBAL_ALL) != 0)
		log_fatal(71, "libcurl cannot be used");
	begun = true;
	curl = curl_easy_init();
	multi = curl_multi_init();
	if (curl == NULL || multi == NULL)
		log_fatal(71, "out of memory");
	buffer_init(&x.body, a, 0);
	headers = header_list(post);
	set_up(curl, &x, headers);
	curl_multi_add_handle(multi, curl);
	code = run(multi, &x);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	*answer = (struct http_answer){
		.end = end_of(&x, code),
		.status = (int)status,
		.body = x.body.text,
		.length = x.body.length,
		.cut = x.cut,
		.why = why_of(a, &x, code),
	};
	curl_multi_remove_handle(multi, curl);
	curl_easy_cleanup(curl);
	curl_multi_cleanup(multi);
	curl_slist_free_all(headers);
}
