/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/http_post.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "base/buffer.h"
#include "base/log.h"
#include "courier/libcurl.h"
#include "courier/smtp.h"

#define LOOK_MS 100 /* ms between two calls of stop */

struct http_transfers {
	CURLM *multi;
};

struct http_transfer {
	struct http_transfers *among;
	const struct http_post *post;
	void *owner;
	struct arena *arena;
	CURL *curl;
	struct curl_slist *headers;
	struct smtp_exchange mail; /* where the post has one */
	struct buffer body;
	bool cut;
	bool refused; /* an address was refused */
	bool opened;  /* a connection was opened: it may have received */
	bool ended;   /* else it is broken off */
	CURLcode code;
	char error[CURL_ERROR_SIZE];
};

/* Checks the address itself before connecting to it, so a name that resolves
 * differently the second time does not evade the check. */
static curl_socket_t
open_socket(void *state, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct http_transfer *x = state;
	int fd;

	(void)purpose;
	if (!x->post->private_allowed && !address_is_public(&address->addr)) {
		x->refused = true;
		errno = EACCES;
		return CURL_SOCKET_BAD;
	}
	x->opened = true;
	fd = socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
	if (fd >= 0 && x->post->mail != NULL &&
	    !smtp_note_socket(&x->mail, fd)) {
		close(fd);
		return CURL_SOCKET_BAD;
	}
	return fd;
}

static size_t
take_body(char *bytes, size_t size, size_t count, void *state)
{
	struct http_transfer *x = state;
	size_t length = size * count, room = HTTP_ANSWER_MAX - x->body.length;

	buffer_add(&x->body, bytes, length < room ? length : room);
	x->cut = length > room;
	/* Less than length: libcurl aborts the rest. */
	return x->cut ? room : length;
}

static void
set_up_http(CURL *curl, const struct http_transfer *x)
{
	const struct http_post *post = x->post;

	libcurl_allow_http(curl);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "reeve/" PACKAGE_VERSION);
	curl_easy_setopt(curl, CURLOPT_POST, 1L);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->body);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)post->length);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, x->headers);
}

static void
set_up(CURL *curl, struct http_transfer *x)
{
	const struct http_post *post = x->post;

	if (post->mail != NULL)
		smtp_begin(&x->mail, curl, post);
	else
		set_up_http(curl, x);
	curl_easy_setopt(curl, CURLOPT_URL, post->url);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)post->connect_timeout_ms);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)post->timeout_ms);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, x);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, x->error);
	curl_easy_setopt(curl, CURLOPT_PRIVATE, x);
	/* libcurl sends again, by itself, what an idle connection lost. */
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
}

static struct curl_slist *
header_list(const struct http_post *post)
{
	/* Without this, libcurl waits a second for a 100 that few servers
	 * send. */
	static const char *const first[] = { "Expect:", NULL };

	return libcurl_add_headers(libcurl_add_headers(NULL, first),
	    post->headers);
}

/* A name that the network of this host does not know, and one that leads into
 * it, look alike: the owner of a webhook could map that network otherwise. */
static bool
leads_nowhere(const struct http_transfer *x)
{
	return !x->post->private_allowed && x->ended &&
	    (x->code == CURLE_COULDNT_RESOLVE_HOST ||
	    (x->refused && !x->opened && x->code != CURLE_OK));
}

static enum http_post_end
end_of(const struct http_transfer *x)
{
	if (!x->ended)
		return HTTP_POST_STOPPED;
	if (leads_nowhere(x))
		return HTTP_POST_REFUSED;
	if (x->post->mail != NULL)
		return smtp_end_of(&x->mail, x->code);
	switch (x->code) {
	case CURLE_OK:
		return HTTP_POST_ANSWERED;
	case CURLE_WRITE_ERROR:
		return x->cut ? HTTP_POST_ANSWERED : HTTP_POST_FAILED;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_POST_TIMEOUT;
	case CURLE_URL_MALFORMAT:
		return HTTP_POST_REFUSED;
	case CURLE_UNSUPPORTED_PROTOCOL:
		/* libcurl also says so of an answer that is not HTTP. */
		return strncmp(x->post->url, "http", 4) == 0 ?
		    HTTP_POST_FAILED : HTTP_POST_REFUSED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return HTTP_POST_UNREACHED;
	default:
		return HTTP_POST_FAILED;
	}
}

