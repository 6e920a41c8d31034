/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/usage_text.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#define NO_CONVERTER ((iconv_t)-1)
#define NO_CHARACTER '\xff'

/* The names that people write and libc does not know. */
static const char *
name_of(const char *encoding)
{
	return strcasecmp(encoding, "latin-1") == 0 ? "ISO-8859-1" : encoding;
}

/* A name with a slash would ask libc to leave characters out. */
static iconv_t
converter_of(const char *encoding)
{
	return strchr(encoding, '/') != NULL || encoding[0] == '\0' ?
	    NO_CONVERTER : iconv_open("UTF-8", name_of(encoding));
}

static size_t
unit_of(const char *encoding)
{
	static const struct {
		const char *prefix;
		size_t bytes;
	} wide[] = { { "UTF-16", 2 }, { "UTF16", 2 }, { "UCS-2", 2 },
		{ "UCS2", 2 }, { "UTF-32", 4 }, { "UTF32", 4 }, { "UCS-4", 4 },
		{ "UCS4", 4 } };
	size_t i;

	for (i = 0; i < NELEM(wide); i++)
		if (strncasecmp(encoding, wide[i].prefix,
		    strlen(wide[i].prefix)) == 0)
			return wide[i].bytes;
	return 1;
}

bool
usage_text_knows(const char *encoding)
{
	iconv_t converter = converter_of(encoding);

	return converter != NO_CONVERTER && iconv_close(converter) == 0;
}

/* Reads until the room for what is left is full, or the file ends. */
static bool
fill(struct usage_text *t)
{
	size_t n;

	while (!t->ended && t->left_length < sizeof(t->left)) {
		n = fread(t->left + t->left_length, 1,
		    sizeof(t->left) - t->left_length, t->file);
		t->ended = n == 0;
		t->left_length += n;
		t->offset += (int64_t)n;
	}
	return !ferror(t->file);
}

/* The encoding that the first bytes name; NULL: none, or UTF-8. */
static const char *
marked_encoding(const struct usage_text *t)
{
	static const struct {
		const char *mark;
		size_t length;
		const char *encoding;
	} marks[] = { { "\xff\xfe\0\0", 4, "UTF-32LE" },
		{ "\0\0\xfe\xff", 4, "UTF-32BE" },
		{ "\xff\xfe", 2, "UTF-16LE" }, { "\xfe\xff", 2, "UTF-16BE" } };
	size_t i;

	for (i = 0; i < NELEM(marks); i++)
		if (t->left_length >= marks[i].length &&
		    memcmp(t->left, marks[i].mark, marks[i].length) == 0)
			return marks[i].encoding;
	return NULL;
}

bool
usage_text_open(struct usage_text *t, const char *path, const char *encoding)
{
	memset(t, 0, sizeof(*t));
	t->converter = NO_CONVERTER;
	t->unit = 1;
	if ((t->file = fopen(path, "r")) == NULL)
		return false;
	if (!fill(t))
		return false;
	if (encoding == NULL)
		encoding = marked_encoding(t);
	if (encoding == NULL)
		return true;
	t->unit = unit_of(encoding);
	t->converter = converter_of(encoding);
	return t->converter != NO_CONVERTER;
}

/* Takes what was converted, or cannot be, off what is left. */
static void
drop(struct usage_text *t, size_t length)
{
	if (length > t->left_length)
		length = t->left_length;
	t->left_length -= length;
	memmove(t->left, t->left + length, t->left_length);
}

static size_t
convert(struct usage_text *t, char block[USAGE_TEXT_BLOCK])
{
	char *in = t->left, *out = block;
	size_t in_left = t->left_length, room = USAGE_TEXT_BLOCK - 1;
	int error = iconv(t->converter, &in, &in_left, &out, &room) ==
	    (size_t)-1 ? errno : 0;

	drop(t, t->left_length - in_left);
	/* A character that the end of the file has cut is none either. */
	if (error == EILSEQ || (error == EINVAL && t->ended)) {
		*out++ = NO_CHARACTER;
		drop(t, t->unit);
	}
	return (size_t)(out - block);
}

bool
usage_text_read(struct usage_text *t, char block[USAGE_TEXT_BLOCK],
    size_t *length)
{
	*length = 0;
	while (*length == 0) {
		if (!fill(t))
			return false;
		if (t->left_length == 0)
			return true;
		if (t->converter != NO_CONVERTER) {
			*length = convert(t, block);
			continue;
		}
		memcpy(block, t->left, t->left_length);
		*length = t->left_length;
		t->left_length = 0;
	}
	return true;
}

void
usage_text_close(struct usage_text *t)
{
	if (t->converter != NO_CONVERTER)
		iconv_close(t->converter);
	if (t->file != NULL)
		fclose(t->file);
}
