/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/svg.h"

#include <expat.h>
#include <string.h>
#include <strings.h>

#include "base/attr.h"
#include "base/utf8.h"

#define SVG "http://www.w3.org/2000/svg"
#define XML "http://www.w3.org/XML/1998/namespace"
#define XLINK "http://www.w3.org/1999/xlink"
#define BETWEEN '\n' /* a namespace and a name, as expat gives them */

struct reader {
	XML_Parser parser;
	const char *why; /* NULL so far */
	unsigned depth;
	size_t elements;
	size_t attributes;
	bool in_style;
	char *style; /* the text of a style element; room for all of the SVG */
	size_t style_length;
};

/* A name of an element or attribute. */
struct name {
	const char *space;
	size_t space_length; /* 0: none */
	const char *local;
};

static struct name
name_of(const char *text)
{
	const char *between = strrchr(text, BETWEEN);

	return between == NULL ? (struct name){ "", 0, text } :
	    (struct name){ text, (size_t)(between - text), between + 1 };
}

static bool
is_of(const struct name *name, const char *space)
{
	return strlen(space) == name->space_length &&
	    memcmp(name->space, space, name->space_length) == 0;
}

static bool
is_among(const char *word, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcasecmp(word, words[i]) == 0)
			return true;
	return false;
}

/* Nothing but the first reason counts; the parser stops at it. */
static void
refuse(struct reader *r, const char *why)
{
	if (r->why == NULL)
		r->why = why;
	XML_StopParser(r->parser, XML_FALSE);
}

/* ---- what a text may refer to ---- */

static const char *
past_blanks(const char *text)
{
	while (*text != '\0' && (unsigned char)*text <= ' ')
		text++;
	return text;
}

static bool
is_inner_reference(const char *text)
{
	static const char *const data[] = { "data:image/png",
		"data:image/jpeg", "data:image/jpg" };
	size_t i, n;

	text = past_blanks(text);
	if (text[0] == '#')
		return true;
	for (i = 0; i < NELEM(data); i++) {
		n = strlen(data[i]);
		if (strncasecmp(text, data[i], n) == 0 &&
		    (text[n] == ';' || text[n] == ','))
			return true;
	}
	return false;
}

/* Every url() of a style, or of an attribute that is one. */
static bool
has_inner_urls(const char *style)
{
	static const char url[] = "url(";
	const char *at = style;

	while ((at = strcasestr(at, url)) != NULL) {
		at = past_blanks(at + strlen(url));
		if (*at == '"' || *at == '\'')
			at++;
		if (!is_inner_reference(at))
			return false;
	}
	return true;
}

/* A style fetches by other words, too. */
static const char *
style_refusal(const char *style)
{
	static const char *const fetching[] = { "@import", "@namespace", "image(",
		"image-set(", "cross-fade(", "src(", "expression(",
		"javascript:", "-moz-binding", "behavior:" };
	size_t i;

	for (i = 0; i < NELEM(fetching); i++)
		if (strcasestr(style, fetching[i]) != NULL)
			return "has a style that refers to something outside";
	return has_inner_urls(style) ? NULL :
	    "has a style that refers to something outside";
}

/* ---- elements and attributes ---- */

/* Editors note things of their own in these. Other namespaces may do anything:
 * that of HTML has scripts. */
static bool
is_inert(const struct name *name)
{
	static const char *const spaces[] = {
		"http://www.inkscape.org/namespaces/inkscape",
		"http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
		"http://www.w3.org/1999/02/22-rdf-syntax-ns#",
		"http://creativecommons.org/ns#",
		"http://web.resource.org/cc/",
		"http://purl.org/dc/elements/1.1/",
		"http://www.bohemiancoding.com/sketch/ns",
		"http://www.figma.com/figma/ns",
		"http://www.serif.com/",
		"http://svgjs.com/svgjs",
		"http://svgjs.dev/svgjs",
		"https://boxy-svg.com",
		"http://schemas.microsoft.com/visio/2003/SVGExtensions/",
		"http://ns.adobe.com/AdobeIllustrator/10.0/",
		"http://ns.adobe.com/Extensibility/1.0/",
		"http://ns.adobe.com/Graphs/1.0/",
		"http://ns.adobe.com/SaveForWeb/1.0/",
	};
	size_t i;

	for (i = 0; i < NELEM(spaces); i++)
		if (is_of(name, spaces[i]))
			return true;
	return false;
}

