# Writes the documents of the demonstration, for reevectl import: three resellers,
# their customers, and what they did in a year. The same day gives the same ones.
# usage: awk -v today=DAY -v master=ID -v bay=ID -v acme=ID [-v rita=MD5,SHA1
#     -v jon=MD5,SHA1 -v dana=MD5,SHA1] -f documents.awk -f story.awk customers
#   today  days since 1970-01-01; the year ends before it
#   rita, jon, dana  digests of "name:password" of three log-ins
# SPDX-License-Identifier: GPL-3.0-or-later

BEGIN {
	FS = "|"
	for (i = 1; i < 256; i++)
		ordinal[sprintf("%c", i)] = i
	seed = 20260401
	last = today - 1
	first = today - 365
	spring = last_day_of(4, 1)
	branch = last_day_of(6, 14)
	outage = last_day_of(3, 12)
	wrong = last_day_of(8, 2)
	autumn = last_day_of(9, 1)
	half_paid = last_day_of(11, 20)
	delinquent = last_day_of(10, 15)
	civil(today)
	quiet = today - mday + 1
	set_prices()
	set_people()
	sell_plans()
	found("bay", bay, "\"" master "\"", "Bay Telecom", "bay.example", "en-us")
	found("nord", id_of("nordnetz"), "\"" master "\"", "Nordnetz",
	    "nordnetz.example", "de-de")
	found("costa", id_of("costa voz"), "\"" master "\",\"" bay "\"",
	    "Costa Voz", "costavoz.example", "es-es")
	brand()
	supply("bay", master, 5, 3)
	supply("nord", master, 2, 1)
	supply("costa", bay, 1, 0)
}

!/^#/ {
	customer($1, $2, $3, first + $4, $5, $6 + 0, $7 + 0, $8 + 0, $9 + 0,
	    $10 + 0, $11)
}

# ---- the sellers ----

function set_prices() {
	price("wholesale", 1, "platform/seats", "Block of 100 seats", 990000)
	gold(1, 45000)
	gold(2, 48000)
	price("silver", 1, "devices/sip_device", "Desk phone", 55000, "", 50000)
	price("silver", 1, "devices/softphone", "Softphone", 25000)
	price("silver", 1, "phone_numbers/did_us", "Number", 15000)
	price("silver", 1, "users/user", "User", 30000)
	price("buero", 1, "devices/sip_device", "Tischtelefon", 39000,
	    "19:44000", 40000)
	price("buero", 1, "devices/softphone", "Softphone", 19000)
	price("buero", 1, "phone_numbers/international", "Rufnummer", 12000)
	price("buero", 1, "users/user", "Nebenstelle", 28000)
	price("oficina", 1, "devices/sip_device", "Teléfono de mesa", 37000)
	price("oficina", 1, "devices/softphone", "Teléfono virtual", 17500)
	price("oficina", 1, "phone_numbers/international", "Número", 11000)
	price("oficina", 1, "users/user", "Extensión", 24000)
	all_items = "devices/sip_device devices/softphone " \
	    "number_carriers/knm_other phone_numbers/did_us " \
	    "phone_numbers/international platform/seats support/hours users/user"
	manual_items["platform/seats"] = manual_items["support/hours"] = 1
}

function gold(version, rate) {
	price("gold", version, "devices/sip_device", "Desk phone", rate - 3000,
	    "9:" rate + 4000 " 49:" rate, 50000)
	price("gold", version, "devices/softphone", "Softphone", 20000)
	price("gold", version, "phone_numbers/did_us", "Number", 12500)
	price("gold", version, "support/hours", "Hours on site", 600000)
	price("gold", version, "users/user", "User", 29000, "9:35000 29:32000")
}

