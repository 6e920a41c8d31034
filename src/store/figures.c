/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/figures.h"

#include "store/shared_fields.h"

struct figures_save {
	const char *figures;
	const char *month;
};

static const struct field save_parameters[] = {
	FIELD(TEXT, struct figures_save, figures),
	FIELD(TEXT, struct figures_save, month),
};

static const struct db_procedure figure_save_call = {
	PROCEDURE(FIGURE_SAVE, "figure_save", WRITE),
	TAKES(save_parameters),
};

struct problem *
store_figures_save(struct db *db, struct arena *a, const char *figures,
    const char *month)
{
	const struct figures_save save = { figures, month };

	return db_call(db, a, &figure_save_call, &save, NULL);
}

static const struct db_procedure figure_forget_call = {
	PROCEDURE(FIGURE_FORGET, "figure_forget", WRITE),
	TAKES(account_ref_parameters),
};

struct problem *
store_figures_forget(struct db *db, struct arena *a, const char *account_id)
{
	const struct account_ref of = { account_id };

	return db_call(db, a, &figure_forget_call, &of, NULL);
}

static const struct db_procedure figure_rebuild_call = {
	PROCEDURE(FIGURE_REBUILD, "figure_rebuild", WRITE),
	TAKES(account_ref_parameters),
};

struct problem *
store_figures_rebuild(struct db *db, struct arena *a, const char *account_id)
{
	const struct account_ref of = { account_id };

	return db_call(db, a, &figure_rebuild_call, &of, NULL);
}

static const struct field check_columns[] = {
	FIELD(TEXT, struct figures_check, wrong),
	FIELD(TEXT, struct figures_check, recurring),
};

static const struct db_procedure figure_verify_call = {
	PROCEDURE(FIGURE_VERIFY, "figure_verify", READ),
	TAKES(account_ref_parameters),
	GIVES(struct figures_check, check_columns),
};

struct problem *
store_figures_verify(struct db *db, struct arena *a, const char *account_id,
    struct figures_check **out)
{
	const struct account_ref of = { account_id };
	struct db_result found;
	struct problem *p = db_call(db, a, &figure_verify_call, &of, &found);

	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}
