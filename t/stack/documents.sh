# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# SPDX-License-Identifier: GPL-3.0-or-later
# Import of generated documents into a stack. Sourced by bash, after place.sh and
# the environment file of the stack. Needs $REEVE_VAR.

ctl() {
	eval "$REEVECTL \"\$@\""
}

# The digests of a user's password as imported documents have them: of this name,
# with the password of the demonstration.
digests() {
	printf '%s,%s' \
	    "$(printf '%s:%s' "$1" "$REEVE_PASSWORD" | md5sum | cut -c1-32)" \
	    "$(printf '%s:%s' "$1" "$REEVE_PASSWORD" | sha1sum | cut -c1-40)"
}

# first_day NAME: today, in days since 1970-01-01, or the day of the first call:
# what was interrupted goes on with the same documents.
first_day() {
	mkdir -p "$REEVE_VAR/stamp"
	[ -e "$REEVE_VAR/stamp/$1" ] ||
	    echo $(($(date +%s) / 86400)) >"$REEVE_VAR/stamp/$1"
	cat "$REEVE_VAR/stamp/$1"
}

# Imports the files one and two of $parts at the same time, after base if that was
# not yet.
import_parts() {
	local one

	[ ! -e "$parts/base" ] || ctl import "$parts/base"
	ctl import "$parts/one" &
	one=$!
	ctl import "$parts/two"
	wait "$one"
}

# The charges at the end of last month, from which the changes of today differ.
# Imports leave them unknown.
price_month() {
	ctl run-due --only pricing --at "$(date -u -d \
	    "$(date -u +%Y-%m-01) -1 day" +%Y-%m-%d)"
}
