/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/kind.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/domain.h"
#include "base/json.h"

/* The count rules of a kind; members left out are NULL or COUNT_ONE. */
#define RULES(...) \
	((const struct count_rule[]){ __VA_ARGS__, { .category = NULL } })

const struct count_rule kind_account_rules[] = {
	{ .category = "accounts", .item = "account" },
	{ .category = NULL },
};

const struct kind kind_users = {
	.noun = "users",
	.type = "user",
	.claim = CLAIM_IN_ACCOUNT,
	.claimed = "username",
	.listed = "username email first_name last_name priv_level role enabled "
	    "features timezone",
	.logs_in = true,
	.rules = RULES({
		.category = "users",
		.how = COUNT_NAMED,
		.field = "priv_level",
		.item = "user",
		.items = "admin user",
	}, {
		.category = "qubicle",
		.how = COUNT_NAMED,
		.field = "qubicle.recipient.offering",
		.item = "basic",
		.suffix = "_recipient",
		.when = "qubicle.enabled",
		.with = "qubicle.recipient",
	}),
};

static const struct kind devices = {
	.noun = "devices",
	.type = "device",
	.owned = true,
	.claim = CLAIM_IN_ACCOUNT,
	.claimed = "sip.username",
	.listed = "name device_type enabled owner_id mac_address registrable",
	.rules = RULES({
		.category = "devices",
		.how = COUNT_NAMED,
		.field = "device_type",
		.item = "sip_device",
		.items = "application ata cellphone ctu fax landline mobile "
		    "sip_device sip_uri smartphone softphone",
	}),
};

static const struct kind vmboxes = {
	.noun = "vmboxes",
	.type = "vmbox",
	.owned = true,
	.claim = CLAIM_IN_ACCOUNT,
	.claimed = "mailbox",
	.listed = "name mailbox owner_id enabled",
	.rules = RULES({
		.category = "voicemails",
		.item = "mailbox",
	}, {
		.category = "voicemails",
		.item = "transcription",
		.when = "transcribe",
	}),
};

static const struct kind faxboxes = {
	.noun = "faxboxes",
	.type = "faxbox",
	.owned = true,
	.listed = "name caller_id caller_name enabled",
	.rules = RULES({
		.category = "faxes",
		.item = "mailbox",
	}),
};

static const struct kind conferences = {
	.noun = "conferences",
	.type = "conference",
	.owned = true,
	.listed = "name owner_id conference_numbers member moderator enabled",
	.rules = RULES({
		.category = "conferences",
		.item = "conference",
	}),
};

static const struct kind qubicle_queues = {
	.noun = "qubicle_queues",
	.type = "qubicle_queue",
	.listed = "name offering enabled",
	.rules = RULES({
		.category = "qubicle",
		.how = COUNT_NAMED,
		.field = "offering",
		.item = "basic",
		.suffix = "_queue",
	}),
};

const struct kind kind_phone_numbers = {
	.noun = "phone_numbers",
	.type = "number",
	.shape = KIND_NAMED,
	.claim = CLAIM_EVERYWHERE,
	.sold = "carrier_name",
	.has_features = true,
	.timed = true,
	.rules = RULES({
		.category = "phone_numbers",
		.how = COUNT_CLASS,
		.items = "caribbean did_us emergency international toll_us "
		    "tollfree_us unknown",
	}, {
		.category = "number_carriers",
		.how = COUNT_NAMED,
		.field = "carrier_name",
		.item = "knm_other",
	}, {
		.category = "number_services",
		.how = COUNT_FEATURES,
		.items = "carrier_name cnam e911 failover force_outbound "
		    "inbound_cnam mms outbound_cnam port prepend ringback sms",
	}),
};

const struct kind kind_limits = {
	.noun = "limits",
	.type = "limits",
	.users_see = true,
	.shape = KIND_ONE,
	.sold = "allow_postpay max_postpay_amount",
	.set_by_reseller = true,
	.always_there = true,
	.rules = RULES({
		.category = "limits",
		.how = COUNT_NUMBER,
		.field = "twoway_trunks",
		.item = "twoway_trunks",
	}, {
		.category = "limits",
		.how = COUNT_NUMBER,
		.field = "inbound_trunks",
		.item = "inbound_trunks",
	}, {
		.category = "limits",
		.how = COUNT_NUMBER,
		.field = "outbound_trunks",
		.item = "outbound_trunks",
	}),
};

const struct kind kind_allotments = {
	.noun = "allotments",
	.type = "allotments",
	.shape = KIND_ONE,
};

const struct kind kind_whitelabel = {
	.noun = "whitelabel",
	.type = "whitelabel",
	.shape = KIND_ONE,
	.claim = CLAIM_EVERYWHERE,
	.claimed = "domain",
	.rules = RULES({
		.category = "branding",
		.item = "whitelabel",
	}),
};

const struct kind kind_ips = {
	.noun = "ips",
	.type = "dedicated_ip",
	.shape = KIND_NAMED,
	.claim = CLAIM_EVERYWHERE,
	.kept = "assigned_to status type",
	.listed = "ip zone",
	.assigned = true,
	.rules = RULES({
		.category = "ips",
		.item = "dedicated",
	}),
};

