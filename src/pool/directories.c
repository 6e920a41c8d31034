/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/directories.h"

#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define GROUPS_MAX 256

static bool
is_of_group(const struct identity *id, gid_t group)
{
	gid_t groups[GROUPS_MAX];
	int count = GROUPS_MAX, i;

	/* Those of a user with more are taken for all groups. */
	if (getgrouplist(id->user, id->gid, groups, &count) < 0)
		return true;
	for (i = 0; i < count; i++)
		if (groups[i] == group)
			return true;
	return false;
}

static bool
is_open_to(const struct identity *id, const char *directory, bool last)
{
	struct stat status;

	/* Opening the file reports what is missing. */
	if (stat(directory, &status) != 0)
		return false;
	if (status.st_uid == id->uid)
		return true;
	if (!last && (status.st_mode & S_ISVTX) != 0)
		return false;
	return (status.st_mode & S_IWOTH) != 0 ||
	    ((status.st_mode & S_IWGRP) != 0 &&
	    is_of_group(id, status.st_gid));
}

/* Checks a directory and all that lead to it. */
static const char *
open_of_chain(const struct identity *id, struct arena *a, const char *from)
{
	char *directory = arena_strdup(a, from), *slash;
	bool last = true;

	for (; !is_open_to(id, directory[0] == '\0' ? "/" : directory, last);
	    last = false) {
		if ((slash = strrchr(directory, '/')) == NULL)
			return NULL;
		*slash = '\0';
	}
	return directory[0] == '\0' ? "/" : directory;
}

const char *
directory_open_to(const struct identity *id, struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/'), *directory, *found;
	char *real;

	if (!id->change || path[0] != '/')
		return NULL;
	directory = arena_strndup(a, path, (size_t)(slash - path));
	found = open_of_chain(id, a, directory);
	/* A link among them leads elsewhere. */
	real = realpath(directory[0] == '\0' ? "/" : directory, NULL);
	if (found == NULL && real != NULL)
		found = open_of_chain(id, a, real);
	free(real);
	return found;
}
