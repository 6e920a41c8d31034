/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/picture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/svg.h"

static struct arena *a;

static void
setup(void)
{
	a = arena_new(1024);
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(picture, .init = setup, .fini = teardown);

struct row {
	const char *label;
	const char *bytes;
	size_t length;
	const char *why; /* a part of it; NULL: it is taken */
};

/* Literals have a NUL at their end that is none of the picture. */
#define BYTES(text) (text), sizeof(text) - 1

static void
check(const struct row *row, enum picture_form form)
{
	enum picture_form found = PICTURE__MAX;
	const char *why = picture_refusal(a, row->bytes, row->length, &found);

	if (row->why != NULL) {
		cr_assert_not_null(why, "%s: it is taken", row->label);
		cr_assert_not_null(strstr(why, row->why), "%s: %s", row->label,
		    why);
		return;
	}
	cr_assert_null(why, "%s: %s", row->label, why);
	cr_assert_eq(found, form, "%s", row->label);
}

/* ---- PNG ---- */

#define PNG "\x89PNG\r\n\x1a\n"
#define IHDR_OF(content) "\0\0\0\x0dIHDR" content "\0\0\0\0"
#define IHDR IHDR_OF("\0\0\0\x01\0\0\0\x02\x08\x06\0\0\0")
#define IDAT "\0\0\0\x04IDATabcd\0\0\0\0"
#define IEND "\0\0\0\0IEND\xae\x42\x60\x82"

Test(picture, png)
{
	static const struct row rows[] = {
		{ "whole", BYTES(PNG IHDR IDAT IEND), NULL },
		{ "text", BYTES(PNG IHDR "\0\0\0\x02tEXthi\0\0\0\0" IDAT IDAT
		    IEND), NULL },
		{ "palette", BYTES(PNG
		    IHDR_OF("\0\0\x40\0\0\0\x40\0\x04\x03\0\0\x01") IDAT IEND),
		    NULL },
		{ "mark only", BYTES(PNG), "no valid PNG header" },
		{ "another chunk first", BYTES(PNG IDAT IHDR IEND),
		    "no valid PNG header" },
		{ "no width", BYTES(PNG
		    IHDR_OF("\0\0\0\0\0\0\0\x02\x08\x06\0\0\0") IDAT IEND),
		    "no valid PNG header" },
		{ "too wide", BYTES(PNG
		    IHDR_OF("\0\0\x40\x01\0\0\0\x02\x08\x06\0\0\0") IDAT IEND),
		    "too many pixels" },
		{ "no such colour", BYTES(PNG
		    IHDR_OF("\0\0\0\x01\0\0\0\x02\x08\x05\0\0\0") IDAT IEND),
		    "no valid PNG header" },
		{ "no such depth", BYTES(PNG
		    IHDR_OF("\0\0\0\x01\0\0\0\x02\x04\x06\0\0\0") IDAT IEND),
		    "no valid PNG header" },
		{ "no pixels", BYTES(PNG IHDR IEND), "without pixels" },
		{ "no end", BYTES(PNG IHDR IDAT), "breaks off" },
		{ "end cut", BYTES(PNG IHDR IDAT "\0\0\0\0IEND\xae\x42\x60"),
		    "breaks off" },
		{ "length beyond the end", BYTES(PNG IHDR
		    "\xff\xff\xff\xffIDATabcd\0\0\0\0" IEND), "breaks off" },
		{ "not a name", BYTES(PNG IHDR "\0\0\0\x01<svg>\0\0\0\0" IDAT
		    IEND), "breaks off" },
		{ "more behind it", BYTES(PNG IHDR IDAT IEND "<html>"),
		    "behind its end" },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		check(&rows[i], PICTURE_PNG);
}

/* ---- JPEG ---- */

#define SOI "\xff\xd8"
#define APP0 "\xff\xe0\0\x06JFIF"
#define SOF "\xff\xc0\0\x0b\x08\0\x10\0\x20\x01\x01\x11\0"
#define SOS "\xff\xda\0\x08\x01\x01\0\0\x3f\0"
#define SCAN "a\xff\0b\xff\xd0" "c"
#define EOI "\xff\xd9"

Test(picture, jpeg)
{
	static const struct row rows[] = {
		{ "whole", BYTES(SOI APP0 SOF SOS SCAN EOI), NULL },
		{ "two scans", BYTES(SOI SOF SOS SCAN "\xff\xc4\0\x03x" SOS
		    SCAN EOI), NULL },
		{ "fill bytes", BYTES(SOI "\xff\xff" APP0 SOF SOS SCAN
		    "\xff\xff\xd9"), NULL },
		{ "end in a comment", BYTES(SOI "\xff\xfe\0\x04\xff\xd9" SOF
		    SOS SCAN EOI), NULL },
		{ "mark only", BYTES("\xff\xd8\xff"), "breaks off" },
		{ "no frame", BYTES(SOI APP0 SOS SCAN EOI), "without pixels" },
		{ "no scan", BYTES(SOI APP0 SOF EOI), "without pixels" },
		{ "no end", BYTES(SOI APP0 SOF SOS SCAN), "breaks off" },
		{ "segment cut", BYTES(SOI "\xff\xe0\0\xff" "JFIF" EOI),
		    "breaks off" },
		{ "segment of no length", BYTES(SOI "\xff\xe0\0\x01" SOF SOS
		    SCAN EOI), "breaks off" },
		{ "no height", BYTES(SOI
		    "\xff\xc0\0\x0b\x08\0\0\0\x20\x01\x01\x11\0" SOS SCAN EOI),
		    "no valid JPEG header" },
		{ "too wide", BYTES(SOI
		    "\xff\xc0\0\x0b\x08\0\x10\x40\x01\x01\x01\x11\0" SOS SCAN
		    EOI), "too many pixels" },
		{ "short frame", BYTES(SOI "\xff\xc0\0\x04\x08\0" SOS SCAN
		    EOI), "no valid JPEG header" },
		{ "text between", BYTES(SOI APP0 "text" SOF SOS SCAN EOI),
		    "breaks off" },
		{ "more behind it", BYTES(SOI SOF SOS SCAN EOI "<html>"),
		    "behind its end" },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		check(&rows[i], PICTURE_JPEG);
}

/* ---- SVG ---- */

#define ROOT(rest) "<svg xmlns=\"http://www.w3.org/2000/svg\" " \
	"xmlns:xlink=\"http://www.w3.org/1999/xlink\" " \
	"xmlns:h=\"http://www.w3.org/1999/xhtml\" " \
	"xmlns:ink=\"http://www.inkscape.org/namespaces/inkscape\" " rest
#define WITHIN(content) BYTES(ROOT(">") content "</svg>")
#define DATA_URL "data:image/png;base64,iVBORw0KGgo="
#define RUNS "runs or embeds"
#define OUTSIDE "refers to something outside"
#define STYLE_OUTSIDE "style that refers to something outside"

Test(picture, svg_that_is_taken)
{
	static const struct row rows[] = {
		{ "empty", WITHIN(""), NULL },
		{ "declaration", BYTES("<?xml version=\"1.0\" "
		    "encoding=\"utf-8\"?>\n<!-- <script> -->" ROOT("/>")),
		    NULL },
		{ "byte order mark", BYTES("\xef\xbb\xbf" ROOT("/>")), NULL },
		{ "shapes", WITHIN("<g fill=\"red\"><path d=\"M0 0h9v9z\"/>"
		    "<text>\xc3\xa4 &amp; &#x20ac;</text></g>"), NULL },
		{ "fragments", WITHIN("<use href=\"#a\" xlink:href=' #b'/>"
		    "<rect fill=\"url(#a)\" style=\"mask:url( '#b' )\"/>"),
		    NULL },
		{ "pictures within", WITHIN("<image href=\"" DATA_URL "\"/>"
		    "<image xlink:href=\"data:image/jpeg;base64,/9j/\"/>"),
		    NULL },
		{ "style", WITHIN("<style>.a{fill:url(\"#g\")}"
		    "@media print{.b{fill:red}}</style>"), NULL },
		{ "style as CDATA", WITHIN("<style><![CDATA[a>b{fill:red}]]>"
		    "</style>"), NULL },
		{ "an editor's notes", WITHIN("<ink:page ink:export=\"C:\\(a\" "
		    "id='a\\b'/>"), NULL },
		{ "animation", WITHIN("<animate attributeName=\"x\" to=\"9\"/>"),
		    NULL },
		{ "language and title", WITHIN("<a xlink:title=\"t\" "
		    "xml:lang=\"en\" xml:space=\"preserve\" data-name=\"n\"/>"),
		    NULL },
		{ "words in a text", WITHIN("<text>javascript: onload url(x)"
		    "</text>"), NULL },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		check(&rows[i], PICTURE_SVG);
}

Test(picture, svg_that_is_refused)
{
	static const struct row rows[] = {
		{ "script", WITHIN("<script>alert(1)</script>"), RUNS },
		{ "script in capitals", WITHIN("<SCRIPT/>"), RUNS },
		{ "script of HTML", WITHIN("<h:script/>"), RUNS },
		{ "script in an editor's notes", WITHIN("<ink:a><script/>"
		    "</ink:a>"), RUNS },
		{ "foreign object", WITHIN("<foreignObject/>"), RUNS },
		{ "element of HTML", WITHIN("<h:img/>"), "not of SVG" },
		{ "element of no namespace", WITHIN("<a xmlns=\"\"/>"),
		    "not of SVG" },
		{ "handler", WITHIN("<g onclick=\"x\"/>"), "event handler" },
		{ "handler at the root", BYTES(ROOT("ONLOAD='x'/>")),
		    "event handler" },
		{ "link", WITHIN("<a href=\"https://example.com\"/>"),
		    OUTSIDE },
		{ "link that runs", WITHIN("<a xlink:href=\"javascript:x\"/>"),
		    OUTSIDE },
		{ "hidden link", WITHIN("<a href=\"&#106;avascript:x\"/>"),
		    OUTSIDE },
		{ "picture from elsewhere", WITHIN("<image href=\"//x.example\"/>"
		    ), OUTSIDE },
		{ "file", WITHIN("<use href=\"other.svg#a\"/>"), OUTSIDE },
		{ "SVG within", WITHIN("<image href=\"data:image/svg+xml,x\"/>"),
		    OUTSIDE },
		{ "other data", WITHIN("<use href=\"data:text/html,x\"/>"),
		    OUTSIDE },
		{ "base", WITHIN("<g xml:base=\"https://x.example/\"/>"),
		    OUTSIDE },
		{ "url in an attribute", WITHIN("<g fill=\"URL(//x.example)\"/>"),
		    STYLE_OUTSIDE },
		{ "second url", WITHIN("<g style=\"fill:url(#a);mask:url( //x)"
		    "\"/>"), STYLE_OUTSIDE },
		{ "url in a style", WITHIN("<style>a{fill:url('//x')}</style>"),
		    STYLE_OUTSIDE },
		{ "import", WITHIN("<style>@IMPORT 'x.css';</style>"),
		    STYLE_OUTSIDE },
		{ "import in pieces", WITHIN("<style>@im<!-- -->port 'x';"
		    "</style>"), STYLE_OUTSIDE },
		{ "import as references", WITHIN("<style>&#64;import 'x';"
		    "</style>"), STYLE_OUTSIDE },
		{ "image set", WITHIN("<g style=\"mask:image-set('x' 1x)\"/>"),
		    STYLE_OUTSIDE },
		{ "escape in a style", WITHIN("<style>@\\69mport 'x';</style>"),
		    "an escape" },
		{ "escape in an attribute", WITHIN("<g fill=\"\\75rl(//x)\"/>"),
		    "an escape" },
		{ "element in a style", WITHIN("<style>@im<g/>port</style>"),
		    "within a style" },
		{ "namespace of a style", WITHIN("<style>@namespace 'http://x';"
		    "</style>"), STYLE_OUTSIDE },
		{ "attribute of HTML", WITHIN("<g h:title=\"x\"/>"),
		    "attribute that is not of SVG" },
		{ "attribute of an unknown namespace", WITHIN("<g "
		    "xmlns:x=\"urn:x\" x:a=\"\"/>"),
		    "attribute that is not of SVG" },
		{ "animated link", WITHIN("<a><set attributeName=\"xlink:href\""
		    " to=\"javascript:x\"/></a>"), "animates" },
		{ "animated handler", WITHIN("<set attributeName=\" onclick\" "
		    "to=\"x\"/>"), "animates" },
		{ "DOCTYPE", BYTES("<!DOCTYPE svg>" ROOT("/>")), "DOCTYPE" },
		{ "entities", BYTES("<!DOCTYPE svg [<!ENTITY a \"b\">]>"
		    ROOT(">&a;</svg>")), "DOCTYPE" },
		{ "style sheet", BYTES("<?xml-stylesheet href=\"x.css\"?>"
		    ROOT("/>")), "processing instruction" },
		{ "encoding", BYTES("<?xml version=\"1.0\" "
		    "encoding=\"UTF-16\"?>" ROOT("/>")), "encoding" },
		{ "not UTF-8", WITHIN("<text>\xff</text>"), "not UTF-8" },
		{ "NUL", WITHIN("<text>\0</text>"), "not UTF-8" },
		{ "not closed", BYTES(ROOT("><g>")), "not well-formed" },
		{ "more behind it", BYTES(ROOT("/>") "<g/>"),
		    "not well-formed" },
		{ "undeclared entity", WITHIN("&nbsp;"), "not well-formed" },
		{ "no namespace", BYTES("<svg/>"), "no SVG" },
		{ "HTML", BYTES("<html><svg/></html>"), "no SVG" },
		{ "another root", BYTES("<g xmlns=\"http://www.w3.org/2000/svg\""
		    "/>"), "no SVG" },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		check(&rows[i], PICTURE_SVG);
}

Test(picture, attributes_that_fetch_are_refused)
{
	static const char *const names[] = { "action", "attributionsrc",
		"background", "codebase", "data", "dynsrc", "formaction",
		"imagesrcset", "longdesc", "lowsrc", "manifest", "ping",
		"PING", "poster", "srcdoc", "srcset" };
	enum picture_form form;
	const char *text, *why;
	size_t i;

	for (i = 0; i < NELEM(names); i++) {
		text = arena_printf(a, ROOT("><a href=\"#a\" %s=\"https://"
		    "x.example/\"/></svg>"), names[i]);
		why = picture_refusal(a, text, strlen(text), &form);
		cr_assert_not_null(why, "%s: it is taken", names[i]);
		cr_assert_not_null(strstr(why, OUTSIDE), "%s: %s", names[i],
		    why);
	}
}

/* Why a picture is refused whose elements stand this deep in each other. */
static const char *
refusal_of_depth(size_t depth)
{
	enum picture_form form;
	struct buffer text;
	size_t i;

	buffer_init(&text, a, 0);
	buffer_puts(&text, ROOT(">"));
	for (i = 1; i < depth; i++)
		buffer_puts(&text, "<g>");
	for (i = 1; i < depth; i++)
		buffer_puts(&text, "</g>");
	buffer_puts(&text, "</svg>");
	return picture_refusal(a, text.text, text.length, &form);
}

Test(picture, the_depth_of_svg_is_bounded)
{
	cr_assert_null(refusal_of_depth(SVG_DEPTH_MAX));
	cr_assert_not_null(refusal_of_depth(SVG_DEPTH_MAX + 1));
	cr_assert_not_null(refusal_of_depth(100000));
}

static void
repeat(struct buffer *text, const char *what, size_t times)
{
	while (times-- > 0)
		buffer_puts(text, what);
}

/* A picture that is cheap to send. */
struct costly {
	const char *label;
	size_t uri;        /* bytes of the name of a namespace */
	size_t attributes; /* of it, at the root */
	size_t elements;
	const char *element;
	const char *why; /* NULL: it is taken */
};

static void
check_cost(const struct costly *row)
{
	enum picture_form form;
	struct buffer text;
	const char *why;
	size_t i;

	buffer_init(&text, a, 0);
	buffer_puts(&text, "<svg xmlns:x=\"http://www.serif.com/");
	repeat(&text, "h", row->uri - strlen("http://www.serif.com/"));
	buffer_puts(&text, "\" xmlns=\"http://www.w3.org/2000/svg\"");
	for (i = 0; i < row->attributes; i++)
		buffer_printf(&text, " x:a%zx=''", i);
	buffer_putc(&text, '>');
	repeat(&text, row->element, row->elements);
	buffer_puts(&text, "</svg>");
	cr_assert_leq(text.length, PICTURE_BYTES_MAX, "%s", row->label);
	why = picture_refusal(a, text.text, text.length, &form);
	if (row->why == NULL)
		cr_assert_null(why, "%s: %s", row->label, why);
	else
		cr_assert(why != NULL && strstr(why, row->why) != NULL,
		    "%s: %s", row->label, why == NULL ? "it is taken" : why);
}

/* One that is not refused at its measure takes minutes: the time of a test ends
 * before. */
Test(picture, costly_svg_is_refused, .timeout = 20)
{
	static const char no_uri[] = "namespace of too long a name";
	static const char no_space[] = "attribute that is not of SVG";
	static const struct costly rows[] = {
		{ "long namespace, elements", 500000, 0, 15000, "<g x:a=''/>",
		    no_uri },
		{ "long namespace, attributes", 400000, 50000, 0, "", no_uri },
		{ "long namespace, few attributes", 900000, 100, 15000,
		    "<x:g/>", no_uri },
		{ "namespace of the most, unknown", SVG_NAMESPACE_MAX, 1, 0, "",
		    no_space },
		{ "namespace longer than the most", SVG_NAMESPACE_MAX + 1, 0, 0,
		    "", no_uri },
		{ "namespace of the most, attributes", SVG_NAMESPACE_MAX,
		    80000, 0, "", "too many attributes" },
		{ "most attributes of one", 21, SVG_ATTRIBUTES_OF_ONE_MAX - 2,
		    0, "", NULL },
		{ "more attributes of one", 21, SVG_ATTRIBUTES_OF_ONE_MAX - 1,
		    0, "", "too many attributes" },
		{ "most elements", 21, 0, SVG_ELEMENTS_MAX - 1, "<g/>", NULL },
		{ "more elements", 21, 0, SVG_ELEMENTS_MAX, "<g/>",
		    "too many elements" },
		{ "most attributes", 21, 0, (SVG_ATTRIBUTES_MAX - 2) / 10,
		    "<g a='' b='' c='' d='' e='' f='' g='' h='' i='' j=''/>",
		    NULL },
		{ "more attributes", 21, 0, SVG_ATTRIBUTES_MAX / 10,
		    "<g a='' b='' c='' d='' e='' f='' g='' h='' i='' j=''/>",
		    "too many attributes" },
		{ "declarations", 21, 0, 15000,
		    "<g xmlns:a='http://www.serif.com/' a:b=''/>", NULL },
		{ "texts", 21, 0, 100000, "&amp;\n", NULL },
		{ "references", 21, 0, 15000, "<g fill='url(#a) url(#b)'/>",
		    NULL },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		check_cost(&rows[i]);
}

/* ---- neither ---- */

Test(picture, anything_else_is_refused)
{
	static const struct row rows[] = {
		{ "nothing", BYTES(""), "neither" },
		{ "GIF", BYTES("GIF89a\1\0\1\0"), "neither" },
		{ "WebP", BYTES("RIFF\0\0\0\0WEBP"), "neither" },
		{ "text", BYTES("hello"), "neither" },
		{ "base64", BYTES("iVBORw0KGgo="), "neither" },
		{ "a part of a mark", BYTES("\x89PN"), "neither" },
	};
	enum picture_form form;
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		check(&rows[i], PICTURE__MAX);
	cr_assert_not_null(strstr(picture_refusal(a, arena_alloc(a,
	    PICTURE_BYTES_MAX + 1), PICTURE_BYTES_MAX + 1, &form), "1048576"));
}
