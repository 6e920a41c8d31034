/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/picture.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/svg.h"

const char *const picture_media_types[PICTURE__MAX] = {
	[PICTURE_PNG] = "image/png",
	[PICTURE_JPEG] = "image/jpeg",
	[PICTURE_SVG] = "image/svg+xml",
};

/* Bytes that are left to read. */
struct span {
	const unsigned char *at;
	size_t left;
};

static void
skip(struct span *s, size_t bytes)
{
	s->at += bytes;
	s->left -= bytes;
}

static bool
begins(const struct span *s, const char *bytes, size_t length)
{
	return s->left >= length && memcmp(s->at, bytes, length) == 0;
}

static uint32_t
number_at(const unsigned char *at, unsigned bytes)
{
	uint32_t number = 0;

	while (bytes-- > 0)
		number = number << 8 | *at++;
	return number;
}

static bool
is_side(uint32_t pixels)
{
	return pixels > 0 && pixels <= PICTURE_PIXELS_MAX;
}

/* ---- PNG: chunks of length, name, content and a sum ---- */

#define PNG_MARK "\x89PNG\r\n\x1a\n"
#define PNG_MARK_LENGTH 8
#define CHUNK_AROUND 12 /* bytes around its content */
#define HEADER_CONTENT 13

/* The depths of a sample that a type of colour may have, a bit for each. */
static bool
is_depth(unsigned colour, unsigned depth)
{
	static const unsigned depths[] = {
		[0] = 1u << 1 | 1u << 2 | 1u << 4 | 1u << 8 | 1u << 16,
		[2] = 1u << 8 | 1u << 16,
		[3] = 1u << 1 | 1u << 2 | 1u << 4 | 1u << 8,
		[4] = 1u << 8 | 1u << 16,
		[6] = 1u << 8 | 1u << 16,
	};

	return colour < NELEM(depths) && depth <= 16 &&
	    (depths[colour] & 1u << depth) != 0;
}

static bool
is_png_header(const struct span *s)
{
	const unsigned char *content = s->at + 8;

	return s->left >= CHUNK_AROUND + HEADER_CONTENT &&
	    number_at(s->at, 4) == HEADER_CONTENT &&
	    memcmp(s->at + 4, "IHDR", 4) == 0 &&
	    is_side(number_at(content, 4)) &&
	    is_side(number_at(content + 4, 4)) &&
	    is_depth(content[9], content[8]) && content[10] == 0 &&
	    content[11] == 0 && content[12] <= 1;
}

static bool
is_chunk_name(const unsigned char *name)
{
	size_t i;

	for (i = 0; i < 4; i++)
		if ((name[i] | 0x20) < 'a' || (name[i] | 0x20) > 'z')
			return false;
	return true;
}

static const char *
png_refusal(struct span s)
{
	bool has_content = false, at_end = false;
	uint32_t length;

	skip(&s, PNG_MARK_LENGTH);
	if (!is_png_header(&s))
		return "has no valid PNG header, or too many pixels";
	while (!at_end) {
		if (s.left < CHUNK_AROUND || !is_chunk_name(s.at + 4))
			return "is a PNG that breaks off";
		length = number_at(s.at, 4);
		if (length > s.left - CHUNK_AROUND)
			return "is a PNG that breaks off";
		has_content = has_content ||
		    memcmp(s.at + 4, "IDAT", 4) == 0;
		at_end = memcmp(s.at + 4, "IEND", 4) == 0;
		skip(&s, CHUNK_AROUND + length);
	}
	return !has_content ? "is a PNG without pixels" :
	    s.left > 0 ? "has something behind its end" : NULL;
}

/* ---- JPEG: segments that begin with a mark, and scans between them ---- */

#define JPEG_MARK "\xff\xd8\xff"
#define JPEG_MARK_LENGTH 3
#define JPEG_END 0xd9
#define JPEG_SCAN 0xda

/* A frame has the size; three marks among its numbers are of something else. */
static bool
is_frame(unsigned mark)
{
	return mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 &&
	    mark != 0xcc;
}

/* Skips what is coded up to the next mark: 00 and restarts are part of it. */
static void
skip_scan(struct span *s)
{
	while (s->left >= 2 && (s->at[0] != 0xff || s->at[1] == 0 ||
	    (s->at[1] >= 0xd0 && s->at[1] <= 0xd7)))
		skip(s, 1);
}

/* Takes the next mark; 0: there is none. It may have fill bytes before it. */
static unsigned
take_mark(struct span *s)
{
	unsigned mark;

	if (s->left < 2 || s->at[0] != 0xff)
		return 0;
	while (s->left >= 2 && s->at[1] == 0xff)
		skip(s, 1);
	if (s->left < 2)
		return 0;
	mark = s->at[1];
	skip(s, 2);
	return mark;
}

/* The bytes of a segment behind its mark; 0: it breaks off. */
static size_t
segment_length(const struct span *s)
{
	size_t length = s->left < 2 ? 0 : number_at(s->at, 2);

	return length < 2 || length > s->left ? 0 : length;
}

static bool
is_frame_header(const unsigned char *segment, size_t length)
{
	return length >= 8 && is_side(number_at(segment + 3, 2)) &&
	    is_side(number_at(segment + 5, 2));
}

static const char *
jpeg_refusal(struct span s)
{
	bool has_frame = false, has_scan = false;
	unsigned mark;
	size_t length;

	skip(&s, 2);
	while ((mark = take_mark(&s)) != JPEG_END) {
		if (mark < 0xc0 || (length = segment_length(&s)) == 0)
			return "is a JPEG that breaks off";
		if (is_frame(mark) && !is_frame_header(s.at, length))
			return "has no valid JPEG header, or too many pixels";
		has_frame = has_frame || is_frame(mark);
		skip(&s, length);
		if (mark != JPEG_SCAN)
			continue;
		has_scan = has_frame;
		skip_scan(&s);
	}
	return !has_scan ? "is a JPEG without pixels" :
	    s.left > 0 ? "has something behind its end" : NULL;
}

const char *
picture_refusal(struct arena *a, const void *bytes, size_t length,
    enum picture_form *form)
{
	const struct span s = { bytes, length };

	if (length > PICTURE_BYTES_MAX)
		return "is more than 1048576 bytes";
	if (begins(&s, PNG_MARK, PNG_MARK_LENGTH)) {
		*form = PICTURE_PNG;
		return png_refusal(s);
	}
	if (begins(&s, JPEG_MARK, JPEG_MARK_LENGTH)) {
		*form = PICTURE_JPEG;
		return jpeg_refusal(s);
	}
	if (!svg_may_be(bytes, length))
		return "is neither PNG nor JPEG nor SVG";
	*form = PICTURE_SVG;
	return svg_refusal(a, bytes, length);
}
