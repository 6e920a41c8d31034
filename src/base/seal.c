/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/seal.h"

#include <sodium.h>
#include <string.h>

#include "base/secret.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(DERIVED_KEY_BYTES ==
    crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key of seals");

const char *
seal_make(struct arena *a, const char *secret, const char *place,
    const char *text)
{
	size_t length = strlen(text), all = NONCE_BYTES + length + TAG_BYTES;
	size_t size = 4 * (all + 2) / 3 + 1;
	unsigned char key[DERIVED_KEY_BYTES], *bytes = arena_alloc(a, all);
	char *seal = arena_alloc(a, size);

	secret_derive(secret, SECRET_FOR_SEALS, key);
	secret_random(bytes, NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + NONCE_BYTES, NULL,
	    (const unsigned char *)text, length, (const unsigned char *)place,
	    strlen(place), NULL, bytes, key);
	sodium_memzero(key, sizeof(key));
	secret_base64url(bytes, all, seal, size);
	return seal;
}

const char *
seal_open(struct arena *a, const char *secret, const char *place,
    const char *seal)
{
	size_t length, size = strlen(seal);
	unsigned char key[DERIVED_KEY_BYTES], *bytes = arena_alloc(a, size + 1);
	char *text = arena_alloc(a, size + 1);
	int wrong;

	if (!secret_unbase64url(seal, bytes, size, &length) ||
	    length < NONCE_BYTES + TAG_BYTES)
		return NULL;
	secret_derive(secret, SECRET_FOR_SEALS, key);
	wrong = crypto_aead_xchacha20poly1305_ietf_decrypt(
	    (unsigned char *)text, NULL, NULL, bytes + NONCE_BYTES,
	    length - NONCE_BYTES, (const unsigned char *)place, strlen(place),
	    bytes, key);
	sodium_memzero(key, sizeof(key));
	if (wrong != 0)
		return NULL;
	text[length - NONCE_BYTES - TAG_BYTES] = '\0';
	return text;
}

const char *
seal_open_by_either(struct arena *a, const char *secret, const char *previous,
    const char *place, const char *seal)
{
	const char *text = secret[0] == '\0' ? NULL :
	    seal_open(a, secret, place, seal);

	return text != NULL || previous[0] == '\0' ? text :
	    seal_open(a, previous, place, seal);
}