static const char *
element_refusal(const struct reader *r, const struct name *name)
{
	static const char *const acting[] = { "script", "foreignObject",
		"handler", "listener", "iframe", "object", "embed", "audio",
		"video", "canvas", "animation" };

	if (r->depth == 0)
		return is_of(name, SVG) && strcmp(name->local, "svg") == 0 ?
		    NULL : "is XML, but no SVG: its root is another element";
	if (r->in_style)
		return "has an element within a style";
	if (is_among(name->local, acting, NELEM(acting)))
		return "has an element that runs or embeds something";
	return is_of(name, SVG) || is_inert(name) ? NULL :
	    "has an element that is not of SVG";
}

/* Attributes that have a browser fetch or send something, of SVG or of what
 * browsers take from HTML. */
static bool
is_fetching(const char *local)
{
	static const char *const fetching[] = { "action", "attributionsrc",
		"background", "codebase", "data", "dynsrc", "formaction",
		"imagesrcset", "longdesc", "lowsrc", "manifest", "ping",
		"poster", "srcdoc", "srcset" };

	return is_among(local, fetching, NELEM(fetching));
}

/* Attributes that animations must not set: they would get round the rules. */
static bool
is_guarded(const char *text)
{
	const char *colon = strrchr(text, ':');
	const char *local = past_blanks(colon == NULL ? text : colon + 1);

	return strncasecmp(local, "on", 2) == 0 ||
	    strncasecmp(local, "href", 4) == 0 ||
	    strncasecmp(local, "src", 3) == 0 ||
	    strncasecmp(local, "style", 5) == 0;
}

/* Only these mean something to a browser, or nothing. */
static bool
is_known_space(const struct name *name)
{
	return name->space_length == 0 || is_of(name, XML) ||
	    is_of(name, XLINK) || is_of(name, SVG) || is_inert(name);
}

static const char *
attribute_refusal(const struct name *name, const char *value)
{
	static const char *const references[] = { "href", "src" };

	if (!is_known_space(name))
		return "has an attribute that is not of SVG";
	if (strncasecmp(name->local, "on", 2) == 0)
		return "has an event handler";
	if (is_among(name->local, references, 2) && !is_inner_reference(value))
		return "refers to something outside";
	if (is_of(name, XML) && strcmp(name->local, "base") == 0)
		return "refers to something outside";
	if (name->space_length > 0)
		return NULL;
	if (is_fetching(name->local))
		return "refers to something outside";
	if (strcasecmp(name->local, "attributeName") == 0 && is_guarded(value))
		return "animates what must not change";
	/* An escape could hide any of the words. */
	if (strchr(value, '\\') != NULL && strchr(value, '(') != NULL)
		return "has an escape in a style";
	return style_refusal(value);
}

/* ---- what expat calls ---- */

static void XMLCALL
begin_element(void *state, const char *text, const char **attributes)
{
	struct reader *r = state;
	struct name name = name_of(text), of;
	const char *why = element_refusal(r, &name);

	for (; why == NULL && attributes[0] != NULL; attributes += 2) {
		of = name_of(attributes[0]);
		why = attribute_refusal(&of, attributes[1]);
	}
	if (why != NULL)
		refuse(r, why);
	r->depth++;
	r->in_style = is_of(&name, SVG) &&
	    strcasecmp(name.local, "style") == 0;
	r->style_length = 0;
}

static void XMLCALL
end_element(void *state, const char *text)
{
	struct reader *r = state;
	const char *why;

	(void)text;
	r->depth--;
	if (!r->in_style)
		return;
	r->in_style = false;
	r->style[r->style_length] = '\0';
	why = strchr(r->style, '\\') != NULL ? "has an escape in a style" :
	    style_refusal(r->style);
	if (why != NULL)
		refuse(r, why);
}

static void XMLCALL
add_text(void *state, const char *text, int length)
{
	struct reader *r = state;

	if (!r->in_style)
		return;
	memcpy(r->style + r->style_length, text, (size_t)length);
	r->style_length += (size_t)length;
}

static void XMLCALL
meet_doctype(void *state, const char *name, const char *system_id,
    const char *public_id, int has_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	refuse(state, "has a DOCTYPE");
}

static void XMLCALL
meet_instruction(void *state, const char *target, const char *text)
{
	(void)target;
	(void)text;
	refuse(state, "has a processing instruction");
}