function set_people() {
	person("rita", bay, "Bay Telecom", "Rita", "Gomez")
	person("jon", bay, "Bay Telecom", "Jon", "Park")
	person("dana", acme, "Acme Dental", "Dana", "Whitfield")
	person("anke", id_of("nordnetz"), "Nordnetz", "Anke", "Petersen")
	person("lucia", id_of("costa voz"), "Costa Voz", "Lucía", "Ferrer")
	person("root", master, "Reeve Demo", "Robin", "Stone")
	address["rita"] = "198.51.100.7"
	address["jon"] = "198.51.100.9"
	address["dana"] = "203.0.113.40"
	address["anke"] = "192.0.2.61"
	address["lucia"] = "192.0.2.130"
	address["root"] = "192.0.2.2"
	clerk["bay"] = "jon"
	boss["bay"] = "rita"
	clerk["nord"] = boss["nord"] = "anke"
	clerk["costa"] = boss["costa"] = "lucia"
	# Names of users.
	people["bay"] = "Ann Ben Carla Dev Ella Finn Grace Hugo Iris Jack Kim " \
	    "Leo Maya Noah Olga Pete Quinn Rosa Sam Tess|Adams Brooks Chen " \
	    "Diaz Evans Fox Garcia Hill Ito Jones Khan Lopez Moore Nguyen " \
	    "Ortiz Price Reed Silva Tran Wong"
	people["nord"] = "Antje Birte Claus Dörte Enno Frauke Gesa Hauke Imke " \
	    "Jörg Karin Lars Maren Nils Ole Petra Sönke Telse Uwe Wiebke|" \
	    "Albers Behrens Carstens Dierks Ehlers Friedrichs Görtz Hinrichs " \
	    "Jensen Kruse Lorenzen Matthiesen Nissen Oldsen Paulsen Rickmers " \
	    "Schütt Thiessen Voss Wulf"
	people["costa"] = "Alba Bruno Carmen Diego Elena Félix Gloria Hugo " \
	    "Inés Javier Lola Marta Nuria Óscar Pilar Raúl Sara Teo Vera Zoe|" \
	    "Alonso Blanco Cano Díaz Esteban Flores Gil Herrero Ibáñez Juárez " \
	    "León Molina Navarro Ortega Prieto Ramos Soler Torres Vega Zamora"
	phone["bay"] = "Desk phone"
	phone["nord"] = "Tischtelefon"
	phone["costa"] = "Teléfono"
	soft["bay"] = soft["nord"] = "Softphone"
	soft["costa"] = "Teléfono virtual"
	calls["bay"] = "Calls"
	calls["nord"] = "Gespräche"
	calls["costa"] = "Llamadas"
	monthly["bay"] = "Recurring charges for "
	monthly["nord"] = "Monatliche Kosten für "
	monthly["costa"] = "Cuota mensual de "
	payment["bay"] = "Payment received"
	payment["nord"] = "Zahlung eingegangen"
	payment["costa"] = "Pago recibido"
	language["bay"] = "en-us"
	language["nord"] = "de-de"
	language["costa"] = "es-es"
}

function sell_plans() {
	print_plan(master, "wholesale", "Wholesale", 1, first - 400,
	    "For resellers: seats in blocks of 100")
	print_plan(bay, "wholesale", "Wholesale", 1, first - 60,
	    "For partners: seats in blocks of 100")
	print_plan(bay, "gold", "Gold", 1, first - 330,
	    "Phones, numbers and support for offices")
	print_plan(bay, "gold", "Gold", 2, spring,
	    "Phones, numbers and support for offices")
	print_plan(bay, "silver", "Silver", 1, first - 330,
	    "Phones and numbers for small shops")
	print_plan(id_of("nordnetz"), "buero", "Büro-Anschluss", 1, first - 160,
	    "Telefone, Nebenstellen und Rufnummern für Büros")
	print_plan(id_of("costa voz"), "oficina", "Plan Oficina", 1, first - 50,
	    "Teléfonos, extensiones y números para oficinas")
}

