/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * POSTs of JSON to servers outside, and mails to a smarthost (courier/smtp.h), one
 * or many at the same time. They follow no redirect, ignore proxies of the
 * environment, speak http and https only (mails: smtp and smtps), and unless
 * allowed to, connect to public addresses only. The
 * connected address itself is checked, so a name that resolves differently the
 * second time does not evade the check.
 */
#ifndef REEVE_COURIER_HTTP_POST_H
#define REEVE_COURIER_HTTP_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define HTTP_ANSWER_MAX (64 * 1024) /* a longer body is cut off */

enum smtp_tls {
	SMTP_TLS_OFF,
	SMTP_TLS_REQUIRED, /* with any certificate */
	SMTP_TLS_VERIFY
};

/* The envelope of a mail, and how the smarthost is met. */
struct smtp_mail {
	const char *from; /* these two fit (base/mail_address.h) */
	const char *to;
	enum smtp_tls tls;
	const char *ca;   /* a file, for VERIFY; NULL: the system's */
	const char *user; /* NULL: there is no login */
	const char *password;
};

struct http_post {
	const char *url;
	const char *const *headers; /* "Name: value"; ends with NULL; of a mail
	                               NULL */
	const char *body; /* of a mail: its headers and text, as they travel */
	size_t length;
	const struct smtp_mail *mail; /* it is a mail; NULL: it is not */
	int64_t connect_timeout_ms;
	int64_t timeout_ms; /* for the whole exchange */
	bool private_allowed;
	/* Of http_post(): called several times a second; true aborts. May be
	 * NULL. */
	bool (*stop)(void *state);
	void *state;
};

enum http_post_end {
	HTTP_POST_ANSWERED,
	HTTP_POST_TIMEOUT,  /* no complete answer in time */
	HTTP_POST_UNREACHED, /* no connection */
	HTTP_POST_FAILED,   /* aborted, or not HTTP */
	HTTP_POST_REFUSED,  /* by us: the URL or its address is not allowed, or
	                       the host has none, where not all are */
	HTTP_POST_STOPPED
};

struct http_answer {
	enum http_post_end end;
	int status;       /* when answered; of a mail: the code of SMTP */
	const char *body; /* NUL-terminated; "": none */
	size_t length;
	bool cut;         /* the body was longer than HTTP_ANSWER_MAX */
	const char *why;  /* a text for people, unless answered */
};

/* ---- many at the same time ---- */

struct http_transfers;
struct http_transfer;

/* No memory ends the process. */
struct http_transfers *http_transfers_new(void);

/* Frees *t, of which no transfer is under way, and sets it to NULL. */
void http_transfers_free(struct http_transfers **t);

/* Begins to send post, which is lent until the end. The transfer is the
 * arena's; it must be ended before the arena. owner is not NULL. */
struct http_transfer *http_transfer_begin(struct http_transfers *among,
    struct arena *a, const struct http_post *post, void *owner);

/*
 * Waits until something happens, wait_ms at most (0: not at all). *owner: of a
 * transfer that is over and is to be ended now, or NULL. Each is reported once.
 * False: libcurl is unable to go on; only http_transfer_end() is left.
 */
bool http_transfers_wait(struct http_transfers *t, int wait_ms, void **owner)
    MUSTCHECK;

/* Ends a transfer; *answer is its arena's. One that is not over is broken off:
 * HTTP_POST_STOPPED. */
void http_transfer_end(struct http_transfer *x, struct http_answer *answer);

/* ---- a single one ---- */

/* Sends post; *answer is the arena's. */
void http_post(struct arena *a, const struct http_post *post,
    struct http_answer *answer);

#endif
