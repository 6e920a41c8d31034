/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl secret rotate */
#include "config.h"

#include "base/gregorian.h"
#include "base/json.h"
#include "ctl/command.h"
#include "ctl/print.h"
#include "service/rekey.h"

static void
print_json(struct ctl *ctl, const struct rekeying *r)
{
	struct json_object *json = json_own(ctl->arena,
	    json_object_new_object());
	struct json_object *left = json_object_new_object();

	json_put_int(json, "keys", r->keys);
	json_put_int(json, "objects", r->objects);
	json_put_int(json, "closed", r->closed);
	json_put_int(left, "tokens", r->left.tokens);
	json_put_int(left, "endless_tokens", r->left.endless);
	if (r->left.last_expires != 0)
		json_put_int(left, "last_expires", r->left.last_expires);
	json_put_int(left, "api_keys", r->left.api_keys);
	json_put_int(left, "credentials", r->left.credentials);
	json_object_object_add(json, "left", left);
	json_put_bool(json, "done", rekey_is_done(r));
	ctl_print_document(json_canonical_text(ctl->arena, json));
}

static void
print_left(const struct left_under_secrets *left)
{
	char moment[GREGORIAN_ISO_SIZE];

	if (left->tokens > 0)
		ctl_print("left: %lld tokens, rewritten when they are used; %lld "
		    "of them never expire\n", (long long)left->tokens,
		    (long long)left->endless);
	if (left->last_expires != 0) {
		gregorian_iso8601(left->last_expires, moment);
		ctl_print("      the last of the others expires at %s\n",
		    moment);
	}
	if (left->api_keys > 0)
		ctl_print("left: %lld API keys, rewritten when they are used\n",
		    (long long)left->api_keys);
	if (left->credentials > 0)
		ctl_print("left: %lld credentials of users (md5, sha), rewritten "
		    "at the next login with each, or by a new password\n",
		    (long long)left->credentials);
}

static void
print_text(const struct rekeying *r)
{
	ctl_print("sealed under the new secret: the displayed API keys of %lld "
	    "accounts, %lld bookkeepers and webhooks\n", (long long)r->keys,
	    (long long)r->objects);
	if (r->closed > 0)
		ctl_print("neither secret opens %lld more: give those new "
		    "ones\n", (long long)r->closed);
	print_left(&r->left);
	ctl_print("%s\n", rekey_is_done(r) ?
	    "done: previous_secret_file can be removed" :
	    "previous_secret_file must stay: what is left no longer works "
	    "without it");
}

int
command_secret_rotate(struct ctl *ctl)
{
	struct rekeying rekeying;
	struct problem *p;

	if (ctl->config->previous_secret[0] == '\0') {
		ctl_tell("reevectl: %s: previous_secret_file is not "
		    "set: name the old file there, and a new one in "
		    "secret_file, and reload the pool\n", ctl->config_path);
		return EXIT_CONFIG;
	}
	p = rekey_all(ctl->db, ctl->arena, ctl->config, gregorian_now(),
	    &rekeying);
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		print_json(ctl, &rekeying);
	else
		print_text(&rekeying);
	return rekey_is_done(&rekeying) ? 0 : EXIT_NOT_WELL;
}
