/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/recovery.h"

#include <string.h>

#include "base/domain.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mail_address.h"
#include "service/login_limit.h"
#include "service/mail.h"
#include "service/object.h"
#include "service/portal.h"
#include "store/accounts.h"
#include "store/login_failures.h"
#include "store/resets.h"
#include "store/whitelabels.h"

#define ID_BYTES 32
#define RESET_ID_SIZE 44 /* base64url */
#define NAME_IN_MAIL_MAX 32

/* ---- the limit ---- */

/* An account may be asked about this many times as often as an address may ask, so
 * that one address alone does not use it up. */
#define ACCOUNT_SHARE 4

/* Of an account that may not exist. Both name and realm, since either may lead to
 * it. */
static struct login_subjects
subjects_of(struct arena *a, const struct recovery_ask *ask)
{
	struct login_subjects s = {
		.network = login_limit_subject(a, "recovery from",
		    ask->network),
	};

	if (ask->account_id != NULL) {
		s.name = login_limit_subject(a, "recovery id",
		    ask->account_id);
		return s;
	}
	if (ask->account_name != NULL)
		s.name = login_limit_subject(a, "recovery name",
		    store_account_name_key(a, ask->account_name));
	if (ask->realm != NULL)
		s.realm = login_limit_subject(a, "recovery realm",
		    arena_lower(a, ask->realm));
	return s;
}

static int64_t
wait_of(const struct login_memory *memory, int64_t forgotten, int64_t now)
{
	int64_t wait = forgotten - now - (memory->most - 1) * memory->refill_s;

	return wait > 0 ? wait : 0;
}

struct problem *
recovery_limit(struct db *db, struct arena *a, const struct config *config,
    const struct recovery_ask *ask, int64_t *wait_s)
{
	const struct login_subjects subjects = subjects_of(a, ask);
	const struct login_subjects client = { .network = subjects.network };
	const struct login_subjects account = { .name = subjects.name,
		.realm = subjects.realm };
	const struct login_memory of_client = { config->recovery_burst,
		config->recovery_refill_s };
	const struct login_memory of_account = {
		config->recovery_burst * ACCOUNT_SHARE,
		config->recovery_refill_s < ACCOUNT_SHARE ? 1 :
		config->recovery_refill_s / ACCOUNT_SHARE };
	struct login_failures counted;
	struct problem *p;
	int64_t wait;

	if ((p = store_login_failures(db, a, &subjects, &counted)) != NULL)
		return p;
	*wait_s = wait_of(&of_client, counted.network, ask->now);
	wait = wait_of(&of_account, counted.account, ask->now);
	if (wait > *wait_s)
		*wait_s = wait;
	if (*wait_s > 0)
		return NULL;
	p = store_login_fail(db, a, &client, &of_client, ask->now);
	return p != NULL ? p :
	    store_login_fail(db, a, &account, &of_account, ask->now);
}

/* ---- links ---- */

#define HOST_SIGNS "abcdefghijklmnopqrstuvwxyz0123456789.-"

/* "https://host[:port]", of a URL. */
static size_t
origin_length(const char *url)
{
	const char *begin = strstr(url, "://");

	return begin == NULL ? strlen(url) :
	    (size_t)(begin + 3 - url) + strcspn(begin + 3, "/?#");
}

/* The path of a URL that was asked for; NULL: it has signs that have no business
 * there. A query and a fragment are left out. */
