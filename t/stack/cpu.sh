# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-3.0-or-later
# CPU time used: user and system time of all commands and of the stack. Sourced
# by bash, after services.sh. Needs $log_dir. Unit: hundredths of a second.

# Prints the CPU time of the stack's processes and their children, ended or not.
cpu_of_stack() {
	local service pids=

	for service in database pool nginx; do
		pids="$pids $("${service}_running" || true)"
	done
	cat /proc/[0-9]*/stat 2>/dev/null |
	    awk -v pids="$pids" -v tick="$(getconf CLK_TCK)" '
		BEGIN {
			n = split(pids, list)
			for (i = 1; i <= n; i++)
				counts[list[i]] = 1
		}
		{
			pid = $1
			sub(/.*\) /, "") # the name may contain blanks
			if (pid in counts || $2 in counts)
				ticks += $12 + $13 + $14 + $15
		}
		END { printf "%d", ticks * 100 / tick }'
}

# Records the CPU time of a suite's own stack, before the stack stops. The shell
# does not wait for these processes, so times does not count them.
cpu_note() {
	cpu_of_stack >>"$log_dir/.cpu"
	echo >>"$log_dir/.cpu"
}

# Sets cpu_so_far. Not for subshells, where times starts from 0.
cpu_look() {
	times >"$log_dir/.times"
	touch "$log_dir/.cpu"
	cpu_so_far=$(($(cpu_of_stack) + $(awk '
		FILENAME ~ /cpu$/ { all += $1 }
		FILENAME ~ /times$/ && FNR == 2 { # 1m2.345s 0m6.789s
			split($1 $2, part, /[ms]/)
			all += (part[1] + part[3]) * 6000
			all += (part[2] + part[4]) * 100
		}
		END { printf "%d", all }' "$log_dir/.cpu" "$log_dir/.times")))
}

# cpu_text HUNDREDTHS
cpu_text() {
	local seconds=$((($1 + 50) / 100))

	[ "$seconds" -lt 60 ] || printf '%d min ' $((seconds / 60))
	printf '%d s of CPU' $((seconds % 60))
}
