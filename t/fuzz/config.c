/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configuration files. After a line "---": the file of a secret, which they may
 * name as SECRET below. */
#include "config.h"

#include "base/config.h"

#include <sys/stat.h>

#include "fuzz.h"

#define SECRET_FD 200
#define SECRET "/proc/self/fd/200"

/* An error has the file, a line of it, and a text. */
static void
check_refusal(const char *error, const char *path, struct fuzz_part file)
{
	size_t n = strlen(path), lines = 1, i;
	unsigned long line;
	char *end;

	for (i = 0; i < file.length; i++)
		lines += file.text[i] == '\n';
	demand(strncmp(error, path, n) == 0 && error[n] == ':');
	line = strtoul(error + n + 1, &end, 10);
	demand(strncmp(end, ": ", 2) == 0 && end[2] != '\0');
	demand(line <= lines);
}

/* A configuration without secrets, which are not printed. */
static struct config
without_secrets(const struct config *c)
{
	struct config out = *c;

	out.db_password = out.db_password_file = "";
	out.db_reevectl_password = out.db_reevectl_password_file = "";
	out.db_admin_password = out.db_admin_password_file = "";
	out.secret = out.secret_file = "";
	return out;
}

/* The printed form is read back equal. */
static void
print(struct arena *a, const struct config *c)
{
	static struct fuzz_file file;
	struct config open = without_secrets(c);
	const struct config *again;
	const char *error = NULL;
	char *text = NULL;
	size_t length = 0, i;
	FILE *out = open_memstream(&text, &length);

	demand(out != NULL);
	config_print(&open, out);
	demand(fclose(out) == 0);
	fuzz_write(&file, (struct fuzz_part){ text, length });
	again = config_load(a, file.path, AS_OWNER, &error);
	if (again == NULL)
		fprintf(stderr, "%s\n%s", error, text);
	demand(again != NULL);
	for (i = 0; config_key(i) != NULL; i++)
		demand(config_same(&open, again, i));
	free(text);
}

static void
write_secret(struct fuzz_part part)
{
	static struct fuzz_file file;

	fuzz_write(&file, part);
	demand(fchmod(file.fd, 0600) == 0);
	demand(dup2(file.fd, SECRET_FD) == SECRET_FD);
}

/* A secret is the first line of its file. */
static void
check_secret(const char *value, const char *path, struct fuzz_part file)
{
	size_t n = strlen(value);

	if (fuzz_same(path, SECRET))
		demand(n > 0 && n <= file.length &&
		    memcmp(value, file.text, n) == 0 && (n == file.length ||
		    file.text[n] == '\n' || file.text[n] == '\r'));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct fuzz_file file;
	struct fuzz_part rest = { (const char *)bytes, length }, text;
	struct arena *a = arena_new(4096);
	const struct config *c;
	const char *error = NULL;

	text = fuzz_take(&rest, "\n---\n");
	write_secret(rest);
	fuzz_write(&file, text);
	c = config_load(a, file.path, AS_OWNER, &error);
	if (c == NULL) {
		check_refusal(error, file.path, text);
	} else {
		check_secret(c->secret, c->secret_file, rest);
		check_secret(c->db_password, c->db_password_file, rest);
		print(a, c);
	}
	arena_free(&a);
	return 0;
}
