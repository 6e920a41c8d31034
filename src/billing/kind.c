/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/kind.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"

/* clang-format off */

const struct count_rule kind_account_rules[] = {
	{ "accounts", COUNT_ONE, "account", NULL, NULL, NULL },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule nothing[] = {
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule users[] = {
	{ "users", COUNT_NAMED, "user", "priv_level", NULL, NULL },
	{ "qubicle", COUNT_NAMED, "basic", "qubicle.offering", "qubicle.enabled", "_recipient" },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule devices[] = {
	{ "devices", COUNT_NAMED, "sip_device", "device_type", NULL, NULL },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule vmboxes[] = {
	{ "voicemails", COUNT_ONE, "mailbox", NULL, NULL, NULL },
	{ "voicemails", COUNT_ONE, "transcription", NULL, "transcribe", NULL },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule faxboxes[] = {
	{ "faxes", COUNT_ONE, "mailbox", NULL, NULL, NULL },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule conferences[] = {
	{ "conferences", COUNT_ONE, "conference", NULL, NULL, NULL },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule phone_numbers[] = {
	{ "phone_numbers", COUNT_CLASS, NULL, NULL, NULL, NULL },
	{ "number_carriers", COUNT_NAMED, "knm_other", "carrier_name", NULL, NULL },
	{ "number_services", COUNT_FEATURES, NULL, NULL, NULL, NULL },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule limits[] = {
	{ "limits", COUNT_NUMBER, "twoway_trunks", "twoway_trunks", NULL, NULL },
	{ "limits", COUNT_NUMBER, "inbound_trunks", "inbound_trunks", NULL, NULL },
	{ "limits", COUNT_NUMBER, "outbound_trunks", "outbound_trunks", NULL, NULL },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule whitelabel[] = {
	{ "branding", COUNT_ONE, "whitelabel", NULL, NULL, NULL },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule ips[] = {
	{ "ips", COUNT_ONE, "dedicated", NULL, NULL, NULL },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule apps_store[] = {
	{ "account_apps", COUNT_APPS, NULL, NULL, NULL, NULL },
	{ "user_apps", COUNT_APP_USERS, NULL, NULL, NULL, NULL },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct count_rule port_requests[] = {
	{ "port_request", COUNT_PORT, "unconfirmed", "port_state", NULL, NULL },
	{ NULL, COUNT_ONE, NULL, NULL, NULL, NULL },
};

static const struct kind kinds[] = {
	{ "users", "user", KIND_MANY, CLAIM_IN_ACCOUNT, "username", NULL, NULL,
	  "username email first_name last_name priv_level enabled features timezone", users, NULL },
	{ "devices", "device", KIND_MANY, CLAIM_IN_ACCOUNT, "sip.username", NULL, NULL,
	  "name device_type enabled owner_id mac_address registrable", devices, NULL },
	{ "vmboxes", "vmbox", KIND_MANY, CLAIM_IN_ACCOUNT, "mailbox", NULL, NULL,
	  "name mailbox owner_id enabled", vmboxes, NULL },
	{ "faxboxes", "faxbox", KIND_MANY, CLAIM_NOTHING, NULL, NULL, NULL,
	  "name caller_id caller_name enabled", faxboxes, NULL },
	{ "conferences", "conference", KIND_MANY, CLAIM_NOTHING, NULL, NULL, NULL,
	  "name owner_id conference_numbers member moderator enabled", conferences, NULL },
	{ "phone_numbers", "number", KIND_NAMED, CLAIM_EVERYWHERE, "id", NULL,
	  "carrier_name", NULL, phone_numbers, NULL },
	{ "limits", "limits", KIND_ONE, CLAIM_NOTHING, NULL, NULL,
	  "allow_postpay max_postpay_amount", NULL, limits, NULL },
	{ "allotments", "allotments", KIND_ONE, CLAIM_NOTHING, NULL, NULL, NULL, NULL, nothing, NULL },
	{ "whitelabel", "whitelabel", KIND_ONE, CLAIM_EVERYWHERE, "domain", NULL, NULL, NULL, whitelabel, NULL },
	{ "ips", "dedicated_ip", KIND_NAMED, CLAIM_EVERYWHERE, "id", NULL, NULL, "ip zone", ips, NULL },
	{ "apps_store", "apps_store", KIND_ONE, CLAIM_NOTHING, NULL, NULL, NULL, NULL, apps_store, NULL },
	{ "apps", "app", KIND_MANY, CLAIM_NOTHING, NULL, NULL, NULL, NULL, nothing, NULL },
	{ "port_requests", "port_request", KIND_MANY, CLAIM_NOTHING, NULL,
	  "port_state transitions", NULL,
	  "name numbers port_state carrier created", port_requests, NULL },
	{ "external_numbers", "external_number", KIND_MANY, CLAIM_IN_ACCOUNT, "number", NULL, NULL, NULL, nothing, NULL },
	{ "alerts", "alert", KIND_MANY, CLAIM_NOTHING, NULL, NULL, NULL, NULL, nothing, NULL },
	{ "webhooks", "webhook", KIND_MANY, CLAIM_NOTHING, NULL, NULL, NULL,
	  "name uri hooks include_subaccounts enabled", nothing, "secret" },
	{ "bookkeepers", "bookkeeper", KIND_MANY, CLAIM_NOTHING, NULL, NULL, NULL,
	  "name bookkeeper url form enabled", nothing, "secret authorization" },
};
/* clang-format on */

const struct kind *
kind_at(size_t index)
{
	return index < NELEM(kinds) ? &kinds[index] : NULL;
}

const struct kind *
kind_of_noun(const char *noun)
{
	size_t i;

	for (i = 0; i < NELEM(kinds); i++)
		if (strcmp(kinds[i].noun, noun) == 0)
			return &kinds[i];
	return NULL;
}

const struct kind *
kind_of_type(const char *type)
{
	size_t i;

	for (i = 0; i < NELEM(kinds); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return &kinds[i];
	return NULL;
}

/* The next of names with blanks between; 0: there is none. */
static size_t
next_name(const char **names)
{
	if (*names == NULL)
		return 0;
	*names += strspn(*names, " ");
	return strcspn(*names, " ");
}

void
kind_hide(const struct kind *kind, struct json_object *document)
{
	const char *names = kind->hidden;
	char name[64];
	size_t n;

	for (; (n = next_name(&names)) > 0; names += n) {
		snprintf(name, sizeof(name), "%.*s", (int)n, names);
		json_object_object_del(document, name);
	}
}

void
kind_keep_hidden(const struct kind *kind, struct json_object *before,
    struct json_object *body, struct json_object *document)
{
	const char *names = kind->hidden;
	struct json_object *value;
	char name[64];
	size_t n;

	for (; (n = next_name(&names)) > 0; names += n) {
		snprintf(name, sizeof(name), "%.*s", (int)n, names);
		if (!json_object_object_get_ex(body, name, NULL) &&
		    json_object_object_get_ex(before, name, &value))
			json_object_object_add(document, name,
			    json_object_get(value));
	}
}
