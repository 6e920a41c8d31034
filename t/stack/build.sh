# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# SPDX-License-Identifier: GPL-3.0-or-later
# Incremental out-of-tree builds. Sourced by bash.
# Needs $top, $source_dir.

# True if the generated build files are older than their sources.
configure_is_stale() {
	local made

	for made in configure Makefile.in config.h.in; do
		[ -e "$top/$made" ] || return 0
	done
	for made in configure.ac Makefile.am m4/reeve_db.m4 m4/reeve_flags.m4; do
		if [ "$top/$made" -nt "$top/configure" ] ||
		    [ "$top/$made" -nt "$top/Makefile.in" ]; then
			return 0
		fi
	done
	return 1
}

# build DIRECTORY [CONFIGURE ARGUMENT...]
build() {
	local dir=$1 stamp=$1/.configured wanted
	shift

	if configure_is_stale; then
		( cd "$source_dir" && autoreconf --install )
		# autoreconf does not touch files that would not change.
		touch "$top/aclocal.m4" "$top/config.h.in" "$top/configure" \
		    "$top/Makefile.in"
	fi
	mkdir -p "$dir"
	# If Criterion is installed later, the unit tests must be built.
	wanted="$source_dir | $* | $(pkg-config --modversion criterion 2>&1 |
	    head -n 1)"
	if [ ! -e "$dir/config.status" ] ||
	    [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
		( cd "$dir" && "$source_dir/configure" --quiet "$@" )
		printf '%s\n' "$wanted" >"$stamp"
	fi
	( cd "$dir" && make -j"$(nproc)" )
}
