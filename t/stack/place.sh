# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# SPDX-License-Identifier: GPL-3.0-or-later
# The paths of a stack. Sourced by bash. Needs $top, the checkout.

# True if a path works in socket addresses, Makefiles and nginx configurations.
path_is_plain() {
	[[ $1 != *[!A-Za-z0-9_./+-]* ]]
}

# Prints a directory of this user with a short, plain name derived from a path.
short_directory() {
	local dir=${TMPDIR:-/tmp}

	path_is_plain "$dir" && [ "${#dir}" -le 60 ] || dir=/tmp
	dir=$dir/reeve-$(printf '%s' "$1" | sha256sum | cut -c1-12)
	mkdir -m 700 "$dir" 2>/dev/null || true
	if [ -L "$dir" ] || [ ! -d "$dir" ] || [ ! -O "$dir" ]; then
		die "$dir is not a directory of this user" \
		    "Remove it, or set TMPDIR to a directory of your own."
	fi
	printf '%s' "$dir"
}

# place VAR: sets the globals to paths of one stack, all below VAR. If VAR is
# long or odd, files that need better paths go to a short directory instead.
place() {
	var=$1
	log_dir=$var/log
	work=$var
	db_dir=$var/db
	if ! path_is_plain "$var" || [ "${#var}" -gt 80 ]; then
		work=$(short_directory "$var")
		# mariadb-install-db does not support blanks in paths.
		ln -sfn "$var" "$work/var"
		db_dir=$work/var/db
	fi
	run_dir=$work/run
	db_socket=$run_dir/db.sock
	pool_socket=$run_dir/reeve.sock
	conf=$var/reeve.conf
	env_file=$var/demo.env
	stamp_dir=$var/stamp
}

# Sets source_dir: the checkout, by a path that make supports.
place_source() {
	local link

	source_dir=$top
	if ! path_is_plain "$top"; then
		link=$(short_directory "$top")/source
		ln -sfn "$top" "$link"
		source_dir=$link
	fi
}

make_places() {
	mkdir -p "$var" "$log_dir" "$run_dir" "$db_dir" "$stamp_dir"
	# The database trusts everybody who reaches its socket.
	chmod 700 "$run_dir"
}

random_hex() {
	od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'
}

# write_private FILE: writes standard input, readable by this user only. The
# file is never incomplete.
write_private() {
	( umask 077 && cat >"$1.new" && mv "$1.new" "$1" )
}
