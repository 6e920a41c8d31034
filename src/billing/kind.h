/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of objects that accounts have. A kind is an entry of kind.c and a
 * schema (schemas/NOUN.json). No other file compares nouns or types: a special
 * trait of a kind is a member of struct kind, and code that is about one kind
 * uses its kind_NOUN. An end, as it removes hidden members from documents.
 * Pure.
 */
#ifndef REEVE_BILLING_KIND_H
#define REEVE_BILLING_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"

struct json_object;

enum kind_shape {
	KIND_MANY,  /* PUT of the noun creates one; Reeve chooses the id */
	KIND_NAMED, /* the client chooses the id, in the URL */
	KIND_ONE    /* an account has one; its URL is the noun */
};

/* The claim: a value that is unique among objects of its kind. */
enum kind_claim {
	CLAIM_NOTHING,
	CLAIM_IN_ACCOUNT,
	CLAIM_EVERYWHERE
};

/* How a document counts (rules/counting 3); see the members of count_rule. */
enum count_how {
	COUNT_ONE,      /* one of item */
	COUNT_NAMED,    /* one of what field says, else of item; with suffix */
	COUNT_NUMBER,   /* of item, as many as field says, if above 0 */
	COUNT_VALUES,   /* of each key of the object field as many as its value */
	COUNT_FEATURES, /* one of each feature that a phone number has */
	COUNT_CLASS,    /* one of the class of the phone number, unless local */
	COUNT_APPS,     /* one of each application that is installed */
	COUNT_APP_USERS, /* of each of them as many as its users */
	COUNT_PORT      /* of the state of a port request as many as its numbers */
};

struct count_rule {
	const char *category; /* NULL ends the rules */
	enum count_how how;
	const char *item;
	const char *field;  /* a dotted path */
	const char *when;   /* counts only where this is true; NULL: always */
	const char *with;   /* counts only with this object; NULL: without */
	const char *suffix; /* NULL: none */
	const char *items;  /* items that plans usually price, for editors of
	                       plans; NULL: item alone, or any of documents */
};

/* Lists of members are texts with blanks between the names; NULL: none. */
struct kind {
	const char *noun; /* of its URLs and its schema; its name in the database */
	const char *type; /* pvt_type in the documents of a Kazoo */
	enum kind_shape shape;
	enum kind_claim claim;
	const char *claimed; /* path of the claim; NULL: the id itself */
	const char *kept;    /* members that bodies cannot change */
	const char *sold;    /* members that only the account's seller may
	                        change */
	const char *hidden;  /* members that are stored sealed and never shown */
	const char *listed;  /* members that a list shows; NULL: all */
	const struct count_rule *rules; /* what it counts as; NULL: nothing */

	/* ---- traits of few kinds ---- */
	const char *first_state; /* port_state of a new one; transitions enter
	                            the others; NULL: it has none */
	bool owned;              /* owner_id names the user whose it is */
	bool logs_in;            /* each is a user, who may have a password */
	bool has_features;       /* shown with its features and its account */
	bool assigned;           /* shown with its account, status and type */
	bool timed;              /* shown with when it was made and changed */
	bool always_there;       /* GET shows its defaults before it is set */
	bool set_by_reseller;    /* and by the account itself only if its
	                            reseller is the master account */
	bool users_see;          /* and may read it without a role, as clients
	                            show it to everybody */
	const char *receives;    /* member with the URL that messages are sent
	                            to; NULL: it receives none */
	int most;                /* an account creates none beyond; 0: no limit */
};

/* The kinds that code refers to; kind_at has all. */
extern const struct kind kind_allotments, kind_apps, kind_apps_store,
    kind_bookkeepers, kind_ips, kind_limits, kind_phone_numbers,
    kind_port_requests, kind_users, kind_webhooks, kind_whitelabel;

/* NULL: there is none. */
const struct kind *kind_of_noun(const char *noun);
const struct kind *kind_of_type(const char *type);

/* All of them, by index; NULL after the last. */
const struct kind *kind_at(size_t index);

/*
 * The items of a rule that plans usually price, with blanks between; NULL:
 * documents decide.
 */
const char *count_rule_items(const struct count_rule *rule);

#define KIND_MEMBER_SIZE 64

/* The name of a hidden member, by number. False: there is none of it. */
bool kind_hidden(const struct kind *kind, size_t index,
    char name[KIND_MEMBER_SIZE]) MUSTCHECK;

/* How the database knows that a value is claimed, of a kind that claims it
 * everywhere, or as ACCOUNT_ID/VALUE: the same text for all values that are taken
 * to be the same. */
const char *kind_claim(struct arena *a, const struct kind *kind,
    const char *value);

/* Removes hidden members from a document. */
void kind_hide(const struct kind *kind, struct json_object *document);

/*
 * Copies the hidden members of before that body does not name into document: a
 * client that replaces a document could not read them. A null in body removes
 * one.
 */
void kind_keep_hidden(const struct kind *kind, struct json_object *before,
    struct json_object *body, struct json_object *document);

/* The account itself is counted by these. */
extern const struct count_rule kind_account_rules[];

#endif
