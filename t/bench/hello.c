/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The minimal FastCGI worker: the upper limit of all others. */
#include <config.h>

#include <fcgiapp.h>

static const char answer[] =
    "Content-Type: application/json\r\n"
    "Content-Length: 15\r\n"
    "\r\n"
    "{\"hello\":\"you\"}";

int
main(void)
{
	FCGX_Request request;

	if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0)
		return 1;
	while (FCGX_Accept_r(&request) == 0)
		FCGX_PutStr(answer, sizeof(answer) - 1, request.out);
	return 0;
}
