# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# SPDX-License-Identifier: GPL-3.0-or-later
# All tests, suite by suite. Sourced by bash, after the others.
# Needs $top, $builds (the place of build directories), $base_var.

suites_total=0
suites_number=0
tests_passed=0
tests_failed=0
tests_skipped=0

# Name, title, function and its arguments. "by name" in front of a name: the
# suite runs only when it is asked for, because another one contains its tests.
suite_table=(
	"lints|rules of the source|run_lints"
	"unit|unit tests|run_unit build"
	"by name service|the use cases, without HTTP|run_service build"
	"pool|the pool and its front doors|run_python pool"
	"by name api|the API, from outside|run_python api"
	"console|the console in a browser|run_console"
	"ctl|reevectl|run_python ctl"
	"fault|faults while it runs|run_python fault"
	"bench|the measurements, in short|run_python bench"
	"asan-unit|unit tests with sanitizers|run_asan_unit"
	"asan-api|the API with sanitizers|run_asan_api"
	"clang|clang, warnings as errors|run_clang"
	"fuzz|the fuzz targets, in short|run_fuzz"
	"valgrind|a worker under valgrind|run_valgrind"
	"distcheck|the source archive|run_distcheck"
)

# ---- counting ----

# count PASSED FAILED SKIPPED, from inside a suite
count() {
	printf '%d %d %d\n' "$1" "$2" "$3" >>"$log_dir/.counts"
}

counts_text() {
	printf '%d passed, %d failed' "$1" "$2"
	[ "$3" -eq 0 ] || printf ', %d skipped' "$3"
}

# suite NAME TITLE COMMAND...
suite() {
	local name=$1 title=$2 log=$log_dir/suite-$1.log passed failed skipped
	local cpu_before
	shift 2

	cpu_look
	cpu_before=$cpu_so_far

	suites_number=$((suites_number + 1))
	rm -f "$log_dir/.counts"
	step_run "$log" "[$suites_number/$suites_total] $title" "$@"
	cpu_look
	read -r passed failed skipped < <(awk '
		{ p += $1; f += $2; s += $3 }
		END { print p + 0, f + 0, s + 0, NR }' \
	    "$log_dir/.counts" 2>/dev/null || echo 0 0 0)
	skipped=${skipped%% *}
	# A suite that fails without counting a failure has one; a suite that
	# counts nothing is one test.
	if [ "$step_status" -ne 0 ] && [ "$failed" -eq 0 ]; then
		failed=1
	elif [ $((passed + failed + skipped)) -eq 0 ]; then
		passed=1
	fi
	tests_passed=$((tests_passed + passed))
	tests_failed=$((tests_failed + failed))
	tests_skipped=$((tests_skipped + skipped))
	printf '%s (%s%d s, %s)\n' \
	    "$(counts_text "$passed" "$failed" "$skipped")" \
	    "${step_note:+$step_note, }" "$step_seconds" \
	    "$(cpu_text $((cpu_so_far - cpu_before)))"
	if [ "$failed" -gt 0 ]; then
		suite_failures "$log"
		step_tail "$log" 30
		printf '\nThe whole output: %s\n\n' "$log" >&2
	fi
}

# Prints the lines that name failures, which may be far from the end.
suite_failures() {
	printf '\n' >&2
	grep -aE '^(FAIL|ERROR): |^\[FAIL\]|: (fatal )?error: |\*\*\* ' "$1" |
	    head -n 20 | sed 's/^/    /' >&2
}

# ---- the suites ----

# make_check BUILD TESTS: goes on after a failure.
make_check() {
	( cd "$builds/$1" && unset MAKEFLAGS MAKELEVEL &&
	    make -k -j"$(nproc)" check TESTS="$2" ) || return $?
}

run_lints() {
	local status=0 dir=$builds/build/t/check result file

	rm -f "$dir"/*.trs
	make_check build '$(lints)' || status=$?
	for file in "$dir"/*.trs; do
		result=$(sed -n 's/^:test-result: *//p' "$file")
		case $result in
		PASS)	count 1 0 0 ;;
		SKIP)	count 0 0 1 ;;
		*)	count 0 1 0
			cat "${file%.trs}.log" ;;
		esac
	done
	return "$status"
}

run_unit() {
	run_programs "$1" unit
}

run_service() {
	set -a
	. "$env_file"
	set +a
	run_programs "$1" service
}

