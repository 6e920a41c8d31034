/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens, API keys and credentials (rules/accounts 10 to 14).
 * Secrets leave here only as digests.
 */
#ifndef REEVE_STORE_AUTH_H
#define REEVE_STORE_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "base/token.h"
#include "store/db.h"

/* A user, in an account. */
struct user_key {
	const char *account_id;
	const char *id;
};

/* The account and user of a token, and their relation to a target account. */
struct session {
	const char *account_id;
	const char *user_id; /* NULL: not a person */
	const char *method;  /* how the token was issued: "cb_user_auth"... */
	int64_t token_expires; /* Gregorian seconds, 0: never */
	const char *account_name;
	bool account_enabled;
	int64_t account_expires; /* Gregorian seconds, 0: never */
	const char *reseller_id;
	bool is_reseller;
	bool is_master; /* the system admin (rules/accounts 1) */
	const char *language;
	bool user_enabled; /* true when there is no user */
	const char *target_id; /* NULL: there is no such account */
	const char *target_name;
	const char *target_reseller_id;
	bool target_reseller_is_master;
	int64_t depth; /* steps down to the target; -1: it is not at or below */
	const char *username; /* of the user; these four may be NULL */
	const char *first_name;
	const char *last_name;
	const char *email;
	const char *priv_level; /* of the user, as are its document's; NULL: no */
	const char *role;       /* user, or none is said */
	bool had_users; /* the installation, before they had roles */
	const char *restrictions; /* that the login asked for, as
	                             base/token_rules.h has it; NULL: none */
	const char *rules; /* as there, from its account's template; NULL: none */
};

/*
 * The session of a token, in one round trip, with its relation to the account
 * target ("": none). *out is NULL for a token that was never issued, was
 * revoked, or expired long ago; the caller checks for expiry.
 */
struct problem *store_session_find(struct db *db, struct arena *a,
    const char *token, const char *target, struct session **out) MUSTCHECK;

/* Had the installation users before they had roles? */
struct problem *store_installation_had_users(struct db *db, struct arena *a,
    bool *out) MUSTCHECK;

/* The account and user of a new token, and when it expires. */
struct token_grant {
	const char *account_id;
	const char *user_id;    /* NULL: not a person */
	const char *api_key_id; /* the key exchanged for it; NULL: none */
	const char *method;     /* as a session's */
	int64_t expires;        /* Gregorian seconds, 0: never */
	const char *restrictions; /* as a session's */
	const char *rules;        /* as a session's */
};

/* token: the new one. Problems: BAD_IDENTIFIER (account or user unknown), FAULT
 * (no secret is configured). */
struct problem *store_token_issue(struct db *db, struct arena *a,
    const struct token_grant *grant, int64_t now, char token[TOKEN_SIZE])
    MUSTCHECK;

/* A token, when another is made in its place. */
struct held_token {
	struct token_grant grant; /* expires: not set */
	int64_t life_s;           /* 0: it never expires */
};

/*
 * Holds a token of a session that was found until the end of the transaction, so
 * that a token made in it ends with what ends the other. *out NULL: it has ended.
 */
struct problem *store_token_hold(struct db *db, struct arena *a,
    const char *token, struct held_token **out) MUSTCHECK;

/* *revoked: false if there was no such token. */
struct problem *store_token_revoke(
    struct db *db, struct arena *a, const char *token, bool *revoked) MUSTCHECK;

/* From now on a token is found by another digest, under the configured secret.
 * Nothing happens where there is no such token. */
struct problem *store_token_rekey(struct db *db, struct arena *a,
    const unsigned char digest[DIGEST_BYTES],
    const unsigned char renewed[DIGEST_BYTES]) MUSTCHECK;

/* A token of a user, as the user is shown it. */
struct user_token {
	int64_t created; /* Gregorian seconds */
	int64_t expires; /* the same; 0: never */
	const char *method; /* as a session's */
	bool restricted;
	bool is_own; /* it is the viewer's */
};

struct user_tokens {
	size_t count;
	struct user_token *tokens;
};

struct token_viewer {
	const char *token; /* of the request */
	int64_t now;       /* Gregorian seconds: expired ones are left out */
	int64_t limit;
};

/* The newest tokens of a user. */
struct problem *store_token_list(struct db *db, struct arena *a,
    const struct user_key *user, const struct token_viewer *viewer,
    struct user_tokens *out) MUSTCHECK;

struct problem *store_token_end_all(struct db *db, struct arena *a,
    const struct user_key *user, int64_t *ended) MUSTCHECK;

/* A token as earlier versions kept it: as its SHA-256. */
struct unkeyed_token {
	unsigned char digest[DIGEST_BYTES];
};

struct unkeyed_tokens {
	size_t count;
	struct unkeyed_token *tokens;
};

/* Up to limit of them, behind after in the order of their digests. */
struct problem *store_token_unkeyed_list(struct db *db, struct arena *a,
    const struct unkeyed_token *after, int64_t limit,
    struct unkeyed_tokens *out) MUSTCHECK;

/* The template of an account's tokens; *out NULL: it has none. */
struct problem *store_token_template_show(struct db *db, struct arena *a,
    const char *account_id, const char **out) MUSTCHECK;

