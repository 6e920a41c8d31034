/* SPDX-License-Identifier: GPL-3.0-or-later */
/* user_auth/recovery: a user who forgot the password gets a link by e-mail. */
#include "config.h"

#include <string.h>
#include <time.h>

#include "api/actor.h"
#include "api/describe.h"
#include "api/handlers.h"
#include "api/login.h"
#include "base/clock.h"
#include "base/log.h"
#include "service/mail.h"
#include "service/recovery.h"

/* ---- asking ---- */

/* The least time of an answer: more than it takes to leave a mail, as some asks do. */
#define ANSWER_MS 50

/* The answer tells nothing, and neither does its time. */
static void
wait_until(int64_t end_ms)
{
	const int64_t left_ms = end_ms - clock_monotonic_ms();
	const struct timespec pause = { .tv_nsec = left_ms * 1000000 };

	if (left_ms > 0)
		nanosleep(&pause, NULL);
}

static struct problem *
check_limit(struct call *c, const struct recovery_ask *ask)
{
	struct problem *p;
	int64_t wait_s;

	p = recovery_limit(c->db, c->arena, c->config, ask, &wait_s);
	if (p != NULL || wait_s == 0)
		return p;
	log_info("recovery refused from %s", ask->network);
	p = problem_new(c->arena, PROBLEM_TOO_MANY_REQUESTS);
	p->retry_after_s = (int)wait_s;
	return p;
}

static struct problem *
leave_mail(struct call *c, const struct recovery_ask *ask)
{
	int64_t end_ms = clock_monotonic_ms() + ANSWER_MS;
	const char *outcome;
	struct problem *p;

	p = recovery_ask(c->db, c->arena, c->config, ask, &outcome);
	if (p == NULL)
		log_info("recovery asked from %s: %s", ask->network,
		    outcome);
	wait_until(end_ms);
	return p;
}

struct problem *
recovery_create(struct call *c)
{
	struct json_object *data = c->body;
	struct client client;
	struct recovery_ask ask = {
		.account_id = json_string_at(data, "account_id"),
		.realm = json_string_at(data, "account_realm"),
		.account_name = json_string_at(data, "account_name"),
		.username = json_string_at(data, "username"),
		.ui_url = json_string_at(data, "ui_url"),
		.now = c->now,
	};
	struct problem *p;

	if (!mail_is_on(c->config))
		return problem_invalid(c->arena, "username", "unavailable",
		    "Recovery of passwords by e-mail is not set up here");
	if (ask.realm == NULL)
		ask.realm = json_string_at(data, "realm");
	if (ask.account_id == NULL && ask.realm == NULL &&
	    ask.account_name == NULL)
		return problem_invalid(c->arena, "account_name", "required",
		    "account_name or account_realm is required but missing");
	client_of(request_header(c->request, "REMOTE_ADDR"), &client);
	ask.network = client.network;
	if ((p = check_limit(c, &ask)) != NULL ||
	    (p = leave_mail(c, &ask)) != NULL)
		return p;
	c->response->status = 201;
	json_string(&c->response->json, "If there is such a user with an "
	    "e-mail address, a link to choose a new password is sent to it.");
	return NULL;
}

/* ---- redeeming ---- */

/* The change of the user is the user's own. */
static struct actor
actor_of(struct arena *a, const struct login *login, void *state)
{
	struct call as_user = *(const struct call *)state;
	const struct session session = {
		.account_id = login->account_id,
		.user_id = login->user_id,
		.account_name = login->account_name,
	};

	(void)a;
	as_user.session = &session;
	return actor_of_call(&as_user);
}

struct problem *
recovery_redeem_link(struct call *c)
{
	struct recovery recovery = {
		.reset_id = json_string_at(c->body, "reset_id"),
		.terms = {
			.method = "cb_user_auth",
			.now = c->now,
			.life_s = c->config->token_expiry_s,
		},
		.actor_of = actor_of,
		.state = c,
	};
	struct attempt attempt;
	struct problem *p;

	attempt_init(c, &attempt, NULL, "reset id");
	if ((p = attempt_begin(c, &attempt)) != NULL ||
	    (p = attempt_end(c, &attempt, recovery_redeem(c->db, c->arena,
	    &recovery))) != NULL)
		return p;
	log_info("password of user %s of account %s recovered from %s",
	    recovery.login->user_id, recovery.login->account_id,
	    attempt.client.address);
	c->response->auth_token = arena_strdup(c->arena, recovery.token);
	describe_login(c, recovery.login);
	return NULL;
}
