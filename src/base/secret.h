/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets: credentials, tokens, and their stored digests. libsodium and libmd
 * do all cryptography.
 */
#ifndef REEVE_BASE_SECRET_H
#define REEVE_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

#define DIGEST_BYTES 32
#define DIGEST_HEX_SIZE (2 * DIGEST_BYTES + 1)
#define SHORT_KEY_BYTES 16
#define DERIVED_KEY_BYTES 32
#define MD5_HEX_SIZE 33
#define SHA1_HEX_SIZE 41
#define VERIFIER_SIZE 128
#define API_KEY_SIZE 65

/* Call it once, before anything else here. False: no source of randomness. */
bool secret_init(void) MUSTCHECK;

void secret_random(void *bytes, size_t length);

/* SHA-256. */
void secret_digest(const void *bytes, size_t length,
    unsigned char digest[DIGEST_BYTES]);

/* HMAC-SHA-256 of text under key. */
void secret_hmac(const void *key, size_t key_length, const char *text,
    unsigned char mac[DIGEST_BYTES]);

/*
 * The purposes of keys that are derived from the configured secret: what is made
 * under one is worth nothing under another. Digests of credentials and API keys
 * are made under the secret itself.
 */
#define SECRET_FOR_TOKENS "tokens"
#define SECRET_FOR_SEALS "seals"
#define SECRET_FOR_RESETS "resets"
#define SECRET_FOR_NAME "name"

/* Derives the key of a purpose: HMAC-SHA-512/256, which no digest in the
 * database is made with. */
void secret_derive(const char *secret, const char *purpose,
    unsigned char key[DERIVED_KEY_BYTES]);

/* The name of a secret, 8 hex digits: rows say which they were made under. It
 * tells nothing of the secret. The arena's. */
const char *secret_name(struct arena *a, const char *secret);

/*
 * The digest that finds a token: the HMAC of its SHA-256 under the secret's key
 * for tokens. secret_token_mac is for a token of which the digest alone is known.
 */
void secret_token_digest(const char *secret, const char *token,
    unsigned char mac[DIGEST_BYTES]);
void secret_token_mac(const char *secret,
    const unsigned char digest[DIGEST_BYTES], unsigned char mac[DIGEST_BYTES]);

/*
 * The secrets under which something may be stored, to be tried in turn; ended by
 * NULL. previous "": there is none. The first comes again then: what is found
 * under the previous one is rewritten, so it can be missed under both.
 */
struct secret_turns {
	const char *secrets[4];
};
struct secret_turns secret_turns(const char *secret, const char *previous);

/*
 * A short digest for ETags, fast rather than strong: 32 hex digits of SipHash
 * with a key of zeroes.
 */
void secret_etag(const void *bytes, size_t length, char etag[33]);

/* SipHash: fast, and nobody without the key can make two texts meet. */
uint64_t secret_short_hash(const unsigned char key[SHORT_KEY_BYTES],
    const void *bytes, size_t length);

/* The API's credentials: hex MD5 or SHA-1 of "username:password". */
void secret_md5_credentials(const char *username, const char *password,
    char hex[MD5_HEX_SIZE]);
void secret_sha1_credentials(const char *username, const char *password,
    char hex[SHA1_HEX_SIZE]);

/*
 * The slow hash of a stored credential (argon2id), and the check against it.
 * memory_kib and passes are the cost of new hashes. False: out of memory.
 */
bool secret_verifier(const char *credential, uint32_t memory_kib,
    uint32_t passes, char verifier[VERIFIER_SIZE]) MUSTCHECK;
bool secret_verify(const char *verifier, const char *credential) MUSTCHECK;

/* A new API key: 64 hex digits. */
void secret_api_key(char key[API_KEY_SIZE]);

void secret_hex(const unsigned char *bytes, size_t length, char *hex);

/* base64url without padding. Encoding needs 4 * (n + 2) / 3 + 1 characters. */
void secret_base64url(const void *bytes, size_t length, char *text,
    size_t text_size);
/* False: not base64url, or longer than bytes_size. */
bool secret_unbase64url(const char *text, void *bytes, size_t bytes_size,
    size_t *length) MUSTCHECK;

/* Of base64 in the usual alphabet; blanks and missing padding do no harm. False:
 * as above. */
bool secret_unbase64(const char *text, void *bytes, size_t bytes_size,
    size_t *length) MUSTCHECK;

#endif
