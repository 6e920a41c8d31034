/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain CGI: the environment, standard input and standard output. */
#ifndef REEVE_HTTP_CGI_H
#define REEVE_HTTP_CGI_H

#include <stdbool.h>

#include "http/gateway.h"

/* True if a web server started this process as a CGI program. */
bool cgi_requested(void);

/* Returns the single request of this process. Static; never NULL. */
struct gateway *cgi_gateway(void);

#endif