const struct kind kind_apps_store = {
	.noun = "apps_store",
	.type = "apps_store",
	.shape = KIND_ONE,
	.rules = RULES({
		.category = "account_apps",
		.how = COUNT_APPS,
	}, {
		.category = "user_apps",
		.how = COUNT_APP_USERS,
	}),
};

const struct kind kind_apps = {
	.noun = "apps",
	.type = "app",
};

const struct kind kind_port_requests = {
	.noun = "port_requests",
	.type = "port_request",
	.first_state = "unconfirmed",
	.kept = "port_state transitions schedule_on scheduled_date",
	.timed = true,
	.rules = RULES({
		.category = "port_request",
		.how = COUNT_PORT,
		.field = "port_state",
		.item = "unconfirmed",
		.items = "canceled completed pending rejected scheduled "
		    "submitted unconfirmed first_canceled first_completed "
		    "first_pending first_rejected first_scheduled "
		    "first_submitted first_unconfirmed",
	}),
};

static const struct kind external_numbers = {
	.noun = "external_numbers",
	.type = "external_number",
	.users_see = true,
	.claim = CLAIM_IN_ACCOUNT,
	.claimed = "number",
};

static const struct kind alerts = {
	.noun = "alerts",
	.type = "alert",
	.users_see = true,
};

static const struct kind callflows = {
	.noun = "callflows",
	.type = "callflow",
	.users_see = true,
	.listed = "name type numbers patterns featurecode owner_id group_id "
	    "modules",
};

const struct kind kind_webhooks = {
	.noun = "webhooks",
	.type = "webhook",
	.listed = "name uri hooks include_subaccounts enabled",
	.hidden = "secret",
	.receives = "uri",
	.most = 20, /* each is sent every event */
};

const struct kind kind_bookkeepers = {
	.noun = "bookkeepers",
	.type = "bookkeeper",
	.listed = "name bookkeeper url form enabled",
	.hidden = "secret authorization",
	.receives = "url",
};

static const struct kind *const kinds[] = {
	&kind_users,
	&devices,
	&vmboxes,
	&faxboxes,
	&conferences,
	&qubicle_queues,
	&kind_phone_numbers,
	&kind_limits,
	&kind_allotments,
	&kind_whitelabel,
	&kind_ips,
	&kind_apps_store,
	&kind_apps,
	&kind_port_requests,
	&external_numbers,
	&alerts,
	&callflows,
	&kind_webhooks,
	&kind_bookkeepers,
};

const struct kind *
kind_at(size_t index)
{
	return index < NELEM(kinds) ? kinds[index] : NULL;
}

const struct kind *
kind_of_noun(const char *noun)
{
	size_t i;

	for (i = 0; i < NELEM(kinds); i++)
		if (strcmp(kinds[i]->noun, noun) == 0)
			return kinds[i];
	return NULL;
}

const struct kind *
kind_of_type(const char *type)
{
	size_t i;

	for (i = 0; i < NELEM(kinds); i++)
		if (strcmp(kinds[i]->type, type) == 0)
			return kinds[i];
	return NULL;
}

const char *
count_rule_items(const struct count_rule *rule)
{
	return rule->items != NULL ? rule->items :
	    rule->how == COUNT_ONE || rule->how == COUNT_NUMBER ? rule->item :
	    NULL;
}

/* Returns the length of the next name in a list with blanks; 0: none. */
static size_t
next_name(const char **names)
{
	if (*names == NULL)
		return 0;
	*names += strspn(*names, " ");
	return strcspn(*names, " ");
}

bool
kind_hidden(const struct kind *kind, size_t index, char name[KIND_MEMBER_SIZE])
{
	const char *names = kind->hidden;
	size_t n;

	for (; (n = next_name(&names)) > 0; names += n)
		if (index-- == 0) {
			snprintf(name, KIND_MEMBER_SIZE, "%.*s", (int)n, names);
			return true;
		}
	return false;
}

const char *
kind_claim(struct arena *a, const struct kind *kind, const char *value)
{
	return arena_printf(a, "%s/%s", kind->noun, kind == &kind_whitelabel ?
	    domain_normal(a, value) : arena_lower(a, value));
}

void
kind_hide(const struct kind *kind, struct json_object *document)
{
	char name[KIND_MEMBER_SIZE];
	size_t i;

	for (i = 0; kind_hidden(kind, i, name); i++)
		json_object_object_del(document, name);
}

void
kind_keep_hidden(const struct kind *kind, struct json_object *before,
    struct json_object *body, struct json_object *document)
{
	struct json_object *value;
	char name[KIND_MEMBER_SIZE];
	size_t i;

	for (i = 0; kind_hidden(kind, i, name); i++)
		if (!json_object_object_get_ex(body, name, NULL) &&
		    json_object_object_get_ex(before, name, &value))
			json_object_object_add(document, name,
			    json_object_get(value));
}
