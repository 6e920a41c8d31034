# Writes the documents of a seller with many customers, for reevectl import: names
# of up to 60 characters, standings, balances of both signs; a third of them
# have a plan, some owe, some have paid. The same day gives the same documents.
# usage: awk -v today=DAY -v master=ID -v seller=ID -v count=N -v mona=MD5,SHA1
#     -v parts=FOLDER -f many.awk
#   today  days since 1970-01-01
#   parts  gets the files base, one and two; the last two are for two imports at
#          the same time
# SPDX-License-Identifier: GPL-3.0-or-later

function random(n) {
	seed = (seed * 16807) % 2147483647
	return int(seed / 2147483647 * n)
}

function moment(day, second) {
	return sprintf("%.0f", day * 86400 + 62167219200 + second)
}

# The month of a day, by the calendar of 400 years.
function month_of(day,    z, doe, yoe, doy, mp) {
	z = day + 719468
	doe = z % 146097
	yoe = int((doe - int(doe / 1460) + int(doe / 36524) - \
	    int(doe / 146096)) / 365)
	doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100))
	mp = int((5 * doy + 2) / 153)
	return sprintf("%04d%02d", yoe + int(z / 146097) * 400 + (mp > 9), \
	    mp < 10 ? mp + 3 : mp - 9)
}

function account(id, parents, name, realm, day, more) {
	printf "{\"_id\":\"%s\",\"pvt_type\":\"account\",\"pvt_tree\":[%s]," \
	    "\"pvt_created\":%s,\"name\":\"%s\",\"realm\":\"%s\"%s}\n", id, \
	    parents, moment(day, 36000), name, realm, more >base
}

function ledger(id, day, type, service, source, units, more) {
	printf "{\"_id\":\"%s-%s%s\",\"pvt_type\":\"ledger\"," \
	    "\"pvt_ledger_type\":\"%s\",\"pvt_account_id\":\"%s\"," \
	    "\"pvt_created\":%s,\"source\":{\"service\":\"%s\",\"id\":\"%s\"}," \
	    "\"amount\":%.0f%s}\n", month_of(day), substr(id, 5), source, type, \
	    id, moment(day, 40000), service, source, units, more >file
}

# Now and then a name is as long as a name may well be.
function name_of(n,    name) {
	name = firsts[random(20) + 1] " " seconds[random(20) + 1] " " \
	    sprintf("%05d", n)
	if (n % 50 == 0)
		name = substr(name " of the Greater Metropolitan Area and its " \
		    "Neighbours", 1, 60)
	sub(/ $/, "s", name)
	return name
}

function print_services(id, n, phones, users) {
	printf "{\"_id\":\"%s\",\"pvt_type\":\"service\",\"pvt_account_id\":" \
	    "\"%s\",\"pvt_created\":%s,\"plans\":{\"line\":{\"vendor_id\":" \
	    "\"%s\"}},\"quantities\":{\"devices\":{\"sip_device\":%d}," \
	    "\"users\":{\"user\":%d}}%s}\n", id, id, moment(today - 60, 36003), \
	    seller, phones, users, n % 33 ? "" : ",\"pvt_status\":" \
	    "\"delinquent\",\"pvt_status_reason\":\"unpaid\"" >file
}

BEGIN {
	seed = 10000
	base = parts "/base"
	split("Acorn Amber Birch Blue Cedar Copper Crystal Delta Eagle Fir " \
	    "Golden Harbor Ivory Jade Lark Maple North Oak Pine Silver", firsts,
	    " ")
	split("Bakery Books Cafe Clinic Dental Foods Garage Hotel Imports " \
	    "Jewels Kitchens Labs Legal Motors Optics Pharmacy Realty Sports " \
	    "Travel Works", seconds, " ")
	split(mona, digest, ",")
	account(seller, "\"" master "\"", "Many Customers", "many.example",
	    today - 400, ",\"pvt_reseller\":true")
	printf "{\"_id\":\"%s\",\"pvt_type\":\"user\",\"pvt_account_id\":" \
	    "\"%s\",\"pvt_created\":%s,\"first_name\":\"Mona\",\"last_name\":" \
	    "\"Reyes\",\"username\":\"mona\",\"priv_level\":\"admin\"," \
	    "\"pvt_md5_auth\":\"%s\",\"pvt_sha1_auth\":\"%s\"}\n", \
	    substr(seller, 1, 28) "0001", seller, moment(today - 400, 36001), \
	    digest[1], digest[2] >base
	printf "{\"_id\":\"line\",\"pvt_type\":\"service_plan\"," \
	    "\"pvt_account_id\":\"%s\",\"pvt_created\":%s,\"name\":\"Line\"," \
	    "\"plan\":{\"devices\":{\"sip_device\":{\"name\":\"Phone\"," \
	    "\"rate\":4.5}},\"users\":{\"user\":{\"name\":\"User\",\"rate\":3}}}" \
	    "}\n", seller, moment(today - 400, 36002) >base
	for (n = 1; n <= count; n++)
		customer(n)
}

function customer(n,    id, phones, users, owed, i, day) {
	id = sprintf("%s%05d", substr(seller, 1, 27), n)
	file = parts "/" (int(n / 24) % 2 ? "one" : "two")
	phones = 1 + random(n % 100 ? 9 : 90)
	users = 1 + random(phones)
	owed = phones * 45000 + users * 30000
	account(id, "\"" master "\",\"" seller "\"", name_of(n),
	    sprintf("c%05d.many.example", n), today - 90 - random(300),
	    n % 97 ? "" : ",\"pvt_enabled\":false")
	if (n % 3 == 0)
		print_services(id, n, phones, users)
	if (n % 6 == 0)
		ledger(id, today - 32 - random(30), "debit", "services", "1", owed)
	if (n % 7 == 0)
		ledger(id, today - 20 - random(10), "credit", "payments", "2",
		    owed + (random(60) - 12) * 20000)
	if (n % 12 == 3)
		ledger(id, today - 1 - random(20), "debit", "per-minute-voip",
		    "3", 1000 + random(90000), ",\"usage\":{\"type\":\"voice\"," \
		    "\"quantity\":" 60 * random(900) + 60 ",\"unit\":\"sec\"}")
}
