/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/number_class.h"

#include <regex.h>
#include <string.h>

#include "base/attr.h"

#define CLASSES_MAX 64

struct number_classes {
	size_t count;
	struct {
		const char *name;
		const char *text; /* of the expression */
		regex_t expression;
	} classes[CLASSES_MAX];
};

static void
free_classes(void *state)
{
	struct number_classes *classes = state;
	size_t i;

	for (i = 0; i < classes->count; i++)
		regfree(&classes->classes[i].expression);
}

/* Adds a class from "name:expression". Returns the error, or NULL. */
static const char *
take_class(struct arena *a, struct number_classes *classes, char *text)
{
	char *colon = strchr(text, ':');

	if (colon == NULL || colon == text || colon[1] == '\0')
		return arena_printf(a, "'%s' is not NAME:EXPRESSION", text);
	*colon = '\0';
	if (classes->count == CLASSES_MAX)
		return arena_printf(a, "%s: there are more than %d classes",
		    text, CLASSES_MAX);
	if (regcomp(&classes->classes[classes->count].expression, colon + 1,
	    REG_EXTENDED | REG_NOSUB) != 0)
		return arena_printf(a, "%s: '%s' is no regular expression", text,
		    colon + 1);
	classes->classes[classes->count].text = colon + 1;
	classes->classes[classes->count++].name = text;
	return NULL;
}

struct number_classes *
number_classes_read(struct arena *a, const char *text, const char **why)
{
	struct number_classes *classes = arena_alloc(a, sizeof(*classes));
	char *rest = arena_strdup(a, text), *one;

	arena_defer(a, free_classes, classes);
	while ((one = strsep(&rest, " \t")) != NULL) {
		if (*one == '\0')
			continue;
		if ((*why = take_class(a, classes, one)) != NULL)
			return NULL;
	}
	return classes;
}

const char *
number_class_at(const struct number_classes *classes, size_t index,
    const char **expression)
{
	if (index >= classes->count)
		return NULL;
	*expression = classes->classes[index].text;
	return classes->classes[index].name;
}

const char *
number_class(const struct number_classes *classes, const char *number)
{
	size_t i;

	for (i = 0; i < classes->count; i++)
		if (regexec(&classes->classes[i].expression, number, 0, NULL,
		    0) == 0)
			return classes->classes[i].name;
	return NUMBER_CLASS_UNKNOWN;
}
