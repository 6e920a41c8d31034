# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# SPDX-License-Identifier: GPL-3.0-or-later
# Debian packages, installed only when one is missing, and without letting any
# system service start. Sourced by bash. Needs $top.

policy_guard=/usr/sbin/policy-rc.d

# packages_missing SECTION...: prints the first name of each unmet need.
packages_missing() {
	local wanted=" $* " section='' line name installed

	installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' |
	    sed -n 's/^installed //p')
	while IFS= read -r line; do
		line=${line%%#*}
		case $line in
		'['*)
			section=${line#[}
			section=${section%]}
			continue ;;
		esac
		[[ $line == *[!\ ]* && $wanted == *" $section "* ]] || continue
		if [[ $line == \(* ]]; then
			name=${line%%)*}
			! command -v "${name#(}" >/dev/null || continue
			line=${line#*) }
		fi
		for name in ${line//|/ }; do
			if grep -qxF "$name" <<<"$installed"; then
				continue 2
			fi
		done
		set -- $line
		printf '%s\n' "$1"
	done <"$top/t/stack/packages"
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo -n "$@"
	fi
}

# Prevents package scripts from starting services.
guard_services() {
	[ ! -e "$policy_guard" ] || return 0
	printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy_guard" >/dev/null
	as_root chmod 755 "$policy_guard"
	trap 'as_root rm -f "$policy_guard"' EXIT
}

# apt_get WORD...: waits for another process's lock, never asks.
apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive \
	    apt-get -q -y -o DPkg::Lock::Timeout=120 "$@"
}

# Prints those of the names that apt knows: releases divide packages differently.
packages_known() {
	local name

	for name; do
		if apt-cache show --no-all-versions "$name" >/dev/null 2>&1; then
			printf '%s\n' "$name"
		else
			printf 'apt knows no package %s\n' "$name" >&2
		fi
	done
}

install_packages() {
	local had_nginx=0

	if dpkg-query -W -f '${db:Status-Status}' nginx 2>/dev/null |
	    grep -q '^installed'; then
		had_nginx=1
	fi
	guard_services
	if ! apt-cache show --no-all-versions "$@" >/dev/null 2>&1; then
		apt_get update
		# shellcheck disable=SC2046
		set -- $(packages_known "$@")
		[ $# -gt 0 ] || return 0
	fi
	if ! apt_get install --no-install-recommends "$@"; then
		# The lists may name versions the mirror no longer has.
		apt_get update
		apt_get install --no-install-recommends "$@" || return
	fi
	# The packaged nginx would start at the next boot. Only users who had it
	# before want that.
	if [ "$had_nginx" -eq 0 ] && command -v systemctl >/dev/null; then
		as_root systemctl disable nginx.service || true
	fi
	note "$# new"
}

# step_packages SECTION... -- SECTION...: those after "--" are installed if that
# is possible, and noted if it is not.
step_packages() {
	local needed missing wished hint sections=" $* "

	if ! command -v dpkg-query >/dev/null; then
		step packages "packages" "" note "not Debian: not checked"
		return
	fi
	needed=${sections%% -- *}
	# shellcheck disable=SC2086
	missing=$(packages_missing $needed)
	# shellcheck disable=SC2086
	wished=$(packages_missing ${sections#* -- })
	if [ -z "$missing$wished" ]; then
		step packages "packages" "" note "all installed"
		return
	fi
	if [ -n "$missing" ] && [ "$(id -u)" -ne 0 ]; then
		get_sudo $missing $wished
	fi
	hint="Or install them yourself: apt-get install ${missing//$'\n'/ }"
	step packages "installing packages" "$hint" \
	    install_needed_and_wished "$missing" "$wished"
}

install_needed_and_wished() {
	# shellcheck disable=SC2086
	[ -z "$1" ] || install_packages $1 || return
	# shellcheck disable=SC2086
	[ -z "$2" ] || ( install_packages $2 ) ||
	    note "without ${2//$'\n'/, }"
}

# Asks for sudo's password while the terminal is still ours.
get_sudo() {
	if ! command -v sudo >/dev/null; then
		die "packages are missing, and this user may not install any" \
		    "As root: apt-get install $*" "Then run this again."
	fi
	printf 'Packages to install with sudo: %s\n' "$*"
	sudo -v || die "sudo refused" \
	    "As root: apt-get install $*" "Then run this again."
}