/* A browser would read another encoding than was checked. */
static void XMLCALL
meet_declaration(void *state, const char *version, const char *encoding,
    int standalone)
{
	(void)version;
	(void)standalone;
	if (encoding != NULL && strcasecmp(encoding, "UTF-8") != 0)
		refuse(state, "is XML in another encoding than UTF-8");
}

/* ---- what expat calls first ---- */

/*
 * With namespaces expat hashes and copies the one of each attribute, so that a
 * long one beside many attributes takes minutes; and it calls a handler only after
 * the whole element. Without them each byte is looked at a few times, hence a
 * document is measured before it is read.
 */
static const char *
measure_refusal(struct reader *r, const char *const *attributes)
{
	size_t i;

	if (r->depth > SVG_DEPTH_MAX)
		return "has too many elements within each other";
	if (++r->elements > SVG_ELEMENTS_MAX)
		return "has too many elements";
	for (i = 0; attributes[i] != NULL; i += 2) {
		if (i / 2 >= SVG_ATTRIBUTES_OF_ONE_MAX ||
		    ++r->attributes > SVG_ATTRIBUTES_MAX)
			return "has too many attributes";
		if (strncmp(attributes[i], "xmlns", 5) == 0 &&
		    strlen(attributes[i + 1]) > SVG_NAMESPACE_MAX)
			return "has a namespace of too long a name";
	}
	return NULL;
}

static void XMLCALL
begin_measured(void *state, const char *name, const char **attributes)
{
	struct reader *r = state;
	const char *why;

	(void)name;
	r->depth++;
	why = measure_refusal(r, (const char *const *)attributes);
	if (why != NULL)
		refuse(r, why);
}

static void XMLCALL
end_measured(void *state, const char *name)
{
	struct reader *r = state;

	(void)name;
	r->depth--;
}

static void
set_up_measure(struct reader *r)
{
	XML_SetElementHandler(r->parser, begin_measured, end_measured);
	/* It could have attributes and texts grow. */
	XML_SetStartDoctypeDeclHandler(r->parser, meet_doctype);
}

static void
set_up_reading(struct reader *r)
{
	XML_SetElementHandler(r->parser, begin_element, end_element);
	XML_SetCharacterDataHandler(r->parser, add_text);
	XML_SetStartDoctypeDeclHandler(r->parser, meet_doctype);
	XML_SetProcessingInstructionHandler(r->parser, meet_instruction);
	XML_SetXmlDeclHandler(r->parser, meet_declaration);
}

bool
svg_may_be(const char *text, size_t length)
{
	if (length >= UTF8_MARK_LENGTH &&
	    memcmp(text, UTF8_MARK, UTF8_MARK_LENGTH) == 0) {
		text += UTF8_MARK_LENGTH;
		length -= UTF8_MARK_LENGTH;
	}
	while (length > 0 && memchr(" \t\r\n", *text, 4) != NULL) {
		text++;
		length--;
	}
	return length > 0 && *text == '<';
}

/* The texts within it end at a NUL, so it must have none. */
static bool
is_text(struct arena *a, const char *text, size_t length)
{
	return memchr(text, '\0', length) == NULL &&
	    utf8_is_valid(arena_strndup(a, text, length));
}

/* Takes nothing of the arena: a lack of it would leave the parser behind. */
static const char *
pass(struct reader *r, XML_Parser parser, void (*set_up)(struct reader *r),
    const char *text, size_t length)
{
	if (parser == NULL)
		return "needs more memory than there is";
	r->parser = parser;
	XML_SetUserData(parser, r);
	set_up(r);
	if (XML_Parse(parser, text, (int)length, 1) != XML_STATUS_OK &&
	    r->why == NULL)
		r->why = XML_GetErrorCode(parser) == XML_ERROR_NO_MEMORY ?
		    "needs more memory than there is" :
		    "is not well-formed XML";
	XML_ParserFree(parser);
	return r->why;
}

const char *
svg_refusal(struct arena *a, const char *text, size_t length)
{
	struct reader r = { .style = arena_alloc(a, length + 1) };
	const char *why;

	if (!is_text(a, text, length))
		return "is not UTF-8";
	why = pass(&r, XML_ParserCreate("UTF-8"), set_up_measure, text, length);
	return why != NULL ? why : pass(&r, XML_ParserCreateNS("UTF-8",
	    BETWEEN), set_up_reading, text, length);
}
