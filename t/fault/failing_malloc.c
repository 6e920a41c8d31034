/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For LD_PRELOAD with glibc: fails one allocation of one program or library.
 * The file named by REEVE_TEST_COUNTDOWN holds a number; each allocation by the
 * object whose file's name begins with REEVE_TEST_ALLOCATOR takes one from it,
 * and the one that makes it 0 fails. 0: none fails.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#undef strdup
#undef strndup

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);

static int *countdown;
static const char *allocator;

static void __attribute__((constructor))
begin(void)
{
	const char *path = getenv("REEVE_TEST_COUNTDOWN");
	int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	void *page;

	allocator = getenv("REEVE_TEST_ALLOCATOR");
	if (fd < 0 || allocator == NULL)
		return;
	page = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    0);
	if (page != MAP_FAILED)
		countdown = page;
}

static int
is_of_allocator(const void *caller)
{
	Dl_info info;
	const char *name;

	if (dladdr(caller, &info) == 0 || info.dli_fname == NULL)
		return 0;
	name = strrchr(info.dli_fname, '/');
	name = name == NULL ? info.dli_fname : name + 1;
	return strncmp(name, allocator, strlen(allocator)) == 0;
}

static int
fails(const void *caller)
{
	if (countdown == NULL || *countdown <= 0 || !is_of_allocator(caller) ||
	    --*countdown > 0)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t bytes)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(bytes);
}

void *
calloc(size_t count, size_t bytes)
{
	return fails(__builtin_return_address(0)) ? NULL :
	    __libc_calloc(count, bytes);
}

void *
realloc(void *old, size_t bytes)
{
	return fails(__builtin_return_address(0)) ? NULL :
	    __libc_realloc(old, bytes);
}

/* These would allocate in the name of libc. */

static char *
copy(const void *caller, const char *text, size_t length)
{
	char *out = fails(caller) ? NULL : __libc_malloc(length + 1);

	if (out != NULL) {
		memcpy(out, text, length);
		out[length] = '\0';
	}
	return out;
}

char *
strdup(const char *text)
{
	return copy(__builtin_return_address(0), text, strlen(text));
}

char *
strndup(const char *text, size_t length)
{
	return copy(__builtin_return_address(0), text, strnlen(text, length));
}