static const char *
path_in(struct arena *a, const char *url)
{
	static const char signs[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._~-";
	const char *rest = url + origin_length(url);
	size_t length = strcspn(rest, "?#");

	if (length == 0)
		return "/";
	return strspn(rest, signs) >= length && strncmp(rest, "//", 2) != 0 ?
	    arena_strndup(a, rest, length) : NULL;
}

static const char *
with_id(struct arena *a, const char *url, const char *reset_id)
{
	size_t length = strcspn(url, "#");

	return arena_printf(a, "%.*s%crecovery=%s", (int)length, url,
	    memchr(url, '?', length) == NULL ? '?' : '&', reset_id);
}

const char *
recovery_link(struct arena *a, const char *ui_url, const char *domain,
    const char *asked, const char *reset_id)
{
	const char *host = asked == NULL ? "" : domain_of_url(a, asked);
	const char *path = host[0] == '\0' ? NULL : path_in(a, asked);

	/* An imported document may have anything in the place of a domain. */
	domain = domain == NULL ? NULL : arena_lower(a, domain);
	if (domain != NULL && (domain[0] == '\0' ||
	    domain[strspn(domain, HOST_SIGNS)] != '\0'))
		domain = NULL;
	if (path != NULL && domain != NULL && strcmp(host, domain) == 0)
		return with_id(a, arena_printf(a, "https://%s%s", domain, path),
		    reset_id);
	/* The scheme and the port are those that were configured. */
	if (path != NULL && ui_url[0] != '\0' &&
	    strcmp(host, domain_of_url(a, ui_url)) == 0)
		return with_id(a, arena_printf(a, "%.*s%s",
		    (int)origin_length(ui_url), ui_url, path), reset_id);
	if (domain != NULL)
		return with_id(a, arena_printf(a, "https://%s/", domain),
		    reset_id);
	return ui_url[0] == '\0' ? NULL : with_id(a, ui_url, reset_id);
}

/* ---- asking ---- */

static const char *
new_reset_id(struct arena *a)
{
	unsigned char bytes[ID_BYTES];
	char *id = arena_alloc(a, RESET_ID_SIZE);

	secret_random(bytes, sizeof(bytes));
	secret_base64url(bytes, sizeof(bytes), id, RESET_ID_SIZE);
	return id;
}

/* An admin chooses the name and the address of a user: a mail of ours brings
 * nobody a text or a link of theirs. */
static const char *
name_in_mail(struct arena *a, const char *username, const char *email)
{
	static const char signs[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	const char *name = arena_lower(a, username);
	size_t length = strlen(name);

	if ((length <= NAME_IN_MAIL_MAX && strspn(name, signs) == length) ||
	    strcmp(name, arena_lower(a, email)) == 0)
		return arena_printf(a, "the user\n%s", name);
	return "a user\nwith this address";
}

static struct mail
mail_of(struct arena *a, const struct recovery_ask *ask,
    const struct recovering_user *user, const char *link)
{
	return (struct mail){
		.to = user->email,
		.subject = "Your password",
		.text = arena_printf(a,
		    "Somebody, probably you, asked for a new password for "
		    "%s.\n\nTo choose one, open this link within an hour. "
		    "It works once:\n\n%s\n\nIf it was not you, do nothing: "
		    "your password stays as it is.\n",
		    name_in_mail(a, ask->username, user->email), link),
		.lasts_s = RECOVERY_LIFE_S,
	};
}

struct asking {
	const struct config *config;
	const struct recovery_ask *ask;
	const char *outcome;
};

static void
leave_none(struct arena *a, struct asking *asking,
    const struct recovering_user *user, const char *why)
{
	asking->outcome = arena_printf(a, "no mail: user %s of account %s %s",
	    user->user_id, user->account_id, why);
}

static struct problem *
leave_link(struct db *db, struct arena *a, struct asking *asking,
    const struct recovering_user *user)
{
	const struct recovery_ask *ask = asking->ask;
	const char *address = arena_lower(a, user->email);
	const struct new_reset reset = {
		.id = new_reset_id(a),
		.user = user,
		.soon = login_limit_subject(a, "mail to", address),
		.often = login_limit_subject(a, "mails to", address),
		.gap_s = RECOVERY_GAP_S,
		.most = RECOVERY_MOST,
		.now = ask->now,
		.expires = ask->now + RECOVERY_LIFE_S,
	};
	const struct mail_occasion occasion = { user->account_id, "recovery",
		ask->now };
	const struct whitelabel_search search = {
		.account_id = user->account_id,
		.reserved = portal_host(a, asking->config),
		.now = ask->now,
	};
	struct whitelabel *seen;
	const char *link;
	struct mail mail;
	struct problem *p;
	bool added;

	if ((p = store_whitelabel_find(db, a, &search, &seen)) != NULL)
		return p;
	link = recovery_link(a, asking->config->ui_url, seen == NULL ? NULL :
	    seen->domain, ask->ui_url, reset.id);
	if (link == NULL) {
		log_warn("account %s has neither a whitelabel domain nor "
		    "ui_url: its users recover no passwords",
		    user->account_id);
		leave_none(a, asking, user, "has no pages");
		return NULL;
	}
	p = store_reset_add(db, a, &reset, &added);
	if (p == NULL && !added)
		leave_none(a, asking, user, "had one a moment ago, or as many "
		    "as may wait");
	if (p != NULL || !added)
		return p;
	asking->outcome = arena_printf(a, "user %s of account %s",
	    user->user_id, user->account_id);
	mail = mail_of(a, ask, user, link);
	return mail_leave(db, a, &occasion, &mail);
}

static struct problem *
find_and_leave(struct db *db, struct arena *a, void *state)
{
	struct asking *asking = state;
	const struct recovery_ask *ask = asking->ask;
	const bool by_id = ask->account_id != NULL;
	const struct recovery_claim claim = {
		.account_id = ask->account_id,
		.realm = by_id || ask->realm == NULL ? NULL :
		    arena_lower(a, ask->realm),
		.name_key = by_id || ask->account_name == NULL ? NULL :
		    store_account_name_key(a, ask->account_name),
		.username = arena_lower(a, ask->username),
		.now = ask->now,
	};
	struct recovering_user *user;
	struct problem *p;

	asking->outcome = "no mail: no such user in use";
	p = store_recovery_find(db, a, &claim, &user);
	if (p != NULL || user == NULL)
		return p;
	if (user->email != NULL && is_mail_address(user->email))
		return leave_link(db, a, asking, user);
	leave_none(a, asking, user, user->email == NULL ?
	    "has no e-mail address" : "has an e-mail address that no mail "
	    "can be sent to");
	return NULL;
}

struct problem *
recovery_ask(struct db *db, struct arena *a, const struct config *config,
    const struct recovery_ask *ask, const char **outcome)
{
	struct asking asking = { .config = config, .ask = ask };
	struct problem *p = db_transaction(db, a, find_and_leave, &asking);

	*outcome = asking.outcome;
	return p;
}

/* ---- redeeming ---- */

struct redemption {
	struct recovery *recovery;
	const struct found_reset *reset;
};

/* The document is not checked again: one that was good under earlier rules must
 * not keep its user out. */
static struct problem *
prepare_user(struct object_batch *batch, struct db *db, struct arena *a)
{
	const struct login *login = batch->state;
	struct object_change *change = &batch->changes[batch->count];
	struct object *user;
	struct problem *p;

	p = store_object_show(db, a, login->account_id, &kind_users,
	    login->user_id, &user);
	if (p != NULL)
		return p;
	if (user == NULL)
		return problem_new(a, PROBLEM_INVALID_CREDENTIALS);
	*change = (struct object_change){
		.kind = &kind_users,
		.id = user->id,
		.before = user->document,
		.document = json_own(a, json_public_copy(user->document)),
		.place = "",
	};
	json_put_bool(change->document, "require_password_update", true);
	batch->count++;
	return NULL;
}

/* As each change of a user locks: the account, the user, then the resets. */
static struct problem *
redeem(struct db *db, struct arena *a, void *state)
{
	struct redemption *r = state;
	struct recovery *recovery = r->recovery;
	const struct login *login = &r->reset->login;
	const struct actor actor = recovery->actor_of(a, login,
	    recovery->state);
	struct login lent = *login;
	struct object_batch batch = {
		.account_id = login->account_id,
		.rule = CHANGE_UNASKED,
		.prepare = prepare_user,
		.state = &lent,
	};
	struct problem *p;
	bool taken;

	if ((p = object_batch_commit(db, a, &actor, &batch)) != NULL ||
	    (p = store_reset_take(db, a, r->reset, recovery->terms.now,
	    &taken)) != NULL)
		return p;
	return !taken ? problem_new(a, PROBLEM_INVALID_CREDENTIALS) :
	    login_issue_within(db, a, login, &recovery->terms,
	    recovery->token);
}

struct problem *
recovery_redeem(struct db *db, struct arena *a, struct recovery *recovery)
{
	struct redemption redemption = { .recovery = recovery };
	struct found_reset *reset;
	struct problem *p;

	p = store_reset_find(db, a, recovery->reset_id, recovery->terms.now,
	    &reset);
	if (p != NULL)
		return p;
	if (reset == NULL)
		return problem_new(a, PROBLEM_INVALID_CREDENTIALS);
	recovery->login = &reset->login;
	redemption.reset = reset;
	return db_transaction(db, a, redeem, &redemption);
}
