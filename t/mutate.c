/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a target of t/fuzz without libFuzzer: on each file of its corpus, and on
 * mutations of them, always the same ones. For the default tests, which know
 * neither clang nor time.
 *
 * Environment: top_srcdir (.), REEVE_MUTATIONS (1000), REEVE_SEED (1). The name
 * of the program, mutated_NAME, says the corpus.
 */
#include "config.h"

#include <dirent.h>
#include <signal.h>

#include "fuzz/fuzz.h"

#define FILES_MAX 200
#define LENGTH_MAX 4096
#define ROUNDS_MAX 4

struct input {
	size_t length;
	char bytes[LENGTH_MAX];
};

static struct {
	uint64_t dice;
	unsigned long number; /* of the mutation */
	size_t count;
	struct input files[FILES_MAX];
	struct input now;
} run;

/* xorshift64: the same everywhere. */
static size_t
roll(size_t below)
{
	run.dice ^= run.dice << 13;
	run.dice ^= run.dice >> 7;
	run.dice ^= run.dice << 17;
	return below == 0 ? 0 : run.dice % below;
}

static void
read_corpus(const char *folder)
{
	DIR *corpus = opendir(folder);
	struct dirent *entry;
	struct input *file;
	char path[1024];
	FILE *f;

	demand(corpus != NULL);
	while ((entry = readdir(corpus)) != NULL && run.count < FILES_MAX) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		file = &run.files[run.count++];
		demand((f = fopen(path, "r")) != NULL);
		file->length = fread(file->bytes, 1, LENGTH_MAX, f);
		fclose(f);
	}
	closedir(corpus);
	demand(run.count > 0);
}

static int
by_bytes(const void *x, const void *y)
{
	const struct input *a = x, *b = y;

	return a->length != b->length ? (a->length > b->length) -
	    (a->length < b->length) : memcmp(a->bytes, b->bytes, a->length);
}

static void
cut_out(size_t at, size_t length)
{
	struct input *in = &run.now;

	memmove(in->bytes + at, in->bytes + at + length,
	    in->length - at - length);
	in->length -= length;
}

static void
put_in(size_t at, const char *bytes, size_t length)
{
	struct input *in = &run.now;
	char copy[64];

	if (length > sizeof(copy) || in->length + length > LENGTH_MAX)
		return;
	memcpy(copy, bytes, length);
	memmove(in->bytes + at + length, in->bytes + at, in->length - at);
	memcpy(in->bytes + at, copy, length);
	in->length += length;
}

/* Puts in bytes that readers take for more than a character of a text. */
static void
put_token(size_t at)
{
	static const struct {
		const char *bytes;
		size_t length;
	} tokens[] = { { "\"", 1 }, { ",", 1 }, { ";", 1 }, { "\t", 1 },
		{ "\n", 1 }, { "\r", 1 }, { "", 1 }, { "\xef\xbb\xbf", 3 },
		{ "\xff\xfe", 2 }, { "\xe9", 1 }, { "-", 1 }, { "'=", 2 },
		{ "{", 1 }, { "}", 1 }, { "[", 1 }, { "]", 1 }, { ":", 1 },
		{ "null", 4 }, { "1e400", 5 }, { "9999999999999999999", 19 },
		{ "0.0000005", 9 }, { "\\", 1 }, { "\\ud800", 6 } };
	size_t i = roll(NELEM(tokens));

	put_in(at, tokens[i].bytes, tokens[i].length);
}

static void
mutate(void)
{
	struct input *in = &run.now;
	size_t at = roll(in->length + 1), left = in->length - at;

	switch (roll(6)) {
	case 0:
		in->length = at; /* a file that was cut off */
		break;
	case 1:
		cut_out(at, roll((left < 32 ? left : 32) + 1));
		break;
	case 2:
		if (left > 0)
			in->bytes[at] ^= (char)(1 << roll(8));
		break;
	case 3: /* something stands there twice, or elsewhere */
		put_in(roll(in->length + 1), in->bytes + at,
		    roll((left < 64 ? left : 64) + 1));
		break;
	default:
		put_token(at);
	}
}

/* Says which input it was, before the process ends. */
static void
tell(int signal_number)
{
	char text[100];
	int n = snprintf(text, sizeof(text), "mutation %lu\n", run.number);

	if (write(STDERR_FILENO, text, (size_t)n) < 0)
		_exit(2);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static unsigned long
number_of(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text == NULL ? otherwise : strtoul(text, NULL, 10);
}

static void
test_now(void)
{
	(void)LLVMFuzzerTestOneInput((const uint8_t *)run.now.bytes,
	    run.now.length);
}

int
main(int argc, char **argv)
{
	const char *source = getenv("top_srcdir");
	const char *name = strstr(argv[0], "mutated_");
	unsigned long mutations = number_of("REEVE_MUTATIONS", 1000);
	char folder[512];
	size_t i;

	demand(argc == 1 && name != NULL);
	run.dice = 0x9e3779b97f4a7c15 ^ number_of("REEVE_SEED", 1);
	snprintf(folder, sizeof(folder), "%s/t/fuzz/corpus/%s",
	    source == NULL ? "." : source, name + strlen("mutated_"));
	read_corpus(folder);
	qsort(run.files, run.count, sizeof(run.files[0]), by_bytes);
	signal(SIGABRT, tell);
	signal(SIGSEGV, tell);
	for (i = 0; i < run.count; i++) {
		run.now = run.files[i];
		test_now();
	}
	for (run.number = 1; run.number <= mutations; run.number++) {
		run.now = run.files[roll(run.count)];
		for (i = roll(ROUNDS_MAX) + 1; i > 0; i--)
			mutate();
		test_now();
	}
	printf("%zu files and %lu mutations\n", run.count, mutations);
	return 0;
}
