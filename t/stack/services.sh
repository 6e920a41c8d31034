# shellcheck shell=bash disable=SC1090,SC1091,SC2034,SC2154
# SPDX-License-Identifier: GPL-3.0-or-later
# The three processes of a private stack: database, pool, nginx. Sourced by
# bash, after place.sh. Each has NAME_running, NAME_start, NAME_stop.
# Needs $top, $build_dir, $port and $safety (durable or fast).

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# ---- processes ----

# process_of FILE MARK: prints the process id in the file, if that process is
# alive and its command contains MARK: a restarted container reuses ids.
process_of() {
	local file=$1 mark=$2 pid

	[ -s "$file" ] || return 1
	read -r pid <"$file" || [ -n "$pid" ] || return 1
	[[ $pid =~ ^[0-9]+$ ]] || return 1
	tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$mark" ||
	    return 1
	printf '%s' "$pid"
}

# process_end PID SIGNAL SECONDS: false if it is still running after that.
process_end() {
	local pid=$1 signal=$2 deadline=$((SECONDS + $3))

	kill -"$signal" "$pid" 2>/dev/null || return 0
	while kill -0 "$pid" 2>/dev/null; do
		# A zombie has ended, even if nobody waits for it.
		if grep -q '^State:[[:space:]]*Z' "/proc/$pid/status" \
		    2>/dev/null; then
			return 0
		fi
		[ "$SECONDS" -le "$deadline" ] || return 1
		sleep 0.05
	done
}

# ---- the database ----

# Chooses the database server: REEVE_MYSQLD, or the distribution's MariaDB.
database_choose() {
	local kept=$db_dir/server

	db_server=${REEVE_MYSQLD:-}
	if [ -e "$kept" ]; then
		db_server=${db_server:-$(cat "$kept")}
		if [ "$db_server" != "$(cat "$kept")" ]; then
			die "the data in $db_dir belong to $(cat "$kept")" \
			    "Keep REEVE_MYSQLD as it was, or: ./quickstart reset"
		fi
	fi
	db_server=${db_server:-$(command -v mariadbd || command -v mysqld ||
	    printf mariadbd)}
	if ! command -v "$db_server" >/dev/null; then
		echo "There is no program $db_server."
		echo "Set REEVE_MYSQLD to the path of a server, or unset it."
		return 1
	fi
	db_version=$("$db_server" --no-defaults --version)
	db_is_mariadb=0
	[[ ${db_version,,} != *mariadb* ]] || db_is_mariadb=1
}

database_defaults() {
	if [ -n "${REEVE_STRICT:-}" ]; then
		echo "--defaults-file=$top/t/stack/strict.cnf"
	else
		echo --no-defaults
	fi
}

# Prints the port of a strict server; chosen once.
database_port() {
	[ -s "$db_dir/port" ] || port_free_from 33060 >"$db_dir/port"
	cat "$db_dir/port"
}

database_flags() {
	local user_flag=()

	# Both servers refuse to run as root without this option.
	[ "$(id -u)" -ne 0 ] || user_flag=(--user=root)
	db_flags=(
		"$(database_defaults)" "${user_flag[@]}"
		--datadir="$db_dir/data"
		--tmpdir="$db_dir/tmp"
		--socket="$db_socket"
		--pid-file="$run_dir/db.pid"
		--log-error="$log_dir/db-server.log"
		--innodb-buffer-pool-size=128M
		--performance-schema=OFF
		--max-connections=300
	)
	if [ "$db_is_mariadb" -eq 1 ]; then
		db_flags+=(--innodb-log-file-size=32M
		    --aria-pagecache-buffer-size=1M)
	else
		db_flags+=(--mysqlx=OFF --secure-file-priv=NULL)
	fi
	if [ -n "${REEVE_STRICT:-}" ]; then
		db_flags+=(--bind-address=127.0.0.1 --port="$(database_port)")
	else
		db_flags+=(--skip-networking --skip-log-bin
		    --character-set-server=utf8mb4)
	fi
	# Fast: commits reach the kernel, so they survive a killed server, but
	# not the disk, so they may not survive a power failure.
	if [ "$safety" = fast ]; then
		db_flags+=(--innodb-flush-log-at-trx-commit=2
		    --innodb-doublewrite=0)
		[ "$db_is_mariadb" -eq 0 ] ||
		    db_flags+=(--innodb-flush-method=nosync)
	else
		db_flags+=(--innodb-flush-log-at-trx-commit=1)
	fi
}

database_initialize() {
	"$top/t/stack/database-directory" "$db_server" "$db_dir/data"
	printf '%s\n' "$db_server" >"$db_dir/server"
}

database_answers() {
	mariadb --no-defaults --connect-timeout=2 --user=root \
	    --socket="$db_socket" -e 'SELECT 1' >/dev/null 2>&1
}