static const char *
why_of(const struct http_transfer *x)
{
	if (!x->ended)
		return "broken off because the courier stops";
	if (leads_nowhere(x))
		return "its host has no public address";
	return arena_strdup(x->arena, x->error[0] != '\0' ? x->error :
	    curl_easy_strerror(x->code));
}

/* ---- many at the same time ---- */

struct http_transfers *
http_transfers_new(void)
{
	struct http_transfers *t = calloc(1, sizeof(*t));

	libcurl_begin();
	if (t == NULL || (t->multi = curl_multi_init()) == NULL)
		log_fatal(71, "out of memory");
	return t;
}

void
http_transfers_free(struct http_transfers **t)
{
	curl_multi_cleanup((*t)->multi);
	free(*t);
	*t = NULL;
}

struct http_transfer *
http_transfer_begin(struct http_transfers *among, struct arena *a,
    const struct http_post *post, void *owner)
{
	struct http_transfer *x = arena_alloc(a, sizeof(*x));

	x->among = among;
	x->post = post;
	x->owner = owner;
	x->arena = a;
	buffer_init(&x->body, a, 0);
	x->headers = post->mail != NULL ? NULL : header_list(post);
	x->curl = curl_easy_init();
	if (x->curl == NULL)
		log_fatal(71, "out of memory");
	set_up(x->curl, x);
	if (curl_multi_add_handle(among->multi, x->curl) != CURLM_OK)
		log_fatal(71, "libcurl takes no further transfer");
	return x;
}

/* The owner of a transfer that has ended and was not reported yet. */
static void *
take_ended(struct http_transfers *t)
{
	struct http_transfer *x = NULL;
	CURLMsg *message;
	int left;

	if ((message = curl_multi_info_read(t->multi, &left)) == NULL)
		return NULL;
	curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &x);
	x->ended = true;
	x->code = message->data.result;
	return x->owner;
}

bool
http_transfers_wait(struct http_transfers *t, int wait_ms, void **owner)
{
	int running;

	if (curl_multi_perform(t->multi, &running) != CURLM_OK)
		return false;
	if ((*owner = take_ended(t)) != NULL || wait_ms == 0)
		return true;
	if (curl_multi_poll(t->multi, NULL, 0, wait_ms, NULL) != CURLM_OK ||
	    curl_multi_perform(t->multi, &running) != CURLM_OK)
		return false;
	*owner = take_ended(t);
	return true;
}

void
http_transfer_end(struct http_transfer *x, struct http_answer *answer)
{
	long status = 0;

	if (x->post->mail != NULL) {
		buffer_clear(&x->body);
		buffer_puts(&x->body, x->mail.reply);
		status = smtp_status(&x->mail);
	} else {
		curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &status);
	}
	*answer = (struct http_answer){
		.end = end_of(x),
		.status = (int)status,
		.body = x->body.text,
		.length = x->body.length,
		.cut = x->cut,
		.why = why_of(x),
	};
	curl_multi_remove_handle(x->among->multi, x->curl);
	curl_easy_cleanup(x->curl);
	curl_slist_free_all(x->headers);
	if (x->post->mail != NULL)
		smtp_free(&x->mail);
}

/* ---- a single one ---- */

void
http_post(struct arena *a, const struct http_post *post,
    struct http_answer *answer)
{
	struct http_transfers *transfers = http_transfers_new();
	struct http_transfer *x = http_transfer_begin(transfers, a, post, a);
	void *owner = NULL;

	while (owner == NULL && (post->stop == NULL || !post->stop(post->state)))
		if (!http_transfers_wait(transfers, LOOK_MS, &owner))
			break;
	http_transfer_end(x, answer);
	http_transfers_free(&transfers);
}
