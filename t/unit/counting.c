/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/counting.h"

#include "quoted_table.h"

#include "base/attr.h"

static const char classes_text[] =
	"tollfree:^[+]1800 emergency:^911$ us:^[+]1 other:^[+]";

static struct quantity_table
counts_as(struct arena *a, const char *noun, const char *id,
    const char *document)
{
	struct counted_object what = { kind_of_noun(noun)->rules, id,
	    quoted(a, document) };
	struct count_context with = { .users = 5, .admins = 2 };
	struct quantity_table table = { .count = 0 };
	const char *why;

	with.classes = number_classes_read(a, classes_text, &why);
	cr_assert_not_null(with.classes);
	cr_assert(count_object(a, &what, &with, 1, &table));
	return table;
}

/* Documents and their counts (rules/counting 3). */
static const struct {
	const char *noun, *id, *document, *table;
} cases[] = {
	{ "users", "x", "{}", "{'users':{'user':1}}" },
	{ "users", "x", "{'priv_level':'admin'}", "{'users':{'admin':1}}" },
	{ "users", "x", "{'enabled':false}", "{}" },
	{ "users", "x", "{'enabled':true}", "{'users':{'user':1}}" },
	{ "users", "x", "{'enabled':null}", "{}" },
	{ "users", "x", "{'qubicle':{'enabled':true}}",
	  "{'users':{'user':1}}" },
	{ "users", "x", "{'qubicle':{'enabled':true,'offering':'pro',"
	  "'recipient':{}}}",
	  "{'users':{'user':1},'qubicle':{'basic_recipient':1}}" },
	{ "users", "x", "{'qubicle':{'enabled':true,'recipient':"
	  "{'offering':'pro'}}}",
	  "{'users':{'user':1},'qubicle':{'pro_recipient':1}}" },
	{ "qubicle_queues", "x", "{}", "{'qubicle':{'basic_queue':1}}" },
	{ "qubicle_queues", "x", "{'offering':'pro'}",
	  "{'qubicle':{'pro_queue':1}}" },
	{ "devices", "x", "{}", "{'devices':{'sip_device':1}}" },
	{ "devices", "x", "{'device_type':'fax'}", "{'devices':{'fax':1}}" },
	{ "devices", "x", "{'billing':{'a':2,'b':0}}",
	  "{'devices':{'sip_device':1},'billing':{'a':2}}" },
	{ "vmboxes", "x", "{}", "{'voicemails':{'mailbox':1}}" },
	{ "vmboxes", "x", "{'transcribe':true}",
	  "{'voicemails':{'mailbox':1,'transcription':1}}" },
	{ "faxboxes", "x", "{}", "{'faxes':{'mailbox':1}}" },
	{ "conferences", "x", "{}", "{'conferences':{'conference':1}}" },
	{ "limits", "limits", "{'twoway_trunks':5,'inbound_trunks':0,"
	  "'outbound_trunks':-1}", "{'limits':{'twoway_trunks':5}}" },
	{ "whitelabel", "whitelabel", "{}", "{'branding':{'whitelabel':1}}" },
	{ "ips", "10.0.0.1", "{}", "{'ips':{'dedicated':1}}" },
	{ "phone_numbers", "+18005551234", "{}",
	  "{'phone_numbers':{'tollfree':1},'number_carriers':{'knm_other':1}}" },
	{ "phone_numbers", "911", "{}",
	  "{'phone_numbers':{'emergency':1},'number_carriers':{'knm_other':1}}" },
	{ "phone_numbers", "12", "{}",
	  "{'phone_numbers':{'unknown':1},'number_carriers':{'knm_other':1}}" },
	{ "phone_numbers", "+14155551234", "{'carrier_name':'knm_local',"
	  "'billing':{'rent':2}}",
	  "{'number_carriers':{'knm_local':1},'number_services':{'local':1}}" },
	{ "phone_numbers", "+491", "{'carrier_name':'knm_local',"
	  "'billing':{'rent':2},'pvt_features':{}}",
	  "{'phone_numbers':{'other':1},'number_carriers':{'knm_local':1},"
	  "'billing':{'rent':2}}" },
	{ "phone_numbers", "+491", "{'cnam':{'inbound_lookup':true},"
	  "'pvt_features':{'sms':{},'x':null,'cnam':false}}",
	  "{'phone_numbers':{'other':1},'number_carriers':{'knm_other':1},"
	  "'number_services':{'sms':1,'x':1,'cnam':1}}" },
	{ "phone_numbers", "+491", "{'cnam':{'inbound_lookup':true},"
	  "'e911':{'x':1},'prepend':{'enabled':false},'failover':{}}",
	  "{'phone_numbers':{'other':1},'number_carriers':{'knm_other':1},"
	  "'number_services':{'inbound_cnam':1,'e911':1}}" },
	{ "apps_store", "apps_store", "{'apps':{"
	  "'1':{'name':'voip','allowed_users':'all'},"
	  "'2':{'name':'fax','allowed_users':'admins'},"
	  "'3':{'name':'crm','allowed_users':'specific','users':['a']},"
	  "'4':{'name':'hid','allowed_users':'all'},'5':{'name':'any'},"
	  "'6':{'name':'odd','allowed_users':'x','users':['a']},'7':1,'8':null},"
	  "'blacklist':[null,5,'4']}",
	  "{'account_apps':{'voip':1,'fax':1,'crm':1,'any':1,'odd':1},"
	  "'user_apps':{'voip':5,'fax':2,'crm':1}}" },
	{ "port_requests", "x", "{'numbers':{'1':{},'2':{}}}",
	  "{'port_request':{'unconfirmed':2}}" },
	{ "port_requests", "x", "{'numbers':{'1':{},'2':{}},"
	  "'port_state':'submitted','transitions':[{'new':'unconfirmed'},"
	  "{'new':'submitted'}]}",
	  "{'port_request':{'submitted':2,'first_submitted':2}}" },
	{ "port_requests", "x", "{'numbers':{'1':{}},'port_state':'submitted',"
	  "'transitions':[{'new':'submitted'},{'new':'rejected'},"
	  "{'new':'submitted'}]}", "{'port_request':{'submitted':1}}" },
	{ "alerts", "x", "{}", "{}" },
};

