/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/memory.h"

#include <json-c/json.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sysexits.h>

static jmp_buf *guard_now;

void
memory_limit(int64_t bytes)
{
	const struct rlimit limit = { (rlim_t)bytes, (rlim_t)bytes };

	if (bytes > 0 && !ADDRESS_SANITIZER)
		setrlimit(RLIMIT_DATA, &limit);
}

bool
memory_has_room(size_t bytes)
{
	/* volatile: a compiler may leave out a pair of malloc and free. */
	void *volatile room = malloc(bytes);
	bool has = room != NULL;

	free(room);
	return has;
}

void *
memory_shared(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void
memory_guard(jmp_buf *guard)
{
	guard_now = guard;
}

void
memory_exhausted(size_t bytes)
{
	jmp_buf *guard = guard_now;

	if (guard != NULL) {
		guard_now = NULL;
		longjmp(*guard, 1);
	}
	if (bytes > 0)
		fprintf(stderr, "reeve: out of memory (%zu bytes wanted)\n",
		    bytes);
	else
		fputs("reeve: out of memory\n", stderr);
	exit(EX_OSERR);
}

void
memory_trim(void)
{
	malloc_trim(0);
}

/* ---- json-c: allocation does not fail ---- */

static void *
made(void *result)
{
	if (result == NULL)
		memory_exhausted(0);
	return result;
}

static const char *
text_of(const char *result)
{
	if (result == NULL)
		memory_exhausted(0);
	return result;
}

/* Ends a request whose tree lacks a value, which is not its tree's to free. */
static int
placed(int failed, struct json_object *own_value)
{
	if (failed != 0) {
		json_object_put(own_value);
		memory_exhausted(0);
	}
	return 0;
}

int __real_json_object_object_add(struct json_object *object, const char *key,
    struct json_object *value);
int __wrap_json_object_object_add(struct json_object *object, const char *key,
    struct json_object *value);
int
__wrap_json_object_object_add(struct json_object *object, const char *key,
    struct json_object *own_value)
{
	return placed(__real_json_object_object_add(object, key, own_value),
	    own_value);
}

int __real_json_object_array_add(struct json_object *array,
    struct json_object *value);
int __wrap_json_object_array_add(struct json_object *array,
    struct json_object *value);
int
__wrap_json_object_array_add(struct json_object *array,
    struct json_object *own_value)
{
	return placed(__real_json_object_array_add(array, own_value),
	    own_value);
}

/* A copy of nothing fails, too, and is the caller's. errno does not tell: it is
 * EINVAL whatever failed. */
int __real_json_object_deep_copy(struct json_object *from,
    struct json_object **to, json_c_shallow_copy_fn *copy);
int __wrap_json_object_deep_copy(struct json_object *from,
    struct json_object **to, json_c_shallow_copy_fn *copy);
int
__wrap_json_object_deep_copy(struct json_object *from,
    struct json_object **to, json_c_shallow_copy_fn *copy)
{
	int failed = __real_json_object_deep_copy(from, to, copy);

	if (failed != 0 && from != NULL)
		memory_exhausted(0);
	return failed;
}

/* Other values than strings are printed for it. */
const char *__real_json_object_get_string(struct json_object *value);
const char *__wrap_json_object_get_string(struct json_object *value);
const char *
__wrap_json_object_get_string(struct json_object *value)
{
	const char *text = __real_json_object_get_string(value);

	if (text == NULL && value != NULL)
		memory_exhausted(0);
	return text;
}

#define WRAP(type, check, name, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		return check(__real_##name arguments); \
	}

WRAP(struct json_object *, made, json_object_new_object, (void), ())
WRAP(struct json_object *, made, json_object_new_array, (void), ())
WRAP(struct json_object *, made, json_object_new_string, (const char *text),
    (text))
WRAP(struct json_object *, made, json_object_new_string_len,
    (const char *text, int length), (text, length))
WRAP(struct json_object *, made, json_object_new_int, (int32_t value), (value))
WRAP(struct json_object *, made, json_object_new_int64, (int64_t value), (value))
WRAP(struct json_object *, made, json_object_new_boolean, (json_bool value),
    (value))
WRAP(struct json_object *, made, json_object_new_double_s,
    (double value, const char *text), (value, text))
WRAP(const char *, text_of, json_object_to_json_string,
    (struct json_object *tree), (tree))
WRAP(const char *, text_of, json_object_to_json_string_ext,
    (struct json_object *tree, int flags), (tree, flags))
WRAP(const char *, text_of, json_object_to_json_string_length,
    (struct json_object *tree, int flags, size_t *length),
    (tree, flags, length))