function found(key, id, parents, title, realm, tongue,    text) {
	seller[key] = id
	above[key] = parents ",\"" id "\""
	title_of[key] = title
	print_account(id, parents, title, realm, first - 340, tongue, 1)
	if (key == "bay") {
		print_user("rita", id, "Rita", "Gomez", "rita", "admin",
		    first - 340, rita)
		print_user("jon", id, "Jon", "Park", "jon", "clerk", first - 90,
		    jon)
	} else if (key == "nord") {
		print_user("anke", id, "Anke", "Petersen", "anke", "admin",
		    first - 170, "", "de-de")
	} else {
		print_user("lucia", id, "Lucía", "Ferrer", "lucia", "admin",
		    first - 60, "", "es-es")
	}
}

# Bay's bookkeeper has an address that nobody answers.
function brand() {
	cards = id_of("cards")
	printf "{\"_id\":\"%s\",\"pvt_type\":\"bookkeeper\"," \
	    "\"pvt_account_id\":\"%s\",\"pvt_created\":%s,\"name\":\"Cards\"," \
	    "\"bookkeeper\":{\"type\":\"http\"},\"url\":" \
	    "\"https://cards.bay.example/reeve\"}\n", cards, bay,
	    moment(first - 250, 40000)
	printf "{\"_id\":\"whitelabel\",\"pvt_type\":\"whitelabel\"," \
	    "\"pvt_account_id\":\"%s\",\"pvt_created\":%s,\"domain\":" \
	    "\"my.bay.example\",\"company_name\":\"Bay Telecom\"," \
	    "\"hide_powered\":true}\n", bay, moment(first - 200, 40000)
}

# ---- an account begins, and is told of ----

function begin(id, title, used_plan, vendor) {
	acc = id
	name = title
	plan = used_plan
	version = 1
	balance = 0
	keeper = "\"id\":\"default_bookkeeper\",\"type\":\"default\"," \
	    "\"vendor_id\":\"" vendor "\""
	split("", quantity)
	split("", born)
	split("", delta)
	split("", other)
	number_item = plan ~ /buero|oficina/ ? "phone_numbers/international" : \
	    "phone_numbers/did_us"
}

function assign(day, who,    text) {
	text = "{\"" plan "\":{\"vendor_id\":\"" vendor "\",\"overrides\":{}," \
	    "\"version\":" version "}}"
	note_change(day, 32460, who, "POST", "services", "", "\"type\":" \
	    "[\"account\"],\"before\":{\"plans\":{}},\"after\":{\"plans\":" \
	    text "}", 1)
}

function set_manual(item, n, day, second, who, reason) {
	delta[item] = n - quantity[item]
	quantity[item] = n
	note_change(day, second, who, "PATCH", "services/manual", reason,
	    "\"type\":[\"manual\"]")
}

function charge_month(day, text) {
	civil(day)
	if (mday == 1 && recurring > 0)
		debit_or_credit("debit", day, 1, "services", month_of(day),
		    recurring, text month_of(day), ",\"period\":{\"start\":" \
		    moment(day, 0) "},\"executor\":{\"trigger\":\"recurring\"," \
		    "\"module\":\"kz_services_recurring\"}")
}

function pay(day, second, units, text, trigger) {
	debit_or_credit("credit", day, second, "payments", hex_random(), units,
	    text, ",\"period\":{\"start\":" moment(day, second) "}," \
	    "\"executor\":{\"trigger\":\"" trigger "\",\"module\":" \
	    "\"kz_services_topup\"}")
}

function adjust(type, day, second, units, text) {
	debit_or_credit(type, day, second, "adjustments", month_of(day) "-" \
	    hex_random(), units, text, ",\"reason\":\"" text "\",\"period\":" \
	    "{\"start\":" moment(day, second) "},\"executor\":{\"trigger\":" \
	    "\"manual\",\"module\":\"cb_transactions\"}")
}

