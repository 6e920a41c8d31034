/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of libcurl's use that requests and messages have in common. A failure
 * ends the program: there is no memory, or no library. */
#ifndef REEVE_COURIER_LIBCURL_H
#define REEVE_COURIER_LIBCURL_H

#include <curl/curl.h>

/* Prepares the library; before its first use, and as often as one likes. */
void libcurl_begin(void);

/* Refuses all protocols but HTTP and HTTPS, whatever the URL says. */
void libcurl_allow_http(CURL *curl);

/* Adds header lines to the list, which may be NULL. lines ends with NULL. The new
 * list is the caller's to free. */
struct curl_slist *libcurl_add_headers(struct curl_slist *list,
    const char *const *lines);

#endif
