/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures that clients send. Their content decides which form they are of, not
 * what the client says of them. Pure.
 */
#ifndef REEVE_BASE_PICTURE_H
#define REEVE_BASE_PICTURE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

#define PICTURE_BYTES_MAX (1024 * 1024)
#define PICTURE_PIXELS_MAX 16384 /* width or height */

enum picture_form {
	PICTURE_PNG,
	PICTURE_JPEG,
	PICTURE_SVG,
	PICTURE__MAX
};

/* By the form. */
extern const char *const picture_media_types[PICTURE__MAX];

/*
 * Finds the form of a picture and checks that it is whole: a PNG or a JPEG from
 * its first mark to its last and nothing behind it, an SVG as svg_refusal()
 * wants it. Returns NULL, or why it is refused; the words continue "The
 * picture".
 */
const char *picture_refusal(struct arena *a, const void *bytes, size_t length,
    enum picture_form *form) MUSTCHECK;

#endif
