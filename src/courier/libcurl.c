/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/libcurl.h"

#include <stdbool.h>

#include "base/log.h"

void
libcurl_begin(void)
{
	static bool begun;

	if (!begun && curl_global_init(CURL_GLOBAL_ALL) != 0)
		log_fatal(71, "libcurl cannot be used");
	begun = true;
}

void
libcurl_allow_http(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS,
	    (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

struct curl_slist *
libcurl_add_headers(struct curl_slist *list, const char *const *lines)
{
	struct curl_slist *longer;

	for (; *lines != NULL; lines++) {
		longer = curl_slist_append(list, *lines);
		if (longer == NULL)
			log_fatal(71, "out of memory");
		list = longer;
	}
	return list;
}
