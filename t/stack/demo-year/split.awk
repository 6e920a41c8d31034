# Parts documents into three files in the folder "parts": base has what the others
# need, and all of the sellers; one and two have the rest, which two imports write
# at the same time.
# SPDX-License-Identifier: GPL-3.0-or-later

function member(name,    at) {
	at = index($0, "\"" name "\":\"")
	return at ? substr($0, at + length(name) + 4, 32) : ""
}

/"pvt_reseller":true/ {
	wholly[member("_id")]
}

{
	account = member("pvt_account_id")
	if (account == "" || account in wholly) {
		print >(parts "/base")
		next
	}
	if (!(account in half))
		half[account] = accounts++ % 2 ? "one" : "two"
	print >(parts "/" half[account])
}
