/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/ports.h"

/* ---- numbers ---- */

struct port_numbers {
	struct port_key port;
	int64_t holds;
	const char *numbers;
};

static const struct field numbers_parameters[] = {
	FIELD_AS("account", TEXT, struct port_numbers, port.account_id),
	FIELD_AS("port", TEXT, struct port_numbers, port.id),
	FIELD(INTEGER, struct port_numbers, holds),
	FIELD(TEXT, struct port_numbers, numbers),
};

static const struct db_procedure port_number_save_call = {
	PROCEDURE(PORT_NUMBER_SAVE, "port_number_save", WRITE),
	TAKES(numbers_parameters),
};

struct problem *
store_port_number_save(struct db *db, struct arena *a,
    const struct port_key *port, enum port_holds holds, const char *numbers)
{
	const struct port_numbers given = { *port, holds, numbers };

	return db_call(db, a, &port_number_save_call, &given, NULL);
}

struct holder_query {
	const char *numbers;
	bool lock;
};

static const struct field holder_parameters[] = {
	FIELD(TEXT, struct holder_query, numbers),
	FIELD(BOOL, struct holder_query, lock),
};

static const struct field holder_columns[] = {
	FIELD(TEXT, struct number_holder, number),
	FIELD(TEXT, struct number_holder, account_id),
	FIELD(TEXT, struct number_holder, port_id),
};

static const struct db_procedure number_holder_list_call = {
	PROCEDURE(NUMBER_HOLDER_LIST, "number_holder_list", READ),
	TAKES(holder_parameters),
	GIVES(struct number_holder, holder_columns),
};

struct problem *
store_number_holder_list(struct db *db, struct arena *a, const char *numbers,
    bool wait, struct number_holders *out)
{
	const struct holder_query query = { numbers, wait };
	struct db_result found;
	struct problem *p = db_call(db, a, &number_holder_list_call, &query,
	    &found);

	*out = (struct number_holders){ found.count, found.rows };
	return p;
}

/* ---- requests ---- */

static const struct field request_columns[] = {
	FIELD(TEXT, struct port_request, account_id),
	FIELD(TEXT, struct port_request, account_name),
	FIELD(TEXT, struct port_request, id),
	FIELD(INTEGER, struct port_request, created),
	FIELD(INTEGER, struct port_request, modified),
	FIELD(JSON, struct port_request, document),
};

static const struct field list_parameters[] = {
	FIELD_AS("account", TEXT, struct port_query, account_id),
	FIELD(BOOL, struct port_query, below),
	FIELD(TEXT, struct port_query, states),
	FIELD(TEXT, struct port_query, after),
	FIELD(TEXT, struct port_query, at),
	FIELD(INTEGER, struct port_query, limit),
};

static const struct db_procedure port_request_list_call = {
	PROCEDURE(PORT_REQUEST_LIST, "port_request_list", READ),
	TAKES(list_parameters),
	GIVES(struct port_request, request_columns),
};

static const struct field find_parameters[] = {
	FIELD_AS("account", TEXT, struct port_search, account_id),
	FIELD(BOOL, struct port_search, below),
	FIELD(TEXT, struct port_search, number),
};

static const struct db_procedure port_request_find_call = {
	PROCEDURE(PORT_REQUEST_FIND, "port_request_find", READ),
	TAKES(find_parameters),
	GIVES(struct port_request, request_columns),
};

static struct problem *
load(struct db *db, struct arena *a, const struct db_procedure *procedure,
    const void *arguments, struct port_requests *out)
{
	struct db_result found;
	struct problem *p = db_call(db, a, procedure, arguments, &found);

	*out = (struct port_requests){ found.count, found.rows };
	return p;
}

struct problem *
store_port_request_list(struct db *db, struct arena *a,
    const struct port_query *query, struct port_requests *out)
{
	return load(db, a, &port_request_list_call, query, out);
}

struct problem *
store_port_request_find(struct db *db, struct arena *a,
    const struct port_search *search, struct port_requests *out)
{
	return load(db, a, &port_request_find_call, search, out);
}
