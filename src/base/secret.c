/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/secret.h"

#include <md5.h>
#include <sha1.h>
#include <sodium.h>
#include <string.h>

#define API_KEY_BYTES 32
#define NAME_BYTES 4
#define SECRET_KEPT_SIZE 1024
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

_Static_assert(DIGEST_BYTES == crypto_hash_sha256_BYTES, "SHA-256");
_Static_assert(DIGEST_BYTES == crypto_auth_hmacsha256_BYTES, "HMAC");
_Static_assert(VERIFIER_SIZE >= crypto_pwhash_STRBYTES, "argon2id text");
_Static_assert(SHORT_KEY_BYTES == crypto_shorthash_siphash24_KEYBYTES &&
    sizeof(uint64_t) == crypto_shorthash_siphash24_BYTES, "SipHash");
_Static_assert(DERIVED_KEY_BYTES == crypto_auth_hmacsha512256_BYTES, "derived");
_Static_assert(API_KEY_SIZE == 2 * API_KEY_BYTES + 1, "API key");

/* Does not branch on characters, because text may be a secret. */
static bool
is_ascii(const char *text)
{
	unsigned char seen = 0;

	for (; *text != '\0'; text++)
		seen |= (unsigned char)*text;
	return seen < 0x80;
}

bool
secret_init(void)
{
	return sodium_init() >= 0;
}

void
secret_random(void *bytes, size_t length)
{
	randombytes_buf(bytes, length);
}

void
secret_digest(const void *bytes, size_t length,
    unsigned char digest[DIGEST_BYTES])
{
	crypto_hash_sha256(digest, bytes, length);
}

void
secret_hmac(const void *key, size_t key_length, const char *text,
    unsigned char mac[DIGEST_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, key_length);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text,
	    strlen(text));
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(&state, sizeof(state));
}

void
secret_derive(const char *secret, const char *purpose,
    unsigned char key[DERIVED_KEY_BYTES])
{
	crypto_auth_hmacsha512256_state state;

	crypto_auth_hmacsha512256_init(&state, (const unsigned char *)secret,
	    strlen(secret));
	crypto_auth_hmacsha512256_update(&state,
	    (const unsigned char *)purpose, strlen(purpose));
	crypto_auth_hmacsha512256_final(&state, key);
	sodium_memzero(&state, sizeof(state));
}

const char *
secret_name(struct arena *a, const char *secret)
{
	unsigned char key[DERIVED_KEY_BYTES];
	char *name = arena_alloc(a, 2 * NAME_BYTES + 1);

	secret_derive(secret, SECRET_FOR_NAME, key);
	secret_hex(key, NAME_BYTES, name);
	sodium_memzero(key, sizeof(key));
	return name;
}

/* An HMAC that is begun under the key for tokens of a secret. Every request needs
 * one, and to derive the key takes longer than all the rest. */
static struct {
	char secret[SECRET_KEPT_SIZE]; /* "": none, or one that is too long */
	crypto_auth_hmacsha256_state state;
} token_mac;

static void
begin_token_mac(const char *secret)
{
	unsigned char key[DERIVED_KEY_BYTES];

	if (token_mac.secret[0] != '\0' &&
	    strcmp(token_mac.secret, secret) == 0)
		return;
	secret_derive(secret, SECRET_FOR_TOKENS, key);
	crypto_auth_hmacsha256_init(&token_mac.state, key, sizeof(key));
	sodium_memzero(key, sizeof(key));
	token_mac.secret[0] = '\0';
	if (strlen(secret) < sizeof(token_mac.secret))
		strcpy(token_mac.secret, secret);
}

void
secret_token_mac(const char *secret,
    const unsigned char digest[DIGEST_BYTES], unsigned char mac[DIGEST_BYTES])
{
	crypto_auth_hmacsha256_state state;

	begin_token_mac(secret);
	state = token_mac.state;
	crypto_auth_hmacsha256_update(&state, digest, DIGEST_BYTES);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(&state, sizeof(state));
}

void
secret_token_digest(const char *secret, const char *token,
    unsigned char mac[DIGEST_BYTES])
{
	unsigned char digest[DIGEST_BYTES];

	secret_digest(token, strlen(token), digest);
	secret_token_mac(secret, digest, mac);
}

