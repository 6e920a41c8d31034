/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

bool
identity_user(const char *name, uid_t *out)
{
	const struct passwd *entry;

	*out = (uid_t)-1;
	if (name[0] == '\0')
		return true;
	entry = getpwnam(name);
	if (entry != NULL)
		*out = entry->pw_uid;
	return entry != NULL;
}

bool
identity_group(const char *name, gid_t *out)
{
	const struct group *entry;

	*out = (gid_t)-1;
	if (name[0] == '\0')
		return true;
	entry = getgrnam(name);
	if (entry != NULL)
		*out = entry->gr_gid;
	return entry != NULL;
}

static bool
find_as_root(struct identity *out, struct arena *a,
    const struct config *config, const char **error)
{
	const struct passwd *entry = getpwnam(config->user);

	if (entry == NULL) {
		*error = arena_printf(a, "user: there is no user '%s'",
		    config->user);
		return false;
	}
	out->change = true;
	out->user = config->user;
	out->uid = entry->pw_uid;
	out->gid = entry->pw_gid;
	if (config->group[0] != '\0' &&
	    !identity_group(config->group, &out->gid)) {
		*error = arena_printf(a, "group: there is no group '%s'",
		    config->group);
		return false;
	}
	return true;
}

bool
identity_read(struct identity *out, struct arena *a,
    const struct config *config, const char **error)
{
	memset(out, 0, sizeof(*out));
	return geteuid() != 0 || config->user[0] == '\0' ||
	    find_as_root(out, a, config, error);
}

bool
identity_find(struct identity *out, struct arena *a,
    const struct config *config, const char **error)
{
	uid_t uid;

	if (!identity_read(out, a, config, error))
		return false;
	if (out->change)
		return true;
	if (geteuid() == 0) {
		log_warn("the workers run as root: set user");
	} else if (!identity_user(config->user, &uid) ||
	    (config->user[0] != '\0' && uid != geteuid())) {
		log_warn("user = %s is not followed: only root can change "
		    "who the workers are", config->user);
	}
	return true;
}

bool
identity_assume(const struct identity *id)
{
	if (!id->change)
		return true;
	if (initgroups(id->user, id->gid) != 0 || setgid(id->gid) != 0 ||
	    setuid(id->uid) != 0) {
		log_error("cannot become user %s: %s", id->user,
		    strerror(errno));
		return false;
	}
	if (id->uid != 0 && setuid(0) == 0) {
		log_error("user %s can become root again", id->user);
		return false;
	}
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return true;
}

void
identity_give_log(const struct identity *id, const char *path)
{
	struct stat status;
	int fd;

	if (!id->change || path[0] != '/')
		return;
	/* The workers may own the directory, and a link could lead anywhere. */
	fd = open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    status.st_nlink == 1 && status.st_uid != id->uid &&
	    fchown(fd, id->uid, (gid_t)-1) != 0)
		log_warn("%s: cannot be given to user %s: %s", path, id->user,
		    strerror(errno));
	close(fd);
}