/* template NULL: none from now on. Logins wait until the end of the transaction.
 * Problems: BAD_IDENTIFIER (account). */
struct problem *store_token_template_save(struct db *db, struct arena *a,
    const char *account_id, const char *template, int64_t now) MUSTCHECK;

/* Tokens of an account, by the way they were made. */
struct token_selection {
	const char *account_id;
	const char *method;     /* as a session's */
	const char *priv_level; /* of the user; "admin" also without one */
	const char *rules;      /* not those that were made under these */
};

struct problem *store_token_end(struct db *db, struct arena *a,
    const struct token_selection *those) MUSTCHECK;

/* A possible login: an account and, unless by API key, its user. */
struct login {
	const char *account_id;
	const char *user_id;    /* NULL: by API key */
	const char *api_key_id; /* NULL: by credential */
	const char *verifier;   /* of the credential; NULL: by API key */
	const char *account_name;
	const char *name_key;
	const char *realm; /* NULL: none */
	bool enabled;
	int64_t expires; /* of the account, Gregorian seconds, 0: never */
	const char *reseller_id;
	bool is_reseller;
	bool is_master;
	const char *language;
};

/* A login that was found, when its token is made. */
struct held_login {
	bool good;              /* it is as it was found */
	const char *priv_level; /* of the user; NULL: there is none */
	const char *template;   /* of the account's tokens; NULL: none */
};

/*
 * Holds a login as it is until the end of the transaction, so that a token made
 * in it ends with what it was made under.
 */
struct problem *store_login_hold(struct db *db, struct arena *a,
    const struct login *login, struct held_login *out) MUSTCHECK;

struct login_list {
	size_t count;
	struct login *logins;
};

/* Every enabled user, of any account, that a credential names; lookup: its
 * HMAC. method is "md5" or "sha". */
struct problem *store_login_by_credential(struct db *db, struct arena *a,
    const char *method, const unsigned char lookup[DIGEST_BYTES],
    struct login_list *out) MUSTCHECK;

/* digest: the key's HMAC. *out is NULL when there is no such key. */
struct problem *store_login_by_api_key(struct db *db, struct arena *a,
    const unsigned char digest[DIGEST_BYTES], struct login **out) MUSTCHECK;

/* A user's credential as it is stored. */
struct credential {
	const char *method;   /* "md5" or "sha" */
	unsigned char lookup[DIGEST_BYTES]; /* HMAC, to find it */
	char verifier[VERIFIER_SIZE];       /* argon2id, to check it */
};

/* Replaces the user's credential of this method; their tokens end. */
struct problem *store_credential_save(struct db *db, struct arena *a,
    const struct user_key *user, const struct credential *credential) MUSTCHECK;

/* A user's credential that is found by lookup is found by another HMAC from now
 * on, under the configured secret. */
struct problem *store_credential_rekey(struct db *db, struct arena *a,
    const struct user_key *user, const char *method,
    const unsigned char lookup[DIGEST_BYTES],
    const unsigned char renewed[DIGEST_BYTES]) MUSTCHECK;

/* An API key as it is stored. */
struct key {
	const char *id;
	const char *account_id;
	const char *label; /* what it is for */
	unsigned char digest[DIGEST_BYTES]; /* HMAC */
	int64_t created; /* Gregorian seconds */
	const char *secret; /* the name of that of digest */
};

/* Problems: BAD_IDENTIFIER (account), CONFLICT (key). */
struct problem *store_key_create(struct db *db, struct arena *a,
    const struct key *key) MUSTCHECK;

/* As store_token_rekey, for an API key. */
struct problem *store_key_rekey(struct db *db, struct arena *a,
    const unsigned char digest[DIGEST_BYTES],
    const unsigned char renewed[DIGEST_BYTES]) MUSTCHECK;

/* The key that an account shows. */
struct shown_key {
	int64_t serial;     /* counted from 1; 0: no key yet */
	const char *sealed; /* NULL: it is derived from the secret */
};

/* renew: the account gets the next number, and sealed is that of the number
 * before, which is forgotten. Problems: BAD_IDENTIFIER. */
struct problem *store_key_serial(struct db *db, struct arena *a,
    const char *account_id, bool renew, struct shown_key *out) MUSTCHECK;

/* Keeps the seal of the key of that number, unless the account shows another by
 * now. */
struct problem *store_key_seal(struct db *db, struct arena *a,
    const char *account_id, const struct shown_key *shown) MUSTCHECK;

/*
 * Revokes the key of an id (NULL: none) or a digest, with every token it was
 * exchanged for. *revoked: false if there was no such key.
 */
struct problem *store_key_revoke(struct db *db, struct arena *a, const char *id,
    const unsigned char digest[DIGEST_BYTES], bool *revoked) MUSTCHECK;

/* The rows that were made under other secrets than the configured one. */
struct left_under_secrets {
	int64_t tokens;       /* that have not expired */
	int64_t endless;      /* those of them that never do */
	int64_t last_expires; /* Gregorian seconds; 0: none does */
	int64_t api_keys;
	int64_t credentials; /* of users: one for each method */
};

struct problem *store_left_under_secrets(struct db *db, struct arena *a,
    int64_t now, struct left_under_secrets *out) MUSTCHECK;

#endif
