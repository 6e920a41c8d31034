/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers that describe a login or a token. */
#ifndef REEVE_API_DESCRIBE_H
#define REEVE_API_DESCRIBE_H

#include "api/call.h"

/* Writes the account and the user of a login. */
void describe_login(struct call *c, const struct login *login);

/* Writes the account and the user of a session. */
void describe_session(struct call *c, const struct session *session);

/* Writes account, user and rights of a token's session, and the token, which
 * may be another than the request's, as id and into the envelope. Nobody may store
 * such an answer. */
void describe_token(struct call *c, const struct session *session,
    const char *token);

#endif