struct secret_turns
secret_turns(const char *secret, const char *previous)
{
	if (secret[0] == '\0')
		return (struct secret_turns){ { NULL } };
	if (previous[0] == '\0')
		return (struct secret_turns){ { secret } };
	return (struct secret_turns){ { secret, previous, secret } };
}

void
secret_etag(const void *bytes, size_t length, char etag[33])
{
	static const unsigned char key[crypto_shorthash_siphashx24_KEYBYTES];
	unsigned char hash[crypto_shorthash_siphashx24_BYTES];

	crypto_shorthash_siphashx24(hash, bytes, length, key);
	secret_hex(hash, sizeof(hash), etag);
}

uint64_t
secret_short_hash(const unsigned char key[SHORT_KEY_BYTES], const void *bytes,
    size_t length)
{
	unsigned char hash[crypto_shorthash_siphash24_BYTES];
	uint64_t number;

	crypto_shorthash_siphash24(hash, bytes, length, key);
	memcpy(&number, hash, sizeof(number));
	return number;
}

void
secret_md5_credentials(const char *username, const char *password,
    char hex[MD5_HEX_SIZE])
{
	unsigned char hash[MD5_DIGEST_LENGTH];
	MD5_CTX state;

	MD5Init(&state);
	MD5Update(&state, (const uint8_t *)username, strlen(username));
	MD5Update(&state, (const uint8_t *)":", 1);
	MD5Update(&state, (const uint8_t *)password, strlen(password));
	MD5Final(hash, &state);
	secret_hex(hash, sizeof(hash), hex);
	sodium_memzero(&state, sizeof(state));
	sodium_memzero(hash, sizeof(hash));
}

void
secret_sha1_credentials(const char *username, const char *password,
    char hex[SHA1_HEX_SIZE])
{
	unsigned char hash[SHA1_DIGEST_LENGTH];
	SHA1_CTX state;

	SHA1Init(&state);
	SHA1Update(&state, (const uint8_t *)username, strlen(username));
	SHA1Update(&state, (const uint8_t *)":", 1);
	SHA1Update(&state, (const uint8_t *)password, strlen(password));
	SHA1Final(hash, &state);
	secret_hex(hash, sizeof(hash), hex);
	sodium_memzero(&state, sizeof(state));
	sodium_memzero(hash, sizeof(hash));
}

bool
secret_verifier(const char *credential, uint32_t memory_kib, uint32_t passes,
    char verifier[VERIFIER_SIZE])
{
	return crypto_pwhash_str_alg(verifier, credential, strlen(credential),
	    passes, (size_t)memory_kib * 1024,
	    crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool
secret_verify(const char *verifier, const char *credential)
{
	return crypto_pwhash_str_verify(verifier, credential,
	    strlen(credential)) == 0;
}

void
secret_api_key(char key[API_KEY_SIZE])
{
	unsigned char bytes[API_KEY_BYTES];

	secret_random(bytes, sizeof(bytes));
	secret_hex(bytes, sizeof(bytes), key);
	sodium_memzero(bytes, sizeof(bytes));
}

void
secret_hex(const unsigned char *bytes, size_t length, char *hex)
{
	sodium_bin2hex(hex, 2 * length + 1, bytes, length);
}

void
secret_base64url(const void *bytes, size_t length, char *text,
    size_t text_size)
{
	sodium_bin2base64(text, text_size, bytes, length, BASE64);
}

bool
secret_unbase64url(const char *text, void *bytes, size_t bytes_size,
    size_t *length)
{
	/* Without a pointer for the end, libsodium refuses trailing text and
	 * set bits beyond the last byte. But up to 1.0.18 it accepts any byte
	 * from 0x80 as '-'. */
	return is_ascii(text) && sodium_base642bin(bytes, bytes_size, text,
	    strlen(text), NULL, length, NULL, BASE64) == 0;
}

bool
secret_unbase64(const char *text, void *bytes, size_t bytes_size,
    size_t *length)
{
	static const int variants[] = { sodium_base64_VARIANT_ORIGINAL,
		sodium_base64_VARIANT_ORIGINAL_NO_PADDING };
	size_t i;

	if (!is_ascii(text))
		return false;
	for (i = 0; i < NELEM(variants); i++)
		if (sodium_base642bin(bytes, bytes_size, text, strlen(text),
		    " \t\r\n", length, NULL, variants[i]) == 0)
			return true;
	return false;
}