database_running() {
	process_of "$run_dir/db.pid" "--datadir=$db_dir/data"
}

database_wait() {
	local pid=$1 deadline=$((SECONDS + 60))

	until database_answers; do
		if ! kill -0 "$pid" 2>/dev/null; then
			echo "The server ended. $log_dir/db-server.log:"
			tail -n 15 "$log_dir/db-server.log"
			return 1
		fi
		if [ "$SECONDS" -gt "$deadline" ]; then
			echo "No answer at $db_socket within 60 seconds."
			return 1
		fi
		sleep 0.1
	done
}

database_start() {
	if database_running >/dev/null; then
		database_wait "$(database_running)"
		note "up already"
		return
	fi
	database_choose
	database_flags
	# A tmpdir of its own: a starting server removes apparent leftovers from
	# it, including temporary tables of other servers.
	mkdir -p "$db_dir/tmp"
	[ -d "$db_dir/data" ] || database_initialize
	# A daemon must not keep our terminal or our lock, descriptor 9.
	setsid "$db_server" "${db_flags[@]}" </dev/null 9>&- &
	database_wait $!
	# Of "/usr/sbin/mysqld  Ver 9.7.4 for Linux on x86_64", 9.7.4.
	db_version=${db_version#* Ver }
	note "${db_server##*/} ${db_version%% *}"
}

database_stop() {
	local pid

	pid=$(database_running) || return 0
	process_end "$pid" TERM 60 || process_end "$pid" KILL 5
}

# ---- the pool ----

pool_running() {
	process_of "$run_dir/reeve.pid" "$conf"
}

pool_database() {
	if [ -n "${REEVE_STRICT:-}" ]; then
		echo "db_hosts = \"127.0.0.1:$(database_port)\""
	else
		echo "db_socket = \"$db_socket\""
	fi
}

# Three database users, or one for everything.
pool_users() {
	echo "db_user = reeve"
	echo "db_password = $(random_hex 16)"
	[ -z "${REEVE_ONE_USER:-}" ] || return 0
	echo "db_reevectl_user = reevectl"
	echo "db_reevectl_password = $(random_hex 16)"
	echo "db_admin_user = root"
}

# Writes the settings of this stack once; then they belong to the user.
pool_configure() {
	local admin_group=()

	if [ -e "$conf" ]; then
		note "kept"
		return
	fi
	[ -e "$var/secret" ] || random_hex 32 | write_private "$var/secret"
	write_private "$conf" <<-END
		# A private stack's settings. Every key, explained:
		#   reevectl check-config --sample
		listen = "$pool_socket"
		listen_mode = 0660
		status_socket = "$run_dir/status.sock"
		workers = ${REEVE_WORKERS:-4}
		pid_file = "$run_dir/reeve.pid"
		log = "$log_dir/reeve.log"
		$(pool_database)
		db_name = reeve
		$(pool_users)
		secret_file = "$var/secret"
		sql_dir = "$top/sql"
	END
	# The tests log in, and ask, more often than people do.
	[ "$safety" != fast ] || printf '%s = %s\n' login_burst 10000 \
	    token_rate 0 address_rate 0 >>"$conf"
}

# The database and the user that a small host sells.
database_of_one_user() {
	local password host

	password=$(sed -n 's/^db_password = //p' "$conf")
	{
		echo "CREATE DATABASE IF NOT EXISTS reeve;"
		for host in localhost %; do
			echo "CREATE USER IF NOT EXISTS reeve@'$host'"
			echo "    IDENTIFIED BY '$password';"
			echo "GRANT ALL PRIVILEGES ON reeve.* TO reeve@'$host';"
		done
	} | mariadb --no-defaults --user=root --socket="$db_socket"
}

# Prints a digest of the sources of schema and procedures.
schema_stamp() {
	( cd "$top/sql" && find . -type f -name '*.sql' | LC_ALL=C sort |
	    tr '\n' '\0' | xargs -0 sha256sum )
}

schema_migrate() {
	local stamp=$stamp_dir/schema wanted

	wanted=$(schema_stamp)
	if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] &&
	    "$build_dir/reevectl" -c "$conf" migrate --check; then
		note "up to date"
		return
	fi
	grep -q '^db_admin_user' "$conf" || database_of_one_user
	"$build_dir/reevectl" -c "$conf" migrate --create --beside
	printf '%s\n' "$wanted" >"$stamp"
}

# True if the running pool is older than its program, settings or schema.
pool_is_stale() {
	local of

	for of in "$build_dir/reeve" "$conf" "$stamp_dir/schema"; do
		[ ! "$of" -nt "$run_dir/reeve.pid" ] || return 0
	done
	return 1
}

