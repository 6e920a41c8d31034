# The documents of the demonstration, in the shapes that reevectl import reads.
# Amounts are whole ten-thousandths, as in these. story.awk calls this, and has
# the variables. mawk will do.
# SPDX-License-Identifier: GPL-3.0-or-later

# ---- numbers, days, ids ----

function random(n) {
	seed = (seed * 16807) % 2147483647
	return int(seed / 2147483647 * n)
}

function hex_random(    i, text) {
	for (i = 0; i < 8; i++)
		text = text sprintf("%04x", random(65536))
	return text
}

# An id that depends on a name alone.
function id_of(name,    i, h, text) {
	h = 7919
	for (i = 1; i <= length(name); i++)
		h = (h * 16807 + ordinal[substr(name, i, 1)] * 271) % 2147483647
	for (i = 0; i < 8; i++) {
		h = (h * 16807 + 12345) % 2147483647
		text = text sprintf("%04x", int(h / 32768))
	}
	return text
}

# Sets year, month, mday of a day.
function civil(day,    z, era, doe, yoe, doy, mp) {
	z = day + 719468
	era = int(z / 146097)
	doe = z - era * 146097
	yoe = int((doe - int(doe / 1460) + int(doe / 36524) - \
	    int(doe / 146096)) / 365)
	doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100))
	mp = int((5 * doy + 2) / 153)
	mday = doy - int((153 * mp + 2) / 5) + 1
	month = mp < 10 ? mp + 3 : mp - 9
	year = yoe + era * 400 + (month <= 2)
}

# The last time before today that a date was.
function last_day_of(m, d,    day) {
	for (day = today - 1; day > today - 368; day--) {
		civil(day)
		if (month == m && mday == d)
			return day
	}
	return today - 1
}

function moment(day, second) {
	return sprintf("%.0f", day * 86400 + 62167219200 + second)
}

function month_of(day) {
	civil(day)
	return sprintf("%04d%02d", year, month)
}

function is_weekend(day) {
	return (day + 4) % 7 % 6 == 0
}

# A decimal without needless zeros.
function amount(units,    text) {
	text = sprintf("%.4f", units / 10000)
	sub(/0+$/, "", text)
	sub(/\.$/, "", text)
	return text
}

# ---- prices ----

# price ITEM of a plan: rate, tiers as "most:rate ...", activation.
function price(plan, version, item, name, rate, tiers, activation) {
	items[plan] = items[plan] (index(items[plan] " ", " " item " ") ? "" : \
	    " " item)
	label[plan, item] = name
	rates[plan, version, item] = rate
	tiers_of[plan, version, item] = tiers
	activations[plan, item] = activation
}

function rate_for(item, n,    t, i, count, part) {
	if ((acc, item) in override)
		return override[acc, item]
	count = split(tiers_of[plan, version, item], t, " ")
	for (i = 1; i <= count; i++) {
		split(t[i], part, ":")
		if (n <= part[1] + 0)
			return part[2] + 0
	}
	return rates[plan, version, item]
}

function plan_item(plan, version, item,    text, t, i, count, part) {
	text = "\"name\":\"" label[plan, item] "\",\"rate\":" \
	    amount(rates[plan, version, item])
	if (activations[plan, item])
		text = text ",\"activation_charge\":" \
		    amount(activations[plan, item])
	count = split(tiers_of[plan, version, item], t, " ")
	for (i = 1; i <= count; i++) {
		split(t[i], part, ":")
		text = text (i == 1 ? ",\"rates\":{" : ",") "\"" part[1] \
		    "\":" amount(part[2])
	}
	return "{" text (count > 0 ? "}" : "") "}"
}

function print_plan(vendor, plan, name, version, day, about,    list, i, count,
    part, before, text) {
	count = split(items[plan], list, " ")
	for (i = 1; i <= count; i++) {
		split(list[i], part, "/")
		text = text (part[1] == before ? "," : \
		    (before == "" ? "" : "},") "\"" part[1] "\":{") \
		    "\"" part[2] "\":" plan_item(plan, version, list[i])
		before = part[1]
	}
	printf "{\"_id\":\"%s\",\"pvt_type\":\"service_plan\"," \
	    "\"pvt_account_id\":\"%s\",\"pvt_created\":%s," \
	    "\"pvt_plan_version\":%d,\"name\":\"%s\",\"description\":\"%s\"," \
	    "\"plan\":{%s}}}\n", plan, vendor, moment(day, 32400), version, \
	    name, about, text
}

