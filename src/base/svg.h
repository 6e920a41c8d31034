/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SVG that a browser may show beside other people's pages: nothing in it runs,
 * and nothing in it is fetched from elsewhere. Pure.
 */
#ifndef REEVE_BASE_SVG_H
#define REEVE_BASE_SVG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

/* Bounds of the work that a text may cause; drawings stay far below. */
#define SVG_DEPTH_MAX 100 /* elements within each other */
#define SVG_ELEMENTS_MAX 20000
#define SVG_ATTRIBUTES_MAX 100000
#define SVG_ATTRIBUTES_OF_ONE_MAX 200 /* of one element, with declarations */
#define SVG_NAMESPACE_MAX 256 /* bytes of a namespace's name */

/* True if a text begins as XML does. */
bool svg_may_be(const char *text, size_t length);

/*
 * NULL, or why the text is no SVG that may be shown; the words continue "The
 * picture". It is UTF-8 without a DOCTYPE (so it declares no entities), with no
 * processing instruction, no script or foreign object, no event handler, no
 * attribute of a namespace that is not known to be inert, and no reference but to
 * its own fragments and to PNG and JPEG data within it. The bounds above keep the
 * time in proportion to the length.
 */
const char *svg_refusal(struct arena *a, const char *text, size_t length)
    MUSTCHECK;

#endif
