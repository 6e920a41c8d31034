/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/reload.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "pool/directories.h"

/* Root writes these two files, so nobody else may choose where they lead. */
static bool
check_directories(struct arena *a, const struct config *config,
    const char *path, const char **error)
{
	const struct {
		const char *key;
		const char *file;
	} files[] = { { "log", config->log }, { "pid_file", config->pid_file } };
	const char *directory;
	struct identity id;
	size_t i;

	if (!identity_read(&id, a, config, error)) {
		*error = arena_printf(a, "%s: %s", path, *error);
		return false;
	}
	for (i = 0; i < NELEM(files); i++) {
		directory = directory_open_to(&id, a, files[i].file);
		if (directory == NULL)
			continue;
		*error = arena_printf(a, "%s: %s: user %s may write %s, where "
		    "root would write %s: give that directory to root", path,
		    files[i].key, id.user, directory, files[i].file);
		return false;
	}
	return true;
}

const struct config *
reload_first(struct arena *a, const char *path, int64_t workers,
    const char **error)
{
	const struct config *loaded = config_load(a, path, AS_POOL,
	    error);
	struct config *config;

	if (loaded != NULL && !check_directories(a, loaded, path, error))
		return NULL;
	if (loaded == NULL || workers < 0)
		return loaded;
	config = arena_alloc(a, sizeof(*config));
	*config = *loaded;
	config->workers = workers;
	return config;
}

bool
reload_log(const struct config *config)
{
	enum log_level level;

	/* The configuration has been checked, including the level. */
	if (!log_level_parse(config->log_level, &level))
		level = LOG_LEVEL_INFO;
	return log_open(config->log, level);
}

static void
warn_of_restarts(const struct config *started, const struct config *now)
{
	const struct config_key *key;
	size_t i;

	for (i = 0; (key = config_key(i)) != NULL; i++)
		if (!key->reloadable && !config_same(started, now, i))
			log_warn("reload: %s has changed; restart to apply it",
			    key->name);
	if (now->workers == 0)
		log_warn("reload: workers = 0; restart to apply it");
}

const struct config *
reload_again(struct arena *a, const char *path, int64_t workers,
    const struct config *started)
{
	const struct config *loaded;
	const char *error = NULL;
	struct config *config;

	loaded = reload_first(a, path, workers, &error);
	if (loaded == NULL) {
		log_error("reload: %s; the old configuration stays", error);
		return NULL;
	}
	if (!reload_log(loaded)) {
		log_error("reload: log %s: %s; the old configuration stays",
		    loaded->log, strerror(errno));
		return NULL;
	}
	warn_of_restarts(started, loaded);
	config = arena_alloc(a, sizeof(*config));
	*config = *loaded;
	if (config->workers == 0)
		config->workers = started->workers;
	return config;
}
