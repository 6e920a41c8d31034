/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "http/records.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"

/* Type, id and lengths of a record are octal digits of its header. */
#define BEGIN "\1\1\0\1\0\10\0\0" "\0\1\0\0\0\0\0\0"
#define PARAMS_OF(length) "\1\4\0\1\0" length "\0\0"
#define A_IS_1 "\1\1A1"
#define PARAMS_END PARAMS_OF("\0")
#define HEAD BEGIN PARAMS_OF("\4") A_IS_1 PARAMS_END
#define STDIN_OF(length) "\1\5\0\1\0" length "\0\0"
#define STDIN_END STDIN_OF("\0")

#define BYTES(text) text, sizeof(text) - 1

static const struct {
	const char *label, *bytes;
	size_t length;
	enum records_state state;
	const char *refusal; /* NULL: none */
	const char *body;
} cases[] = {
	/* Requests. */
	{ "a request", BYTES(HEAD STDIN_END), RECORDS_ENDED, NULL, "" },
	{ "a body", BYTES(HEAD STDIN_OF("\3") "abc" STDIN_END), RECORDS_ENDED,
	    NULL, "abc" },
	{ "a body in two records", BYTES(HEAD STDIN_OF("\1") "a"
	    STDIN_OF("\2") "bc" STDIN_END), RECORDS_ENDED, NULL, "abc" },
	{ "a padded body", BYTES(HEAD "\1\5\0\1\0\3\5\0" "abc.....""\1\5\0\1\0"
	    "\0\2\0"), RECORDS_ENDED, NULL, "abc" },
	{ "no parameters", BYTES(BEGIN PARAMS_END STDIN_END), RECORDS_ENDED,
	    NULL, "" },
	{ "padded parameters", BYTES(BEGIN "\1\4\0\1\0\4\4\0" A_IS_1 "\0\0\0\0"
	    PARAMS_END STDIN_END), RECORDS_ENDED, NULL, "" },
	{ "more padding than content", BYTES(BEGIN "\1\4\0\1\0\4\7\0" A_IS_1
	    "\1\11\0\0\0\0\0" PARAMS_END STDIN_END), RECORDS_ENDED, NULL, "" },
	{ "a parameter in three records", BYTES(BEGIN PARAMS_OF("\1") "\1"
	    PARAMS_OF("\2") "\1A" PARAMS_OF("\1") "1" PARAMS_END STDIN_END),
	    RECORDS_ENDED, NULL, "" },
	{ "lengths of four bytes", BYTES(BEGIN PARAMS_OF("\12")
	    "\200\0\0\1\200\0\0\1A1" PARAMS_END STDIN_END), RECORDS_ENDED, NULL,
	    "" },
	{ "a parameter without a name or a value", BYTES(BEGIN PARAMS_OF("\6")
	    "\0\0" A_IS_1 PARAMS_END STDIN_END), RECORDS_ENDED, NULL, "" },
	{ "the largest id", BYTES("\1\1\377\377\0\10\0\0" "\0\1\0\0\0\0\0\0"
	    "\1\4\377\377\0\0\0\0" "\1\5\377\377\0\0\0\0"), RECORDS_ENDED, NULL,
	    "" },
	{ "any flags", BYTES("\1\1\0\1\0\10\0\0" "\0\1\377\377\0\0\0\0"
	    PARAMS_END STDIN_END), RECORDS_ENDED, NULL, "" },
	{ "anything after the end", BYTES(HEAD STDIN_END "\1\11\0\0\0\0\0\0"
	    BEGIN), RECORDS_ENDED, NULL, "" },

	/* Parts of requests. */
	{ "nothing", BYTES(""), RECORDS_HEAD, NULL, "" },
	{ "seven bytes", BYTES("\1\1\0\1\0\10\0"), RECORDS_HEAD, NULL, "" },
	{ "half a begin", BYTES("\1\1\0\1\0\10\0\0" "\0\1\0"), RECORDS_HEAD,
	    NULL, "" },
	{ "a begin", BYTES(BEGIN), RECORDS_HEAD, NULL, "" },
	{ "parameters without an end", BYTES(BEGIN PARAMS_OF("\4") A_IS_1),
	    RECORDS_HEAD, NULL, "" },
	{ "half of a length", BYTES(BEGIN PARAMS_OF("\2") "\200\0"),
	    RECORDS_HEAD, NULL, "" },
	{ "no body", BYTES(HEAD), RECORDS_BODY, NULL, "" },
	{ "half a body", BYTES(HEAD STDIN_OF("\3") "ab"), RECORDS_BODY, NULL,
	    "ab" },
	{ "a body without an end", BYTES(HEAD STDIN_OF("\3") "abc"),
	    RECORDS_BODY, NULL, "abc" },

	/* Other first records. */
	{ "HTTP", BYTES("GET / HTTP/1.1\r\n\r\n"), RECORDS_REFUSED, "version",
	    "" },
	{ "TLS", BYTES("\26\3\1\2\0\1\0\1\374"), RECORDS_REFUSED, "version",
	    "" },
	{ "version 2", BYTES("\2\1\0\1\0\10\0\0"), RECORDS_REFUSED, "version",
	    "" },
	{ "version 0", BYTES("\0\1\0\1\0\10\0\0"), RECORDS_REFUSED, "version",
	    "" },
	{ "values are asked for first", BYTES("\1\11\0\0\0\0\0\0"),
	    RECORDS_REFUSED, "without a request id", "" },
	{ "an unknown type first", BYTES("\1\14\0\0\0\0\0\0"), RECORDS_REFUSED,
	    "without a request id", "" },
	{ "parameters first", BYTES(PARAMS_OF("\4")), RECORDS_REFUSED,
	    "begins no request", "" },
	{ "a body first", BYTES(STDIN_OF("\4")), RECORDS_REFUSED,
	    "begins no request", "" },
	{ "an abort first", BYTES("\1\2\0\1\0\0\0\0"), RECORDS_REFUSED,
	    "begins no request", "" },
	{ "type 0", BYTES("\1\0\0\1\0\0\0\0"), RECORDS_REFUSED,
	    "begins no request", "" },
	{ "id 0", BYTES("\1\1\0\0\0\10\0\0"), RECORDS_REFUSED,
	    "without a request id", "" },
	{ "an authorizer", BYTES("\1\1\0\1\0\10\0\0" "\0\2"), RECORDS_REFUSED,
	    "role", "" },
	{ "a filter", BYTES("\1\1\0\1\0\10\0\0" "\0\3"), RECORDS_REFUSED,
	    "role", "" },
	{ "role 0", BYTES("\1\1\0\1\0\10\0\0" "\0\0"), RECORDS_REFUSED, "role",
	    "" },
	{ "role 257", BYTES("\1\1\0\1\0\10\0\0" "\1"), RECORDS_REFUSED, "role",
	    "" },
	{ "an empty begin", BYTES("\1\1\0\1\0\0\0\0"), RECORDS_REFUSED,
	    "length", "" },
	{ "a short begin", BYTES("\1\1\0\1\0\7\0\0"), RECORDS_REFUSED,
	    "length", "" },
	{ "a long begin", BYTES("\1\1\0\1\0\11\0\0"), RECORDS_REFUSED,
	    "length", "" },
	{ "a begin of 64 KiB", BYTES("\1\1\0\1\377\377\0\0"), RECORDS_REFUSED,
	    "length", "" },
	{ "a record in the padding of a begin", BYTES("\1\1\0\1\0\10\10\0"
	    "\0\1\0\0\0\0\0\0" "\1\11\0\0\0\0\0\0"), RECORDS_REFUSED,
	    "padding", "" },

	/* Other records among the parameters. */
	{ "values are asked for", BYTES(BEGIN "\1\11\0\0\0\40\0\0"),
	    RECORDS_REFUSED, "without a request id", "" },
	{ "values for the request", BYTES(BEGIN "\1\11\0\1\0\40\0\0"),
	    RECORDS_REFUSED, "no place", "" },
	{ "an unknown management record", BYTES(BEGIN "\1\143\0\0\0\0\0\0"),
	    RECORDS_REFUSED, "without a request id", "" },
	{ "an answer to one", BYTES(BEGIN "\1\12\0\0\0\0\0\0"),
	    RECORDS_REFUSED, "without a request id", "" },
	{ "parameters with id 0", BYTES(BEGIN "\1\4\0\0\0\4\0\0"),
	    RECORDS_REFUSED, "without a request id", "" },
	{ "parameters of another", BYTES(BEGIN "\1\4\0\2\0\4\0\0"),
	    RECORDS_REFUSED, "another request", "" },
	{ "parameters of id 257", BYTES(BEGIN "\1\4\1\1\0\4\0\0"),
	    RECORDS_REFUSED, "another request", "" },
	{ "a second begin", BYTES(BEGIN BEGIN), RECORDS_REFUSED,
	    "second begin", "" },
	{ "a begin of another", BYTES(BEGIN "\1\1\0\2\0\10\0\0"),
	    RECORDS_REFUSED, "another request", "" },
	{ "a begin between parameters", BYTES(BEGIN PARAMS_OF("\2") "\1\1"
	    BEGIN), RECORDS_REFUSED, "second begin", "" },
	{ "an abort", BYTES(BEGIN "\1\2\0\1\0\0\0\0"), RECORDS_REFUSED,
	    "aborts", "" },
	{ "an abort of another", BYTES(BEGIN "\1\2\0\2\0\0\0\0"),
	    RECORDS_REFUSED, "another request", "" },
	{ "a body before the end", BYTES(BEGIN PARAMS_OF("\4") A_IS_1
	    STDIN_OF("\1") "a"), RECORDS_REFUSED, "no place", "" },
	{ "the end of a body before that", BYTES(BEGIN STDIN_END),
	    RECORDS_REFUSED, "no place", "" },
	{ "an unknown type", BYTES(BEGIN "\1\143\0\1\0\0\0\0"),
	    RECORDS_REFUSED, "no place", "" },
	{ "output", BYTES(BEGIN "\1\6\0\1\0\1\0\0"), RECORDS_REFUSED,
	    "no place", "" },
	{ "the end of the answer", BYTES(BEGIN "\1\3\0\1\0\10\0\0"),
	    RECORDS_REFUSED, "no place", "" },
	{ "version 2 in the middle", BYTES(BEGIN "\2\4\0\1\0\4\0\0"),
	    RECORDS_REFUSED, "version", "" },
	{ "a record in the padding of the end", BYTES(BEGIN
	    "\1\4\0\1\0\0\10\0" "\1\11\0\0\0\0\0\0"), RECORDS_REFUSED,
	    "padding", "" },

	/* Parameters that are shorter than their lengths. */
	{ "a name near 2^31", BYTES(BEGIN PARAMS_OF("\100") "\377\377\377\377"),
	    RECORDS_REFUSED, "too long", "" },
	{ "a name of 2^31 - 2", BYTES(BEGIN PARAMS_OF("\100")
	    "\377\377\377\376"), RECORDS_REFUSED, "too long", "" },
	{ "a value near 2^31", BYTES(BEGIN PARAMS_OF("\100")
	    "\1\377\377\377\376"), RECORDS_REFUSED, "too long", "" },
	{ "a sum of 2^31", BYTES(BEGIN PARAMS_OF("\100")
	    "\300\0\0\0\300\0\0\0"), RECORDS_REFUSED, "too long", "" },
	{ "a name just beyond the limit", BYTES(BEGIN PARAMS_OF("\100")
	    "\200\20\0\1"), RECORDS_REFUSED, "too long", "" },
	{ "a later one", BYTES(BEGIN PARAMS_OF("\100") A_IS_1 A_IS_1
	    "\1\300\0\0\0"), RECORDS_REFUSED, "too long", "" },
	{ "a length across records", BYTES(BEGIN PARAMS_OF("\2") "\377\377"
	    PARAMS_OF("\2") "\377\377"), RECORDS_REFUSED, "too long", "" },
	{ "an end within a text", BYTES(BEGIN PARAMS_OF("\3") "\1\1A"
	    PARAMS_END), RECORDS_REFUSED, "within a parameter", "" },
	{ "an end before a text", BYTES(BEGIN PARAMS_OF("\2") "\1\1"
	    PARAMS_END), RECORDS_REFUSED, "within a parameter", "" },
	{ "an end between the lengths", BYTES(BEGIN PARAMS_OF("\1") "\1"
	    PARAMS_END), RECORDS_REFUSED, "within a parameter", "" },
	{ "an end after the length 0", BYTES(BEGIN PARAMS_OF("\1") "\0"
	    PARAMS_END), RECORDS_REFUSED, "within a parameter", "" },
	{ "an end within a length", BYTES(BEGIN PARAMS_OF("\3") "\200\0\0"
	    PARAMS_END), RECORDS_REFUSED, "within a parameter", "" },

	/* Other records in a body. */
	{ "parameters after their end", BYTES(HEAD PARAMS_OF("\4") A_IS_1),
	    RECORDS_REFUSED, "no place", "" },
	{ "a second end of parameters", BYTES(HEAD PARAMS_END),
	    RECORDS_REFUSED, "no place", "" },
	{ "values in a body", BYTES(HEAD STDIN_OF("\1") "a"
	    "\1\11\0\0\0\40\0\0"), RECORDS_REFUSED, "without a request id",
	    "a" },
	{ "an unknown management record in a body", BYTES(HEAD
	    "\1\143\0\0\0\0\0\0"), RECORDS_REFUSED, "without a request id",
	    "" },
	{ "a begin in a body", BYTES(HEAD BEGIN), RECORDS_REFUSED,
	    "second begin", "" },
	{ "an abort in a body", BYTES(HEAD STDIN_OF("\1") "a"
	    "\1\2\0\1\0\0\0\0"), RECORDS_REFUSED, "aborts", "a" },
	{ "a body of another", BYTES(HEAD "\1\5\0\2\0\1\0\0" "a"),
	    RECORDS_REFUSED, "another request", "" },
	{ "a body with id 0", BYTES(HEAD "\1\5\0\0\0\1\0\0" "a"),
	    RECORDS_REFUSED, "without a request id", "" },
	{ "the input of a filter", BYTES(HEAD "\1\10\0\1\0\1\0\0" "a"),
	    RECORDS_REFUSED, "no place", "" },
	{ "version 2 in a body", BYTES(HEAD "\2\5\0\1\0\1\0\0" "a"),
	    RECORDS_REFUSED, "version", "" },
	{ "an unknown type in a body", BYTES(HEAD "\1\143\0\1\0\0\0\0"),
	    RECORDS_REFUSED, "no place", "" },
};