# Waits until the pool accepts connections at its socket.
pool_wait() {
	local deadline=$((SECONDS + 20))

	until [ -S "$pool_socket" ] && pool_running >/dev/null; do
		if [ "$SECONDS" -gt "$deadline" ]; then
			echo "No pool at $pool_socket within 20 seconds."
			echo "$log_dir/reeve.log:"
			tail -n 15 "$log_dir/reeve.log" || true
			return 1
		fi
		sleep 0.05
	done
}

pool_start() {
	if pool_running >/dev/null; then
		if ! pool_is_stale; then
			note "up already"
			return
		fi
		pool_stop
		note "restarted"
	fi
	setsid "$build_dir/reeve" -c "$conf" -D </dev/null 9>&-
	pool_wait
}

pool_stop() {
	local pid

	pid=$(pool_running) || return 0
	process_end "$pid" QUIT 12 || process_end "$pid" TERM 5 ||
	    process_end "$pid" KILL 5
}

# ---- nginx ----

nginx_running() {
	process_of "$run_dir/nginx.pid" "$run_dir/nginx.conf"
}

port_is_taken() {
	( exec 3<>"/dev/tcp/127.0.0.1/$1" ) 2>/dev/null
}

# Prints the first free port from $1 on.
port_free_from() {
	local candidate=$1

	while port_is_taken "$candidate"; do
		candidate=$((candidate + 1))
	done
	printf '%s' "$candidate"
}

# Fills in the template, and links to the files that it includes, because their
# own path may be odd.
nginx_configure() {
	local file

	for file in "$top"/nginx/*; do
		[ "${file%.in}" != "$file" ] || ln -sfn "$file" "$run_dir/"
	done
	sed -e "s|@PORT@|$port|g" -e "s|@SOCKET@|$pool_socket|g" \
	    -e "s|@RUNDIR@|$run_dir|g" \
	    "$top/nginx/nginx-private.conf.in" >"$run_dir/nginx.conf.new"
}

nginx_start() {
	local pid new=$run_dir/nginx.conf.new

	nginx_configure
	if pid=$(nginx_running); then
		if cmp -s "$new" "$run_dir/nginx.conf" &&
		    ! find "$top/nginx" -maxdepth 1 -type f \
		    -newer "$run_dir/nginx.pid" | grep -q .; then
			note "up already"
			return
		fi
		nginx_stop
		note "restarted"
	fi
	if port_is_taken "$port"; then
		port_taken
		return 1
	fi
	mv "$new" "$run_dir/nginx.conf"
	nginx_launch || return 1
	printf '%s\n' "$port" >"$var/port"
}

nginx_launch() {
	local said=$run_dir/nginx.said status=0

	setsid nginx -e "$run_dir/nginx-error.log" -p "$run_dir/" \
	    -c "$run_dir/nginx.conf" >"$said" 2>&1 </dev/null 9>&- || status=$?
	cat "$said"
	# Taken since the check, or at an address that was not checked.
	if grep -q 'Address already in use' "$said"; then
		port_taken
	fi
	return "$status"
}

# Waits for an answer below 500 through nginx.
web_wait() {
	local url=http://127.0.0.1:$port/v2/about status deadline=$((SECONDS + 10))

	while :; do
		status=$(curl --noproxy '*' -s -o "$run_dir/web.answer" \
		    -w '%{http_code}' "$url") || true
		[ "$status" = 000 ] || [ "$status" -ge 500 ] || return 0
		if [ "$SECONDS" -gt "$deadline" ]; then
			echo "GET $url answers $status"
			cat "$run_dir/web.answer" 2>/dev/null || true
			tail -n 10 "$log_dir/reeve.log" \
			    "$run_dir/nginx-error.log" || true
			return 1
		fi
		sleep 0.2
	done
}

port_taken() {
	echo "Something else listens on port $port already."
	echo "Choose another one: REEVE_PORT=$(port_free_from $((port + 10)))" \
	    "./quickstart"
}

nginx_stop() {
	local pid

	pid=$(nginx_running) || return 0
	process_end "$pid" QUIT 5 || process_end "$pid" TERM 5 ||
	    process_end "$pid" KILL 5
}

# ---- all of it ----

# Saves what a later t/stack/service needs.
stack_remember() {
	{
		printf 'build_dir=%q\n' "$build_dir"
		printf 'safety=%q\n' "$safety"
		printf 'port=%q\n' "$port"
	} >"$var/stack.env"
}

with_year= # not empty: the demonstration has a year to look at

load_demo() {
	REEVE_VAR=$var REEVE_BUILD=$build_dir REEVE_PLACES=$run_dir \
	    REEVE_PORT=$port "$top/t/stack/demo"
	[ -z "$with_year" ] || REEVE_VAR=$var "$top/t/stack/demo-year/load"
}

# Starts a whole stack and prints nothing on the terminal.
stack_up() {
	make_places
	stack_remember
	database_start
	pool_configure
	schema_migrate
	pool_start
	nginx_start
	web_wait
	load_demo
}

stack_down() {
	nginx_stop
	pool_stop
	database_stop
}
