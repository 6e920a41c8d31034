/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/smtp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

/* ---- what is said ---- */

static bool
is_command(const char *bytes, size_t size, const char *command)
{
	size_t length = strlen(command);

	return size >= length && memcmp(bytes, command, length) == 0;
}

/* libcurl waits for the reply to QUIT while nothing else goes on. A smarthost
 * that gives none would hold up all other messages, so none is heard. */
static void
stop_hearing(const struct smtp_exchange *x)
{
	size_t i;

	for (i = 0; i < SMTP_SOCKETS; i++)
		if (x->sockets[i] >= 0)
			(void)shutdown(x->sockets[i], SHUT_RD);
}

static void
hear_command(struct smtp_exchange *x, const char *bytes, size_t size)
{
	if (is_command(bytes, size, "MAIL FROM:")) {
		x->stage = SMTP_ADDRESSES;
	} else if (is_command(bytes, size, "QUIT")) {
		x->stage = SMTP_PARTS;
		stop_hearing(x);
	}
}

static void
keep_reply(struct smtp_exchange *x, const char *bytes, size_t size)
{
	size_t i, length = size < SMTP_REPLY_SIZE ? size : SMTP_REPLY_SIZE - 1;

	for (i = 0; i < length; i++)
		x->reply[i] = bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] :
		    ' ';
	while (length > 0 && x->reply[length - 1] == ' ')
		length--;
	x->reply[length] = '\0';
}

/* The login is among the commands: nothing of this is logged. */
static int
listen_to(CURL *curl, curl_infotype type, char *bytes, size_t size, void *state)
{
	struct smtp_exchange *x = state;

	(void)curl;
	if (type == CURLINFO_HEADER_OUT)
		hear_command(x, bytes, size);
	else if (type == CURLINFO_HEADER_IN && x->stage != SMTP_PARTS)
		keep_reply(x, bytes, size);
	return 0;
}

static size_t
give_text(char *bytes, size_t size, size_t count, void *state)
{
	struct smtp_exchange *x = state;
	size_t left = x->post->length - x->sent, room = size * count;
	size_t length = left < room ? left : room;

	memcpy(bytes, x->post->body + x->sent, length);
	x->sent += length;
	x->stage = SMTP_WRITES;
	return length;
}

/* ---- sockets ---- */

static bool
replace_socket(struct smtp_exchange *x, int fd, int by)
{
	size_t i;

	for (i = 0; i < SMTP_SOCKETS; i++)
		if (x->sockets[i] == fd) {
			x->sockets[i] = by;
			return true;
		}
	return false;
}

bool
smtp_note_socket(struct smtp_exchange *x, int fd)
{
	return replace_socket(x, -1, fd);
}

static int
close_socket(void *state, curl_socket_t fd)
{
	(void)replace_socket(state, fd, -1);
	return close(fd);
}

/* ---- settings ---- */

static void
set_tls(CURL *curl, const struct smtp_mail *mail)
{
	const long verifies = mail->tls == SMTP_TLS_VERIFY;

	curl_easy_setopt(curl, CURLOPT_USE_SSL, mail->tls == SMTP_TLS_OFF ?
	    (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, verifies);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2 * verifies);
	if (mail->ca != NULL)
		curl_easy_setopt(curl, CURLOPT_CAINFO, mail->ca);
}

static void
set_protocols(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
#else
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS,
	    (long)(CURLPROTO_SMTP | CURLPROTO_SMTPS));
#endif
}

void
smtp_begin(struct smtp_exchange *x, CURL *curl, const struct http_post *post)
{
	const struct smtp_mail *mail = post->mail;
	size_t i;

	*x = (struct smtp_exchange){ .post = post };
	for (i = 0; i < SMTP_SOCKETS; i++)
		x->sockets[i] = -1;
	x->to = curl_slist_append(NULL, mail->to);
	if (x->to == NULL)
		log_fatal(71, "out of memory");
	set_protocols(curl);
	set_tls(curl, mail);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, mail->from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, x->to);
	if (mail->user != NULL) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, mail->user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, mail->password);
	}
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_text);
	curl_easy_setopt(curl, CURLOPT_READDATA, x);
	curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE,
	    (curl_off_t)post->length);
	curl_easy_setopt(curl, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, x);
	curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, listen_to);
	curl_easy_setopt(curl, CURLOPT_DEBUGDATA, x);
	curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
}

/* ---- the end ---- */

int
smtp_status(const struct smtp_exchange *x)
{
	return atoi(x->reply);
}

/* A reply before the addresses is about us or about the smarthost: the login, TLS,
 * no service now. */
enum http_post_end
smtp_end_of(const struct smtp_exchange *x, CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return HTTP_POST_ANSWERED;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_POST_TIMEOUT;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return HTTP_POST_UNREACHED;
	default:
		return x->stage != SMTP_GREETS && smtp_status(x) >= 400 ?
		    HTTP_POST_ANSWERED : HTTP_POST_FAILED;
	}
}

void
smtp_free(struct smtp_exchange *x)
{
	curl_slist_free_all(x->to);
}
