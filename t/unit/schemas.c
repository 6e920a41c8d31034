/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/schemas.h"

#include "quoted.h"

#include "base/attr.h"
#include "base/schema.h"
#include "billing/kind.h"

Test(schemas, each_is_compiled_and_has_its_name_as_id)
{
	enum schema_name name;

	schemas_compile();
	for (name = SCHEMA_NONE + 1; name < SCHEMA__MAX; name++) {
		cr_assert_eq(
		    schemas_of(name), schemas_named(schemas_name(name)));
		cr_expect_str_eq(json_string_at(schema_document(
		    schemas_of(name)), "id"), schemas_name(name));
	}
	cr_expect_null(schemas_name(SCHEMA__MAX));
	cr_expect_null(schemas_named("nonesuch"));
	cr_expect_null(schemas_named(""));
}

Test(schemas, each_kind_has_its_own)
{
	const struct kind *kind;
	size_t i;

	for (i = 0; (kind = kind_at(i)) != NULL; i++)
		cr_expect_eq(schemas_of_kind(kind), schemas_named(kind->noun));
	cr_assert_gt(i, 10);
}

Test(schemas, a_kind_without_one_ends_the_program, .exit_code = 70)
{
	(void)schemas_of_kind(&(struct kind){ .noun = "nonesuch" });
}

Test(schemas, an_unknown_word_ends_the_program, .exit_code = 70)
{
	(void)schemas_load("odd", (const char *const[]){
	    "{\"type\": \"object\",", "\"maxlength\": 3}", NULL });
}

Test(schemas, broken_json_ends_the_program, .exit_code = 70)
{
	(void)schemas_load("odd", (const char *const[]){ "{\"type\": ", NULL });
}

Test(schemas, a_reference_to_nothing_ends_the_program, .exit_code = 70)
{
	(void)schemas_load("odd", (const char *const[]){
	    "{\"$ref\": \"nonesuch\"}", NULL });
}

Test(schemas, a_reference_may_lead_to_any_of_them)
{
	const struct schema *schema = schemas_load("odd",
	    (const char *const[]){ "{\"items\": {\"$ref\": \"users\"}}", NULL });
	struct arena *a = arena_new(4096);
	struct problem *p = schema_check(a, schema, quoted(a, "[{}]"), "",
	    false);

	cr_assert_not_null(p);
	cr_assert_str_eq(p->field, "0.first_name");
	arena_free(&a);
}