# A reseller's own account: blocks of seats, paid a month later.
function supply(key, from, blocks, begun,    day) {
	vendor = from
	begin(seller[key], title_of[key], "wholesale", from)
	day = first - 330
	set_manual("platform/seats", begun ? begun : blocks, day, 36000,
	    from == bay ? "rita" : "root", "contract")
	for (day = day + 1; day <= last; day++) {
		charge_month(day, monthly[from == bay ? "bay" : key])
		if (quantity["platform/seats"] < blocks && day > first &&
		    (day - first) % 110 == 0 && day < quiet)
			set_manual("platform/seats",
			    quantity["platform/seats"] + 1, day, 54000, "root",
			    "more seats")
		civil(day)
		if (mday == 9 && day < last - 25 && balance < 0)
			pay(day, 39000, -balance, payment["bay"], "manual")
	}
	print_services(acc, "\"wholesale\":{\"vendor_id\":\"" from "\"}",
	    "\"platform\":{\"seats\":" blocks "}")
}

# ---- a customer's year ----

# The part of the calls of an ordinary day that a day has, in percent.
function busy(day,    part) {
	part = 70 + random(60)
	civil(day)
	if (month == 8)
		part = part * 6 / 10
	if (month == 12 && mday > 22)
		part = part / 2
	return is_weekend(day) ? part / 5 : part
}

# Usage comes once a day; of small customers on working days, elsewhere on two
# days a week.
function is_told(day, minutes) {
	return key != "bay" ? (day + 4) % 7 % 3 == 2 : minutes >= 300 || \
	    !is_weekend(day)
}

function use(day, minutes, source, text,    seconds) {
	seconds = int(minutes * 60)
	if (seconds > 0)
		debit_or_credit("debit", day, 84600, "per-minute-voip", source,
		    int(minutes * 120), text, ",\"usage\":{\"type\":\"voice\"," \
		    "\"quantity\":" seconds ",\"unit\":\"sec\"},\"period\":" \
		    "{\"start\":" moment(day, 84600) "},\"executor\":" \
		    "{\"trigger\":\"crossbar\",\"module\":\"cb_ledgers\"}")
}

function path_of(item) {
	return item ~ /^devices/ ? "devices" : item ~ /^users/ ? "users" : \
	    "phone_numbers"
}

function add_one(item, day, second, who, reason) {
	grow(item, 1, moment(day, second))
	note_change(day, second, who, "PUT", path_of(item), reason)
}

function remove_one(item, day, second, who, reason) {
	grow(item, -1)
	note_change(day, second, who, "DELETE", path_of(item) "/" \
	    id_of(acc item quantity[item] + 1), reason)
}

# Brings the account nearer to what it has at the end; now and then the other way.
# What a customer pays a month stays the same in the last month: changes that are
# made by the API tell the difference.
function drift(day, end,    item, gap, left) {
	item = item_list[random(4) + 1]
	gap = end[item] - quantity[item]
	left = quiet - day
	if (gap > 0 && random(left + 1) < 4 * gap)
		add_one(item, day, 52000 + random(20000), who_of())
	else if (quantity[item] > 2 && left > 20 &&
	    random(in_august(day) ? 9 : 24) == 0)
		remove_one(item, day, 52000 + random(20000), who_of())
}

function in_august(day) {
	civil(day)
	return month == 8
}

function who_of() {
	return acc == acme && random(2) ? "dana" : random(3) ? clerk[key] : \
	    boss[key]
}

function start(day, end, part,    i, item, n) {
	for (i = 1; i <= 4; i++) {
		item = item_list[i]
		n = int(end[item] * part / 100 + 0.5)
		if (n > 0)
			grow(item, n, moment(day, 32400))
	}
	assign(day, boss[key])
}

function adopt(day) {
	version = 2
	note_change(day, 36000 + random(600), "rita", "POST", "services", "",
	    "\"type\":[\"account\"],\"before\":{\"plans\":{\"gold\":{" \
	    "\"vendor_id\":\"" bay "\",\"version\":1}}},\"after\":{\"plans\":" \
	    "{\"gold\":{\"vendor_id\":\"" bay "\",\"version\":2}}}")
}

