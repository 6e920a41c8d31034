# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# SPDX-License-Identifier: GPL-3.0-or-later
# Steps: each has a line on the terminal; other output goes to its own log.
# Sourced by bash. Needs $log_dir and, for the numbers, $step_total.

step_number=0
step_total=0
step_pid=

# die ERROR [ADVICE...]: prints them and exits.
die() {
	printf 'quickstart: %s\n' "$1" >&2
	shift
	if [ $# -gt 0 ]; then
		printf '  %s\n' "$@" >&2
	fi
	exit 1
}

# note TEXT: sets a remark for the step's line, from inside the step.
note() {
	printf '%s' "$1" >"$log_dir/.note"
}

# Kills what an interrupted step has started.
step_interrupted() {
	trap - INT TERM
	if [ -n "$step_pid" ]; then
		kill -TERM -- "-$step_pid" 2>/dev/null || true
	fi
	printf '\n' >&2
	die "interrupted" "Run the same command again to continue."
}
trap step_interrupted INT TERM

# On a terminal, shows the elapsed time until a process ends.
step_watch() {
	local title=$1 pid=$2 start=$3 shown=0 now

	if [ -t 1 ]; then
		while kill -0 "$pid" 2>/dev/null; do
			now=$((SECONDS - start))
			if [ "$now" -gt "$shown" ]; then
				printf '\r%s ... %d s ' "$title" "$now"
				shown=$now
			fi
			sleep 0.1
		done
		printf '\r\033[K%s ... ' "$title"
	fi
}

# step_run LOG TITLE COMMAND...: sets $step_status, $step_seconds, and $step_note
# to its remark. The command runs with set -e and without input.
step_run() {
	local log=$1 title=$2 start=$SECONDS
	shift 2

	mkdir -p "$log_dir"
	rm -f "$log_dir/.note"
	printf '%s ... ' "$title"
	set -m # a group of its own, so that an interruption reaches all of it
	(
		set -e +m
		trap - INT TERM
		"$@"
	) >"$log" 2>&1 </dev/null &
	step_pid=$!
	set +m
	step_watch "$title" "$step_pid" "$start"
	step_status=0
	wait "$step_pid" || step_status=$?
	step_pid=
	step_seconds=$((SECONDS - start))
	step_note=$(cat "$log_dir/.note" 2>/dev/null || true)
}

step_tail() {
	local log=$1 lines=$2

	printf '\nThe last lines of %s:\n\n' "$log" >&2
	tail -n "$lines" "$log" | sed 's/^/    /' >&2
}

# Called when a step fails; a command may redefine it.
step_failed() {
	:
}

# step NAME TITLE HINT COMMAND...: runs a step that all later ones depend on.
step() {
	local name=$1 title=$2 hint=$3 log=$log_dir/$1.log
	shift 3

	step_number=$((step_number + 1))
	step_run "$log" "[$step_number/$step_total] $title" "$@"
	if [ "$step_status" -eq 0 ]; then
		printf 'ok (%s%d s)\n' "${step_note:+$step_note, }" \
		    "$step_seconds"
		return
	fi
	printf 'FAILED (%d s)\n' "$step_seconds"
	step_tail "$log" 20
	printf '\nquickstart: "%s" failed; its whole output: %s\n' \
	    "$title" "$log" >&2
	printf '  %s\n' "$hint" >&2
	step_failed
	exit 1
}