# ---- who did it ----

function person(key, account, account_name, first, last) {
	agent[key] = "\"agent\":{\"type\":\"user\",\"type_id\":\"" \
	    id_of("user/" key) "\",\"account_id\":\"" account \
	    "\",\"first_name\":\"" first "\",\"last_name\":\"" last \
	    "\",\"full_name\":\"" first " " last "\"},"  \
	    "\"authentication\":{\"type\":\"x-auth-token\",\"account_id\":\"" \
	    account "\",\"account_name\":\"" account_name "\"}"
}

# cause of a change of the account acc.
function cause(who, method, path, reason, changes) {
	return "{\"crossbar_request\":true," agent[who] ",\"request\":{\"id\":\"" \
	    hex_random() "\",\"client_ip\":\"" address[who] "\",\"method\":\"" \
	    method "\",\"path\":\"/v2/accounts/" acc "/" path "\"}" \
	    (reason == "" ? "" : ",\"change_reason\":\"" reason "\"") \
	    ",\"account\":{\"id\":\"" acc "\",\"name\":\"" name \
	    "\"},\"changes\":{" (changes == "" ? "\"type\":[\"account\"]" : \
	    changes) ",\"account_id\":\"" acc "\",\"account_name\":\"" name "\"}}"
}

# ---- documents of an account ----

function print_account(id, parents, account_name, realm, day, language, reseller,
    closed) {
	printf "{\"_id\":\"%s\",\"pvt_type\":\"account\",\"pvt_tree\":[%s]," \
	    "\"pvt_created\":%s,\"name\":\"%s\",\"realm\":\"%s\"," \
	    "\"language\":\"%s\"%s%s}\n", id, parents, moment(day, 28800), \
	    account_name, realm, language, reseller ? ",\"pvt_reseller\":true" : \
	    "", closed ? ",\"pvt_enabled\":false" : ""
}

function print_services(id, plans, manual, standing) {
	printf "{\"_id\":\"%s\",\"pvt_type\":\"service\"," \
	    "\"pvt_account_id\":\"%s\",\"pvt_created\":%s,\"plans\":{%s}" \
	    "%s%s}\n", id, id, moment(today - 1, 86399), plans, \
	    manual == "" ? "" : ",\"manual_quantities\":{" manual "}", \
	    standing == "" ? "" : "," standing
}

# user: an object; digests: "md5,sha1" of a log-in, or "".
function print_user(key, account, first, last, username, role, day, digests,
    language,    part) {
	split(digests, part, ",")
	printf "{\"_id\":\"%s\",\"pvt_type\":\"user\",\"pvt_account_id\":\"%s\"," \
	    "\"pvt_created\":%s,\"first_name\":\"%s\",\"last_name\":\"%s\"," \
	    "\"username\":\"%s\"%s%s%s}\n", id_of("user/" key), account, \
	    moment(day, 30000), first, last, username, role == "admin" ? \
	    ",\"priv_level\":\"admin\"" : role == "" ? "" : \
	    ",\"role\":\"" role "\"", language == "" ? "" : \
	    ",\"language\":\"" language "\"", digests == "" ? "" : \
	    ",\"pvt_md5_auth\":\"" part[1] "\",\"pvt_sha1_auth\":\"" part[2] "\""
}

function debit_or_credit(type, day, second, service, source, units, description,
    more,    id) {
	id = month_of(day) "-" hex_random()
	balance += type == "credit" ? units : -units
	printf "{\"_id\":\"%s\",\"pvt_type\":\"ledger\",\"pvt_ledger_type\":" \
	    "\"%s\",\"pvt_account_id\":\"%s\",\"pvt_created\":%s,\"source\":" \
	    "{\"service\":\"%s\",\"id\":\"%s\"},\"account\":{\"id\":\"%s\"," \
	    "\"name\":\"%s\"},\"amount\":%.0f,\"description\":\"%s\"%s}\n", id, \
	    type, acc, moment(day, second), service, source, acc, name, units, \
	    description, more
}