/* The state after bytes that arrived in pieces. */
struct reading {
	struct records records;
	size_t head;
	char body[256];
	size_t body_length;
};

static void
read_piece(struct reading *a, char *piece, size_t n)
{
	size_t used = 0, kept;

	if (a->records.state == RECORDS_HEAD) {
		used = records_take_head(&a->records, piece, n);
		cr_assert_leq(used, n);
		a->head += used;
	}
	kept = records_take_body(&a->records, piece + used, n - used);
	cr_assert_leq(kept, n - used);
	cr_assert_leq(a->body_length + kept, sizeof(a->body));
	memcpy(a->body + a->body_length, piece + used, kept);
	a->body_length += kept;
}

static void
read_all(struct reading *a, const char *bytes, size_t length, size_t size)
{
	size_t at, n;
	char *piece;

	memset(a, 0, sizeof(*a));
	records_begin(&a->records);
	for (at = 0; at < length; at += n) {
		n = length - at < size ? length - at : size;
		/* Of its own, so that valgrind sees a step beyond it. */
		piece = malloc(n);
		memcpy(piece, bytes + at, n);
		read_piece(a, piece, n);
		free(piece);
	}
}

static void
check_reading(size_t i, size_t size)
{
	const char *label = cases[i].label, *refusal = cases[i].refusal;
	struct reading a;

	read_all(&a, cases[i].bytes, cases[i].length, size);
	cr_assert_eq(a.records.state, cases[i].state, "%s by %zu: state %d",
	    label, size, (int)a.records.state);
	if (refusal != NULL)
		cr_assert_not_null(strstr(a.records.refusal, refusal),
		    "%s by %zu: %s", label, size, a.records.refusal);
	cr_assert_eq(a.body_length, strlen(cases[i].body), "%s by %zu", label,
	    size);
	cr_assert_eq(memcmp(a.body, cases[i].body, a.body_length), 0,
	    "%s by %zu", label, size);
}

