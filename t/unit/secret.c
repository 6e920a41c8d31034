/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/secret.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

static void
setup(void)
{
	cr_assert(secret_init());
}

TestSuite(secret, .init = setup);

static const char *
hex_of(const unsigned char digest[DIGEST_BYTES])
{
	static char hex[DIGEST_HEX_SIZE];

	secret_hex(digest, DIGEST_BYTES, hex);
	return hex;
}

Test(secret, init_may_be_called_again)
{
	cr_expect(secret_init());
}

Test(secret, hex)
{
	char hex[9] = "xxxxxxxx";

	secret_hex((const unsigned char *)"\x00\x7f\xab\xff", 4, hex);
	cr_expect_str_eq(hex, "007fabff");
	secret_hex((const unsigned char *)"", 0, hex);
	cr_expect_str_eq(hex, "");
}

/* FIPS 180 and RFC 4231. */
Test(secret, known_digests)
{
	unsigned char digest[DIGEST_BYTES];

	secret_digest("abc", 3, digest);
	cr_expect_str_eq(hex_of(digest), "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	secret_digest("", 0, digest);
	cr_expect_str_eq(hex_of(digest), "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	secret_hmac("Jefe", 4, "what do ya want for nothing?", digest);
	cr_expect_str_eq(hex_of(digest), "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843");
}

/* RFC 4231 case 6: a key longer than the hash's block. */
Test(secret, hmac_takes_keys_of_any_length)
{
	unsigned char key[131], mac[DIGEST_BYTES];

	memset(key, 0xaa, sizeof(key));
	secret_hmac(key, sizeof(key),
	    "Test Using Larger Than Block-Size Key - Hash Key First", mac);
	cr_expect_str_eq(hex_of(mac), "60e431591ee0b67f0d8a26aacbf5b77f"
	    "8e0bc6213728c5140546040f0ee37f54");
}

Test(secret, etags)
{
	char etag[33];

	secret_etag("", 0, etag);
	cr_expect_str_eq(etag, "5049d74780a3e07d4202ab47d4cef2f4");
	secret_etag("abc", 3, etag);
	cr_expect_str_eq(etag, "6c95dec302962fa8ca5e69c1d5d15478");
}

Test(secret, api_credentials)
{
	static const struct {
		const char *username, *password, *md5, *sha1;
	} rows[] = {
		{ "user", "pass",
		    "21a39285884a268d6458e3fdeb08beac",
		    "b2619aa1529dfdc4248e6edbf3c1b2a2b014cf6d" },
		{ "jos\xc3\xa9", "p\xc3\xa4:ss",
		    "c0afd19445b7d8131478b1b932cefad2",
		    "e364661c370205acc1f778400fa696a01b48c8f5" },
		{ "", "",
		    "853ae90f0351324bd73ea615e6487517",
		    "05a79f06cf3f67f726dae68d18a2290f6c9a50c9" },
	};
	char md5[MD5_HEX_SIZE], sha1[SHA1_HEX_SIZE];
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		secret_md5_credentials(rows[i].username, rows[i].password, md5);
		cr_expect_str_eq(md5, rows[i].md5, "row %zu: %s", i, md5);
		secret_sha1_credentials(rows[i].username, rows[i].password,
		    sha1);
		cr_expect_str_eq(sha1, rows[i].sha1, "row %zu: %s", i, sha1);
	}
}

Test(secret, a_verifier_accepts_only_its_credential)
{
	char verifier[VERIFIER_SIZE], again[VERIFIER_SIZE];

	cr_assert(secret_verifier("credential", 64, 1, verifier));
	cr_expect_eq(strncmp(verifier, "$argon2id$v=19$m=64,t=1,p=1$", 28), 0,
	    "%s", verifier);
	cr_expect(secret_verify(verifier, "credential"));
	cr_expect_not(secret_verify(verifier, "Credential"));
	cr_expect_not(secret_verify(verifier, "credentia"));
	cr_expect_not(secret_verify(verifier, ""));
	cr_assert(secret_verifier("credential", 64, 1, again));
	cr_expect_str_neq(verifier, again, "no salt");
	cr_expect(secret_verify(again, "credential"));
}

Test(secret, a_broken_verifier_accepts_nothing)
{
	static const char *const rows[] = {
		"", "credential", "$argon2id$", "$argon2id$v=19$m=64,t=1,p=1$$",
		"$argon2id$v=19$m=99999999999,t=1,p=1$c2FsdHNhbHQ$c2FsdA",
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_not(secret_verify(rows[i], "credential"), "%s",
		    rows[i]);
}

Test(secret, impossible_costs_are_refused)
{
	char verifier[VERIFIER_SIZE];

	cr_expect_not(secret_verifier("x", 1, 1, verifier), "too little");
	cr_expect_not(secret_verifier("x", 64, 0, verifier), "no passes");
}

Test(secret, api_keys)
{
	char key[API_KEY_SIZE], other[API_KEY_SIZE];

	secret_api_key(key);
	secret_api_key(other);
	cr_expect_str_neq(key, other);
	cr_expect_eq(strlen(key), 64, "%s", key);
	cr_expect_eq(strspn(key, "0123456789abcdef"), 64, "%s", key);
}

Test(secret, random_bytes_fill_exactly_their_buffer)
{
	unsigned char bytes[66] = { 0 };
	bool seen[64] = { false };
	int round;
	size_t i;

	for (round = 0; round < 64; round++) {
		secret_random(bytes + 1, 64);
		for (i = 0; i < 64; i++)
			if (bytes[i + 1] != 0)
				seen[i] = true;
	}
	for (i = 0; i < 64; i++)
		cr_expect(seen[i], "byte %zu", i);
	cr_expect_eq(bytes[0], 0);
	cr_expect_eq(bytes[65], 0);
}

/* RFC 4648's vectors without padding, and both letters of its own. */
static const struct {
	const char *bytes, *text;
} encodings[] = {
	{ "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" },
	{ "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" },
	{ "\xfb\xff\xbf", "-_-_" },
};

Test(secret, base64url_both_ways)
{
	char text[16], bytes[16];
	size_t i, length;

	for (i = 0; i < NELEM(encodings); i++) {
		size_t n = strlen(encodings[i].bytes);

		secret_base64url(encodings[i].bytes, n, text,
		    4 * (n + 2) / 3 + 1);
		cr_expect_str_eq(text, encodings[i].text, "row %zu", i);
		length = 77;
		cr_assert(secret_unbase64url(encodings[i].text, bytes, n,
		    &length), "row %zu", i);
		cr_expect_eq(length, n, "row %zu", i);
		cr_expect_eq(memcmp(bytes, encodings[i].bytes, n), 0,
		    "row %zu", i);
	}
}

Test(secret, base64url_takes_canonical_text_only)
{
	static const char *const rows[] = {
		"Z", "Zm9vY", "Zg==", "Zm8=", "Zh", "Zn", "Zm9", "Zm9vYh",
		"+_-_", "-/-_", "Zm 9v", "Zm9v ", " Zm9v", "Zm9v\n", "Zm9v.",
		"Zm\xc3\xa9",
	};
	size_t i, length;
	char bytes[16];

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_not(secret_unbase64url(rows[i], bytes,
		    sizeof(bytes), &length), "\"%s\"", rows[i]);
}

/* At every position, exactly 64 letters are valid. */
Test(secret, base64url_has_64_letters)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	char text[9], bytes[6];
	size_t place, length;
	int c;

	for (place = 0; place < 8; place++) {
		for (c = 1; c < 256; c++) {
			strcpy(text, "Zm9vYmFy");
			text[place] = (char)c;
			cr_expect_eq(secret_unbase64url(text, bytes,
			    sizeof(bytes), &length),
			    strchr(letters, c) != NULL, "byte %d at %zu", c,
			    place);
		}
	}
}

Test(secret, unbase64url_stays_within_its_buffer)
{
	char bytes[4] = "...";
	size_t length;

	cr_expect_not(secret_unbase64url("Zm9v", bytes, 2, &length));
	cr_expect_eq(bytes[2], '.');
	cr_expect(secret_unbase64url("Zm9v", bytes, 3, &length));
	cr_expect_eq(length, 3);
}

/* ---- derived keys ---- */

#define SECRET "a secret of thirty-two characters"

/* The purposes, computed with another program: HMAC-SHA-512 of the purpose, its
 * first 32 bytes; then HMAC-SHA-256 of the token's SHA-256. */
Test(secret, known_token_digest)
{
	unsigned char mac[DIGEST_BYTES];

	secret_token_digest(SECRET, "reeve.token", mac);
	cr_expect_str_eq(hex_of(mac), "cdbc16bba8bd33c383752b50db51d166"
	    "5cf0ad9f3e00fc385dcd75f5dfb7671f");
}

Test(secret, known_name)
{
	struct arena *a = arena_new(1024);

	cr_expect_str_eq(secret_name(a, SECRET), "c60fba88");
	arena_free(&a);
}

/* The text of a digest is no token whose digest it would be. */
Test(secret, a_token_is_not_found_by_other_digests)
{
	unsigned char digest[DIGEST_BYTES], mac[DIGEST_BYTES];
	unsigned char other[DIGEST_BYTES];
	char hex[DIGEST_HEX_SIZE];

	secret_token_digest(SECRET, "reeve.token", mac);
	secret_digest("reeve.token", strlen("reeve.token"), digest);
	secret_token_mac(SECRET, digest, other);
	cr_expect_arr_eq(mac, other, DIGEST_BYTES);
	secret_hex(digest, sizeof(digest), hex);
	secret_token_digest(SECRET, hex, other);
	cr_expect_arr_neq(mac, other, DIGEST_BYTES);
	secret_hmac(SECRET, strlen(SECRET), "reeve.token", other);
	cr_expect_arr_neq(mac, other, DIGEST_BYTES);
	secret_token_digest(SECRET "x", "reeve.token", other);
	cr_expect_arr_neq(mac, other, DIGEST_BYTES);
}

Test(secret, turns)
{
	struct secret_turns turns = secret_turns("", "");

	cr_expect_null(turns.secrets[0]);
	turns = secret_turns("one", "");
	cr_expect_str_eq(turns.secrets[0], "one");
	cr_expect_null(turns.secrets[1]);
	turns = secret_turns("one", "two");
	cr_expect_str_eq(turns.secrets[0], "one");
	cr_expect_str_eq(turns.secrets[1], "two");
	cr_expect_str_eq(turns.secrets[2], "one");
	cr_expect_null(turns.secrets[3]);
}
