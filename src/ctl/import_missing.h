/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds documents that were imported and are not in the dump any longer. Digests
 * of those that are in it are kept in temporary files, a part of them in memory
 * at a time.
 */
#ifndef REEVE_CTL_IMPORT_MISSING_H
#define REEVE_CTL_IMPORT_MISSING_H

#include "ctl/command.h"
#include "ctl/import_document.h"

struct import_missing;

/* NULL: errno says why there are no temporary files. */
struct import_missing *import_missing_new(void);
void import_missing_free(struct import_missing **missing);

/* Remembers that the dump has a document. False: a file cannot be written. */
bool import_missing_see(struct import_missing *missing,
    const struct import_identity *seen) MUSTCHECK;

enum import_loss {
	LOSS_LISTED,  /* it is still here */
	LOSS_DELETED, /* it was deleted here as well */
	LOSS_LEFT     /* it should have been, but was not: why says the reason */
};

/* One that the dump no longer has. */
struct import_lost {
	struct import_identity what; /* deleted: the dump says so itself */
	enum import_loss loss;
	const char *why; /* NULL: there is nothing to say */
};

struct import_search {
	struct ctl *ctl;
	const struct importer *importer;
	bool deletes; /* the missing ones are deleted here */
	void (*tell)(void *state, const struct import_lost *lost);
	void *state;
	int64_t uncompared; /* set: accounts of whose objects the dump has none */
};

/*
 * Finds and tells the missing ones, accounts by id. Objects of an account are
 * compared only if the dump has some of them. An account is deleted only where
 * the dump says that it was, and after its descendants. Problems: those of the
 * database; FAULT (a temporary file cannot be read).
 */
struct problem *import_missing_find(struct import_missing *missing,
    struct import_search *search) MUSTCHECK;

#endif