Test(records, verdicts_do_not_depend_on_the_pieces)
{
	size_t i, size;

	for (i = 0; i < NELEM(cases); i++) {
		for (size = 1; size <= 17; size++)
			check_reading(i, size);
		check_reading(i, 1000);
	}
}

Test(records, a_head_ends_where_the_body_begins)
{
	static const char bytes[] = HEAD STDIN_OF("\1") "a" STDIN_END;
	struct reading a;
	size_t size;

	for (size = 1; size < sizeof(bytes); size++) {
		read_all(&a, bytes, sizeof(bytes) - 1, size);
		cr_assert_eq(a.head, sizeof(HEAD) - 1, "by %zu", size);
		cr_assert_eq(a.records.head_length, sizeof(HEAD) - 1);
	}
}

/* ---- limits ---- */

static struct records endless;

/* Adds the same record until it is refused; returns how often it was taken. */
static size_t
repeat(const char *record, size_t length)
{
	size_t times;

	records_begin(&endless);
	records_take_head(&endless, BEGIN, sizeof(BEGIN) - 1);
	for (times = 0; times < 10 * 1000 * 1000; times++) {
		records_take_head(&endless, record, length);
		if (endless.state != RECORDS_HEAD)
			break;
	}
	cr_assert_eq(endless.state, RECORDS_REFUSED);
	return times;
}