function owe(day) {
	note_change(day, 59400, "jon", "POST", "services/status", "",
	    "\"type\":[\"account\"],\"before\":{\"standing\":\"good_standing\"}," \
	    "\"after\":{\"standing\":\"delinquent\",\"reason\":" \
	    "\"September is unpaid\",\"reason_code\":402}")
}

function open_branch(day,    i) {
	for (i = 0; i < 18; i++)
		add_one("devices/sip_device", day, 50400 + i * 190 + random(90),
		    "rita", "new branch")
}

function close_down(day,    i, item, second) {
	second = 60000
	for (i = 1; i <= 4; i++)
		for (item = item_list[i]; quantity[item] > 0; second += 40)
			remove_one(item, day, second, "jon", "closed")
}

# The payments of a customer, by its way to pay: what it owes in one sum, or a
# round one when little is left.
function settle(day, pays,    due) {
	civil(day)
	due = mday == (pays == "late" ? 26 : 4 + acc_number % 6)
	if (pays == "prepaid" || pays == "card") {
		if (balance < 250000)
			pay(day, 85000, topup, "Automatic top-up", "automatic")
	} else if (pays == "stops" && day == half_paid) {
		if (balance < 0)
			pay(day, 61000, int(-balance / 20000) * 10000,
			    payment[key], "manual")
	} else if (due && balance < 0 && !(pays == "stops" && day >= autumn)) {
		pay(day, 43000 + random(9000), acc_number % 5 ? -balance : \
		    round_up(-balance), payment[key], "manual")
	}
}

function round_up(units) {
	return (int(units / 1000000) + 2) * 1000000
}

# Usage of three days came late, and a file of another was wrong.
function mend_usage(day) {
	use(day - 4, 212, "late-1", "Calls (file came late)")
	use(day - 3, 187, "late-2", "Calls (file came late)")
	use(day - 2, 240, "late-3", "Calls (file came late)")
	use(day, 2960, "twice", "Calls (file read twice)")
	adjust("credit", day + 1, 39600, 2960 * 120, \
	    "File of calls of 2 August was read twice")
}

function customer(seller_key, title, realm, joined, used_plan, phones, softs,
    users, numbers, minutes, pays,    end, day, shut, pinned, hours) {
	key = seller_key
	vendor = seller[key]
	acc_number++
	begin(title == "Acme Dental" ? acme : id_of("account/" realm), title,
	    used_plan, vendor)
	if (pays == "card")
		keeper = "\"id\":\"" cards "\",\"type\":\"http\"," \
		    "\"vendor_id\":\"" vendor "\""
	pinned = title == "Redwood Architects"
	hours = title ~ /Acme|Logistics/
	if (used_plan == "gold" && joined >= spring)
		version = 2
	shut = pays == "closed" ? last - 41 : last + 1
	item_list[1] = "devices/sip_device"
	item_list[2] = "devices/softphone"
	item_list[3] = number_item
	item_list[4] = "users/user"
	topup = (int(minutes / 40) + 1) * 1000000
	end[item_list[1]] = phones
	end[item_list[2]] = softs
	end[item_list[3]] = numbers
	end[item_list[4]] = users
	if (acc == acme) {
		override[acc, "devices/softphone"] = 15000
		end["devices/sip_device"] -= branch >= joined ? 18 : 0
	}
	print_account(acc, above[key], title, realm "." (key == "bay" ? "bay" : \
	    key == "nord" ? "nordnetz" : "costavoz") ".example", joined,
	    language[key], 0, shut <= last)
	start(joined, end, joined < first ? 55 : 35)
	for (day = joined + 1; day <= last; day++) {
		if (pays != "card")
			charge_month(day, monthly[key])
		if (pays == "stops" && day == delinquent)
			owe(day)
		if (day == spring && used_plan == "gold" && !pinned &&
		    version == 1)
			adopt(day)
		if (hours && day == joined + 40)
			set_manual("support/hours", 2, day, 57600, "rita",
			    "maintenance contract")
		if (acc == acme && day == branch) {
			open_branch(day)
			end["devices/sip_device"] += 18
		}
		if (day < shut && day >= first && day < quiet &&
		    !is_weekend(day))
			drift(day, end)
		if (day == shut)
			close_down(day)
		if (day < shut && day >= first && is_told(day, minutes))
			use(day, minutes * busy(day) / 100, "calls-" day - first,
			    calls[key])
		if (title == "Harbor Clinic" && day == wrong)
			mend_usage(day)
		if (key == "bay" && day == outage + 1 && joined < outage)
			adjust("credit", day, 64000, 100000 + phones * 2500,
			    "Goodwill for the outage of 12 March")
		settle(day, pays)
	}
	finish(used_plan, pinned, hours, pays)
}