# ---- changes ----

# One line of the invoice; adds to recurring, today_units.
function line(item, difference, created,    part, n, rate, total, text) {
	n = quantity[item] + 0
	split(item, part, "/")
	rate = rate_for(item, n)
	total = rate * n
	recurring += total
	text = "{\"category\":\"" part[1] "\",\"item\":\"" part[2] \
	    "\",\"name\":\"" label[plan, item] "\",\"quantity\":" n \
	    ",\"billable\":" n (n ? ",\"maximum\":" n : "") ",\"rate\":" \
	    amount(rate) ",\"prorate\":{\"additions\":true,\"removals\":true}," \
	    "\"total\":" amount(total)
	if (difference)
		text = text ",\"changes\":{\"type\":\"" (created ? "created" : \
		    "modified") "\",\"difference\":{\"quantity\":" difference \
		    ",\"billable\":" difference "}}"
	if (difference > 0 && activations[plan, item]) {
		today_units += difference * activations[plan, item]
		charges = charges (charges == "" ? "" : ",") "{\"category\":\"" \
		    part[1] "\",\"item\":\"" part[2] "\",\"name\":\"" \
		    label[plan, item] "\",\"billable\":" difference \
		    ",\"rate\":" amount(activations[plan, item]) \
		    ",\"total\":" amount(difference * activations[plan, item]) \
		    "}"
	}
	return text "}"
}

# Notes a change: the entry of the invoice, with the differences in delta, and
# that of quantities with those and the ones in other.
function note_change(day, second, who, method, path, reason, changes, created,
    list, i, count, lines, why, elements, part, item) {
	recurring = today_units = 0
	charges = ""
	why = cause(who, method, path, reason, changes)
	count = split(items[plan], list, " ")
	for (i = 1; i <= count; i++) {
		item = list[i]
		lines = lines (i > 1 ? "," : "") line(item, delta[item] + 0, \
		    created)
		if (delta[item])
			other[item] = delta[item]
	}
	printf "{\"_id\":\"%s-%s\",\"pvt_type\":\"audit_log\"," \
	    "\"pvt_account_id\":\"%s\",\"pvt_created\":%s,\"status\":" \
	    "\"completed\",\"bookkeeper\":{%s,\"results\":[]},\"invoice\":" \
	    "{\"items\":[%s],\"activation_charges\":[%s],\"taxes\":[]," \
	    "\"summary\":{\"today\":%s,\"recurring\":%s},\"bookkeeper\":{%s}}," \
	    "\"audit\":%s}\n", month_of(day), hex_random(), acc, \
	    moment(day, second), keeper, lines, charges, amount(today_units), \
	    amount(recurring), keeper, why
	count = split(all_items, list, " ")
	for (i = 1; i <= count; i++) {
		item = list[i]
		if (!other[item])
			continue
		split(item, part, "/")
		elements = elements (elements == "" ? "" : ",") \
		    "{\"category\":\"" part[1] "\",\"source\":\"" part[2] \
		    "\",\"quantity\":" other[item] ",\"billable\":" \
		    quantity[item] ",\"tables\":{\"" (item in manual_items ? \
		    "manual" : "account") "\":" quantity[item] "}}"
	}
	if (elements != "")
		printf "{\"_id\":\"%s-%s\",\"pvt_account_id\":\"%s\"," \
		    "\"pvt_created\":%s,\"audit\":[%s],\"cause\":%s}\n", \
		    month_of(day), hex_random(), acc, moment(day, second), \
		    elements, why
	for (item in delta)
		delete delta[item]
	for (item in other)
		delete other[item]
}

# Changes the number of objects of an item by n.
function grow(item, n, when,    i) {
	quantity[item] += n
	delta[item] += n
	for (i = 0; i < n; i++)
		born[item, quantity[item] - i] = when
	if (item == number_item) {
		quantity["number_carriers/knm_other"] += n
		other["number_carriers/knm_other"] += n
	}
}