Test(records, a_head_has_an_end)
{
	static char large[8 + 65528] = "\1\4\0\1\377\370\0\0" "\200\0\0\0"
	    "\200\0\377\360";
	static char padded[8 + 3 + 255] = "\1\4\0\1\0\3\377\0" "\1\0A";

	cr_assert_eq(repeat(large, sizeof(large)), 15);
	cr_assert_str_eq(endless.refusal, "too many bytes of parameters");
	/* Padding counts, too. */
	cr_assert_eq(repeat(padded, sizeof(padded)),
	    (RECORDS_HEAD_MAX - 16) / sizeof(padded));
	cr_assert_str_eq(endless.refusal, "too many bytes of parameters");
}

Test(records, parameters_have_a_number)
{
	cr_assert_eq(repeat(BYTES(PARAMS_OF("\2") "\0\0")),
	    RECORDS_PARAMETERS_MAX);
	cr_assert_str_eq(endless.refusal, "too many parameters");
}

Test(records, the_largest_parameter_is_refused_by_the_limit_of_the_head)
{
	/* Each length is within the limit, their sum is not. */
	static char large[8 + 65528] = "\1\4\0\1\377\370\0\0" "\200\20\0\0"
	    "\200\20\0\0";

	memset(large + 16, 1, sizeof(large) - 16);
	cr_assert_eq(repeat(large, sizeof(large)), 15);
	cr_assert_str_eq(endless.refusal, "too many bytes of parameters");
}