# run_programs BUILD FOLDER: the programs of t/FOLDER.
run_programs() {
	local dir=$1 status=0 file logs

	logs=$builds/$dir/t/$2
	rm -f "$logs"/*.log "$logs"/*.trs
	make_check "$dir" "\$($2_tests)" || status=$?
	for file in "$logs"/*.log; do
		if [ ! -e "$file" ]; then
			count 0 0 1
			note "no Criterion"
		elif ! count_criterion "$file"; then
			count 0 1 0
			tail -n 30 "$file"
		fi
	done
	return "$status"
}

# Counts by a program's closing line; false if it has none, or ran nothing.
count_criterion() {
	local numbers passing failing

	numbers=$(sed -n 's/.*Synthesis: Tested: [^0-9]*\([0-9]*\).*Passing: [^0-9]*\([0-9]*\).*Failing: [^0-9]*\([0-9]*\).*/\1 \2 \3/p' "$1")
	read -r _ passing failing <<<"$numbers" || return 1
	[ -n "${failing:-}" ] && [ $((passing + failing)) -gt 0 ] || return 1
	count "$passing" "$failing" 0
	if [ "$failing" -gt 0 ]; then
		cat "$1"
	fi
}

# run_python FOLDER: every file of t/FOLDER that is a test program.
run_python() {
	local file found=0 status=0

	set -a
	. "$env_file"
	set +a
	export PYTHONPATH=$top/t PYTHONPYCACHEPREFIX=$log_dir/pycache
	unset PYTHONDONTWRITEBYTECODE
	for file in "$top/t/$1"/*.py; do
		grep -qs 'unittest\.main' "$file" || continue
		found=1
		python_file "$file" || status=1
	done
	if [ "$found" -eq 0 ]; then
		count 0 0 1
		note "no tests in t/$1"
	fi
	return "$status"
}

python_file() {
	local said status=0

	said=$(mktemp)
	printf '\n== %s\n' "$1"
	timeout -k 10 3600 python3 "$1" -v >"$said" 2>&1 9>&- || status=$?
	cat "$said"
	count_python "$said" "$status" || status=1
	rm -f "$said"
	return "$status"
}

# "Ran N tests in 1s" and "OK (skipped=1)" or "FAILED (failures=1, errors=2)".
count_python() {
	local numbers

	numbers=$(awk -v status="$2" '
		function number(name,    text) {
			if (!match($0, "[(, ]" name "=[0-9]+"))
				return 0
			text = substr($0, RSTART, RLENGTH)
			sub(/.*=/, "", text)
			return text + 0
		}
		/^Ran [0-9]+ tests? in / { ran = $2 }
		/^(OK|FAILED|NO TESTS RAN)( \(.*\))?$/ {
			skipped = number("skipped")
			failed = number("failures") + number("errors") + \
			    number("unexpected successes")
		}
		END {
			passed = ran - failed - skipped
			if (passed < 0)
				passed = 0
			# Timed out, died, or ran nothing at all.
			if (failed == 0 && (status != 0 || ran + skipped == 0))
				failed = 1
			print passed, failed, skipped + 0
		}' "$1")
	# shellcheck disable=SC2086
	count $numbers
	read -r _ failed _ <<<"$numbers"
	[ "$failed" -eq 0 ]
}

# The tools that it fetches serve every stack. 77: something is missing here.
run_console() {
	local said=$log_dir/console-files status=0

	set -a
	. "$env_file"
	set +a
	REEVE_CONSOLE_TOOLS=$base_var/console-tools "$top/t/console/run" \
	    >"$said" 2>&1 9>&- || status=$?
	cat "$said"
	if [ "$status" -eq 77 ]; then
		count 0 0 1
		note "$(sed -n '$s/^console: //p' "$said")"
		return
	fi
	while read -r _ passed _ failed _ skipped _; do
		count "$passed" "$failed" "$skipped"
	done < <(grep -E '^== [0-9]+ passed' "$said")
	return "$status"
}

# Sanitizers report to files, because a test passes even if its child process
# leaks.
sanitizer_options() {
	local path=$1

	rm -rf "$path"
	mkdir -p "$path"
	export ASAN_OPTIONS=log_path=$path/asan:detect_leaks=1
	export UBSAN_OPTIONS=log_path=$path/ubsan:print_stacktrace=1
}

sanitizer_words() {
	local file status=0

	for file in "$1"/*; do
		# On a busy machine the leak check may miss a thread, and says so.
		grep -qsv 'was not suspended. False leaks are possible' \
		    "$file" || continue
		count 0 1 0
		status=1
		printf '\n== %s\n' "$file"
		cat "$file"
	done
	return "$status"
}

# Little optimization: the build takes most of the time.
build_asan() {
	build "$builds/build-asan" --enable-sanitizers --enable-werror \
	    CFLAGS="-O1 -g1"
}

run_asan_unit() {
	local status=0 words=$log_dir/sanitizers-unit

	build_asan
	sanitizer_options "$words"
	run_unit build-asan || status=$?
	sanitizer_words "$words" || status=$?
	return "$status"
}

# The suites api and service, on a new stack, so that the tests find the same
# initial state.
run_asan_api() {
	suite_log_dir=$log_dir
	suite_words=$log_dir/sanitizers-api
	build_asan
	sanitizer_options "$suite_words"
	place "$base_var/test-asan"
	build_dir=$builds/build-asan
	port=$(port_free_from 8201)
	trap asan_api_end EXIT # however it ends
	stack_up
	log_dir=$suite_log_dir # suite() reads the counts there
	run_python api
	run_service build-asan
}

# The sanitizer for undefined behaviour writes to standard error, which a
# daemon does not have: the pool's log reports at least that a worker died.
# (To read its reports, run the pool of build-asan in the foreground.)
worker_deaths() {
	! grep -E 'worker [0-9]+ (ended with status|died of signal)' "$1" ||
	    { count 0 1 0; return 1; }
}

asan_api_end() {
	local status=$?

	trap - EXIT
	log_dir=$suite_log_dir
	cpu_note
	stack_down || status=1
	worker_deaths "$base_var/test-asan/log/reeve.log" || status=1
	sanitizer_words "$suite_words" || status=1
	exit "$status"
}

# Warnings do not depend on optimization, which takes half of the build time.
run_clang() {
	( cd "$builds/build" && unset MAKEFLAGS MAKELEVEL &&
	    make -s clang-warnings )
}

# can_fuzz: true if clang links libFuzzer.
can_fuzz() {
	local dir status=0

	dir=$(mktemp -d)
	echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' >"$dir/try.c"
	clang -fsanitize=fuzzer,address,undefined -o "$dir/try" "$dir/try.c" ||
	    status=$?
	rm -rf "$dir"
	return "$status"
}

# A line "PASS: NAME: N executions" for each target, or "FAIL: ...".
run_fuzz() {
	local said=$log_dir/fuzz-targets status=0 passed failed

	if ! can_fuzz; then
		count 0 0 1
		note "clang links no libFuzzer here"
		return
	fi
	( cd "$builds/build" && unset MAKEFLAGS MAKELEVEL &&
	    make -s fuzz-short ) >"$said" 2>&1 || status=$?
	cat "$said"
	passed=$(grep -ac '^PASS: ' "$said" || true)
	failed=$(grep -ac '^FAIL: ' "$said" || true)
	count "$passed" "$failed" 0
	return "$status"
}

run_valgrind() {
	set -a
	. "$env_file"
	set +a
	"$top/t/stack/valgrind-worker"
}

# The archive's unit tests are built and not run: they are those of the tree.
run_distcheck() {
	( cd "$builds/build" && unset MAKEFLAGS MAKELEVEL &&
	    make -j"$(nproc)" distcheck DISTCHECK_CONFIGURE_FLAGS=CFLAGS=-O0 \
	    AM_MAKEFLAGS="'TESTS=\$\$(lints)'" )
}

# ---- all of them ----

# run_suites [NAME...]: runs these suites, or all but those that run by name.
run_suites() {
	local row name title command wanted=" $* "

	[ $# -gt 0 ] || wanted=" $(suites_by_default | tr '\n' ' ')"
	suites_total=$(wc -w <<<"$wanted")
	for row in "${suite_table[@]}"; do
		IFS='|' read -r name title command <<<"${row#by name }"
		if [[ $wanted == *" $name "* ]]; then
			# shellcheck disable=SC2086
			suite "$name" "$title" $command
		fi
	done
}

suites_by_default() {
	printf '%s\n' "${suite_table[@]}" | sed '/^by name /d; s/|.*//'
}

suite_names() {
	printf '%s\n' "${suite_table[@]}" | sed 's/^by name //; s/|.*//'
}

# The CPU time includes the build and the stack.
say_totals() {
	cpu_look
	printf '\n%s (%s)\n' \
	    "$(counts_text "$tests_passed" "$tests_failed" "$tests_skipped")" \
	    "$(cpu_text "$cpu_so_far")"
}