# ---- what is there today ----

function finish(used_plan, pinned, hours, pays) {
	print_services(acc, "\"" used_plan "\":{\"vendor_id\":\"" vendor "\"" \
	    (pinned ? ",\"version\":1" : "") (acc == acme ? ",\"overrides\":" \
	    "{\"plan\":{\"devices\":{\"softphone\":{\"rate\":1.5}}}}" : "") "}",
	    hours ? "\"support\":{\"hours\":2}" : "", pays == "stops" ? \
	    "\"pvt_status\":\"delinquent\",\"pvt_status_reason\":" \
	    "\"September is unpaid\",\"pvt_status_reason_code\":402" : \
	    pays == "card" ? "\"bookkeeper\":{" keeper "}" : "")
	print_objects()
}

function print_objects(    n, part, firsts, lasts, f, l) {
	split(people[key], part, "|")
	split(part[1], firsts, " ")
	split(part[2], lasts, " ")
	if (acc == acme)
		print_user("dana", acc, "Dana", "Whitfield", "dana", "admin",
		    first - 209, dana)
	for (n = 1; n <= quantity["users/user"]; n++) {
		f = firsts[(n * 7 + acc_number) % 20 + 1]
		l = lasts[(n * 3 + acc_number * 5 + int(n / 20)) % 20 + 1]
		print_object("user", "users/user", n, "\"first_name\":\"" f \
		    "\",\"last_name\":\"" l "\",\"username\":\"user" n "\"," \
		    "\"priv_level\":\"user\"")
	}
	for (n = 1; n <= quantity["devices/sip_device"]; n++)
		print_object("device", "devices/sip_device", n, "\"name\":\"" \
		    phone[key] " " n "\",\"device_type\":\"sip_device\"," \
		    "\"sip\":{\"username\":\"phone" n "\"}")
	for (n = 1; n <= quantity["devices/softphone"]; n++)
		print_object("device", "devices/softphone", n, "\"name\":\"" \
		    soft[key] " " n "\",\"device_type\":\"softphone\"," \
		    "\"sip\":{\"username\":\"soft" n "\"}")
	for (n = 1; n <= quantity[number_item]; n++)
		print_object("number", number_item, n, "\"pvt_state\":" \
		    "\"in_service\"", next_number())
}

function print_object(type, item, n, members, id) {
	printf "{\"_id\":\"%s\",\"pvt_type\":\"%s\",\"pvt_account_id\":\"%s\"," \
	    "\"pvt_created\":%s,%s}\n", id == "" ? id_of(acc item n) : id, type, \
	    acc, born[item, n], members
}

# Numbers that nobody has: 555-01xx of some area codes, those of the German
# regulator for plays, and a series of Madrid.
function next_number(    n, areas) {
	n = given[key]++
	if (key == "bay") {
		split("415 628 510 408 650 925 707 831 669 341 209 530", areas,
		    " ")
		return sprintf("+1%s55501%02d", areas[int(n / 100) + 1], n % 100)
	}
	return key == "nord" ? sprintf("+493023125%03d", n) : \
	    sprintf("+34910000%03d", n)
}
