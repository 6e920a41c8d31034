/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/cgi.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Remaining body bytes; UNTIL_END: the length is unknown. */
#define UNTIL_END INT64_MAX

static int64_t left;

static bool
is_listening(int fd)
{
	socklen_t size = sizeof(int);
	int listening = 0;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening,
	    &size) == 0 && listening != 0;
}

bool
cgi_requested(void)
{
	return getenv("GATEWAY_INTERFACE") != NULL &&
	    getenv("REQUEST_METHOD") != NULL && !is_listening(STDIN_FILENO);
}

/*
 * Without a length there is no body, and reading might wait for ever. The
 * exception is a chunked body that the web server passes on.
 */
static int64_t
body_length(void)
{
	const char *text = getenv("CONTENT_LENGTH");
	const char *coding = getenv("HTTP_TRANSFER_ENCODING");

	if (text != NULL && text[0] != '\0')
		return text[strspn(text, "0123456789")] == '\0' ?
		    strtoll(text, NULL, 10) : 0;
	return coding != NULL && strstr(coding, "chunked") != NULL ?
	    UNTIL_END : 0;
}

static const char *
get_param(struct gateway *g, const char *name)
{
	(void)g;
	return getenv(name);
}

static ssize_t
read_body(struct gateway *g, void *bytes, size_t size)
{
	ssize_t n;

	(void)g;
	if (left == 0)
		return 0;
	if ((uint64_t)left < size)
		size = (size_t)left;
	do
		n = read(STDIN_FILENO, bytes, size);
	while (n < 0 && errno == EINTR);
	if (n == 0 && left != UNTIL_END)
		return -1;
	if (n > 0 && left != UNTIL_END)
		left -= n;
	return n;
}

static bool
write_body(struct gateway *g, const void *bytes, size_t length)
{
	const char *at = bytes;
	ssize_t n;

	(void)g;
	while (length > 0) {
		n = write(STDOUT_FILENO, at, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += n;
		length -= (size_t)n;
	}
	return true;
}

struct gateway *
cgi_gateway(void)
{
	static struct gateway gateway = {
		.param = get_param,
		.read = read_body,
		.write = write_body,
	};

	left = body_length();
	return &gateway;
}
