/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/options.h"
#include "ctl/print.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* The values that getopt_long() returns. */
enum {
	GIVEN_OPERAND = 1,
	GIVEN_CONFIG = 'c',
	GIVEN_HELP = 'h',
	GIVEN_JSON = 256,
	GIVEN_VERSION,
	GIVEN_ROW /* and above: the command's rows */
};

#define COMMON_COUNT 3 /* options that commands have, too */

static const struct option common[] = {
	{ "config", required_argument, NULL, GIVEN_CONFIG },
	{ "help", no_argument, NULL, GIVEN_HELP },
	{ "json", no_argument, NULL, GIVEN_JSON },
	{ "version", no_argument, NULL, GIVEN_VERSION },
	{ NULL, 0, NULL, 0 },
};

/* The word of the option read last; its value may be the next word. */
static const char *
last_word(char **argv)
{
	return optarg != NULL && optarg == argv[optind - 1] ?
	    argv[optind - 2] : argv[optind - 1];
}

static bool
is_abbreviated(const struct option *option, char **argv)
{
	const char *word = last_word(argv);

	return strlen(option->name) != strcspn(word + 2, "=");
}

static int
refuse_unknown(const struct ctl *ctl, const char *word)
{
	int length = (int)strcspn(word, "=");

	return ctl->command == NULL ?
	    ctl_usage(ctl, "no option %.*s before a command", length, word) :
	    ctl_usage(ctl, "no option %.*s", length, word);
}

/* The option of a value of getopt_long(); 'c' and 'h' are short options,
 * too. */
static const struct option *
option_given(const struct option *options, int given)
{
	for (; options->name != NULL; options++)
		if (options->val == given)
			return options;
	return NULL;
}

/* Prints the reason for '?' or ':'; optopt is the option, or 0 if unknown. */
static int
refuse(const struct ctl *ctl, const struct option *options, int why,
    char **argv)
{
	const struct option *option = option_given(options, optopt);
	const char letter[] = { '-', (char)optopt, '\0' };

	if (option == NULL)
		return refuse_unknown(ctl, optopt == 0 ? argv[optind - 1] :
		    letter);
	return ctl_usage(ctl, why == ':' ? "--%s needs a value" :
	    "--%s takes no value", option->name);
}

static void
take(struct ctl *ctl, int given, bool *help)
{
	switch (given) {
	case GIVEN_CONFIG:
		ctl->config_path = optarg;
		break;
	case GIVEN_HELP:
		*help = true;
		break;
	case GIVEN_JSON:
		ctl->json = true;
		break;
	case GIVEN_VERSION:
		ctl_print("reevectl %s\n", PACKAGE_VERSION);
		exit(0);
	default:
		ctl->values[given - GIVEN_ROW] = optarg == NULL ? "" : optarg;
	}
}

/* The words of a command line being read. */
struct option_reader {
	struct ctl *ctl;
	int argc;
	char **argv;
	const char *letters; /* short options, for getopt_long() */
	const struct option *options;
};

/* Reads the next option. False: the options end, *status is 0; or one is wrong,
 * *status is EXIT_USAGE. */
static bool
read_option(const struct option_reader *r, int *given, int *status)
{
	int index = -1;

	*status = 0;
	*given = getopt_long(r->argc, r->argv, r->letters, r->options, &index);
	if (*given == '?' || *given == ':')
		*status = refuse(r->ctl, r->options, *given, r->argv);
	else if (index >= 0 && is_abbreviated(&r->options[index], r->argv))
		*status = refuse_unknown(r->ctl, last_word(r->argv));
	return *given != -1 && *status == 0;
}

int
options_before_command(struct ctl *ctl, int argc, char **argv, int *at,
    bool *help)
{
	const struct option_reader r = { ctl, argc, argv, "+:hc:", common };
	int given, status;

	opterr = 0;
	while (read_option(&r, &given, &status))
		take(ctl, given, help);
	*at = optind;
	if (status == 0 && optind > 1 && strcmp(argv[optind - 1], "--") == 0 &&
	    argv[optind - 1] != ctl->config_path)
		status = refuse_unknown(ctl, "--");
	return status;
}

/* Lists the common options and the command's own. */
static void
list_options(const struct command *command,
    struct option options[COMMON_COUNT + OPTIONS_MAX + 1])
{
	const struct option_row *rows = command->options;
	size_t n;
	int i;

	for (n = 0; n < COMMON_COUNT; n++)
		options[n] = common[n];
	for (i = 0; i < OPTIONS_MAX && rows[i].name != NULL; i++)
		options[n++] = (struct option){ rows[i].name,
			rows[i].value != NULL, NULL, GIVEN_ROW + i };
	options[n] = (struct option){ NULL, 0, NULL, 0 };
}

static int
take_operand(struct ctl *ctl, const char **operands, const char *word)
{
	if (ctl->operand_count == ctl->command->operands_most)
		return ctl_usage(ctl, "too many operands: %s", word);
	operands[ctl->operand_count++] = word;
	return 0;
}

int
options_of_command(struct ctl *ctl, int argc, char **argv, bool *help)
{
	const char **operands = arena_alloc(ctl->arena,
	    ((size_t)argc + 1) * sizeof(*operands));
	struct option options[COMMON_COUNT + OPTIONS_MAX + 1];
	const struct option_reader r = { ctl, argc, argv, "-:hc:", options };
	int given, status;

	list_options(ctl->command, options);
	opterr = 0;
	optind = 0; /* getopt_long() starts again */
	while (read_option(&r, &given, &status)) {
		if (given != GIVEN_OPERAND)
			take(ctl, given, help);
		else if ((status = take_operand(ctl, operands, optarg)) != 0)
			return status;
	}
	for (; status == 0 && optind < argc; optind++)
		status = take_operand(ctl, operands, argv[optind]);
	ctl->operands = operands;
	return status;
}
