/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One e-mail to a smarthost by SMTP: what http_post.c tells libcurl instead of a
 * POST, and what it makes of the end. Its answer is the reply that decided: its
 * code is the status, its text the body.
 */
#ifndef REEVE_COURIER_SMTP_H
#define REEVE_COURIER_SMTP_H

#include <curl/curl.h>

#include "courier/http_post.h"

#define SMTP_REPLY_SIZE 256
#define SMTP_SOCKETS 8 /* of one exchange: it tries several addresses */

/* How far an exchange has come. */
enum smtp_stage {
	SMTP_GREETS,  /* up to the login */
	SMTP_ADDRESSES,
	SMTP_WRITES,  /* the text */
	SMTP_PARTS    /* what comes now changes nothing */
};

/* An exchange under way. */
struct smtp_exchange {
	const struct http_post *post;
	struct curl_slist *to;
	enum smtp_stage stage;
	size_t sent; /* bytes of the text */
	int sockets[SMTP_SOCKETS]; /* that are open; -1: none */
	char reply[SMTP_REPLY_SIZE]; /* the last one before SMTP_PARTS; without
	                                control characters */
};

/* Prepares curl to send post, whose mail is set; *x is lent until the end. */
void smtp_begin(struct smtp_exchange *x, CURL *curl,
    const struct http_post *post);

/* A socket was opened for it. False: it has too many. */
bool smtp_note_socket(struct smtp_exchange *x, int fd) MUSTCHECK;

/* How it ended: ANSWERED where the smarthost took the mail, or refused it by a
 * reply; FAILED where it did not come to that. */
enum http_post_end smtp_end_of(const struct smtp_exchange *x, CURLcode code);

/* The code of the reply; 0: there was none. */
int smtp_status(const struct smtp_exchange *x);

/* After the handle was cleaned up. */
void smtp_free(struct smtp_exchange *x);

#endif
