/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The minimal filter of JSON lines: parses each line and prints a constant
 * answer. reevectl price is compared with it. usage: parse ANSWER LINES
 */
#include <config.h>

#include <json.h>
#include <stdio.h>
#include <stdlib.h>

static struct json_object *
parse(struct json_tokener *tokener, const char *text, ssize_t length)
{
	struct json_object *tree;

	json_tokener_reset(tokener);
	tree = json_tokener_parse_ex(tokener, text, (int)length);
	if (tree == NULL) {
		fprintf(stderr, "parse: not JSON: %.60s\n", text);
		exit(1);
	}
	return tree;
}

static FILE *
open_file(const char *path)
{
	FILE *in = fopen(path, "re");

	if (in == NULL) {
		perror(path);
		exit(1);
	}
	return in;
}

int
main(int argc, char **argv)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *answer = NULL;
	size_t capacity = 0;
	char *line = NULL;
	ssize_t length;
	FILE *in;

	if (argc != 3) {
		fprintf(stderr, "usage: parse ANSWER LINES\n");
		return 64;
	}
	in = open_file(argv[1]);
	if ((length = getline(&line, &capacity, in)) > 0)
		answer = parse(tokener, line, length);
	fclose(in);
	in = open_file(argv[2]);
	while ((length = getline(&line, &capacity, in)) > 0) {
		json_object_put(parse(tokener, line, length));
		puts(json_object_to_json_string_ext(answer,
		    JSON_C_TO_STRING_PLAIN));
	}
	fclose(in);
	json_object_put(answer);
	json_tokener_free(tokener);
	free(line);
	return 0;
}