Test(counting, documents)
{
	struct arena *a = arena_new(16384);
	struct quantity_table table;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		table = counts_as(a, cases[i].noun, cases[i].id,
		    cases[i].document);
		assert_table(a, cases[i].table, &table, cases[i].document);
	}
	arena_free(&a);
}

Test(counting, every_kind_that_counts_is_among_the_cases)
{
	const struct kind *kind;
	size_t i, j;
	bool found;

	for (i = 0; (kind = kind_at(i)) != NULL; i++) {
		found = kind->rules == NULL;
		for (j = 0; j < NELEM(cases); j++)
			found = found || strcmp(cases[j].noun, kind->noun) == 0;
		cr_expect(found, "%s: what does it count as?", kind->noun);
	}
}

Test(counting, a_removed_count_leaves_nothing)
{
	struct arena *a = arena_new(16384);
	struct count_context with = { .users = 3 };
	struct quantity_table table = { .count = 0 };
	struct counted_object what;
	const char *why;
	size_t i;

	with.classes = number_classes_read(a, classes_text, &why);
	for (i = 0; i < NELEM(cases); i++) {
		what = (struct counted_object){
		    kind_of_noun(cases[i].noun)->rules, cases[i].id, quoted(a, cases[i].document) };
		cr_assert(count_object(a, &what, &with, 1, &table));
		cr_assert(count_object(a, &what, &with, -1, &table));
		assert_table(a, "{}", &table, cases[i].document);
	}
	arena_free(&a);
}

Test(counting, overflow_is_reported)
{
	struct arena *a = arena_new(16384);
	struct quantity_table table = { .count = 0 };
	struct count_context with = { .users = 3 };
	struct counted_object what = { kind_of_noun("devices")->rules, "x",
	    quoted(a, "{'billing':{'a':9223372036854775807}}") };

	cr_assert(count_object(a, &what, &with, 1, &table));
	cr_assert_not(count_object(a, &what, &with, 1, &table));
	arena_free(&a);
}
