<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// A batch of usage under PHP-FPM, with what Reeve promises for it: each entry
// once, and its day rows and the balance in the same transaction; a result for
// each entry. One account's writers take turns at its balance. It checks of the
// entries only what it needs, and asks for no token. Its tables have the columns
// and keys of Reeve's (rivals.py).

const EPOCH = 62167219200; // of Unix, in Gregorian seconds

// Runs a statement with many rows of values.
function insert(PDO $db, string $into, array $rows, string $after = ''): void
{
	$row = '(' . implode(',', array_fill(0, count($rows[0]), '?')) . ')';
	$db->prepare("INSERT INTO $into VALUES " .
	    implode(',', array_fill(0, count($rows), $row)) . $after)
	    ->execute(array_merge(...$rows));
}

function places(array $values): string
{
	return implode(',', array_fill(0, count($values), '?'));
}

// The entries by what makes two of them one: [dedupe => entry].
function read_entries(): array
{
	$entries = [];
	$body = json_decode(file_get_contents('php://input'), true, 64,
	    JSON_THROW_ON_ERROR);
	foreach ($body['data'] as $entry) {
		if (!is_string($entry['source']['service']) ||
		    !is_string($entry['source']['id']) ||
		    !is_int($entry['usage']['quantity']) ||
		    !preg_match('/^[0-9a-f]{32}$/D', $entry['account']['id']))
			throw new Exception('not an entry');
		$dedupe = substr(hash('sha256', implode("\n", [
		    $entry['source']['service'], $entry['source']['id'],
		    $entry['account']['id'], $entry['period']['start'],
		    $entry['period']['end']]), true), 0, 16);
		$entries[$dedupe] = $entry;
	}
	return $entries;
}

// Locks the accounts, by id, and returns the dedupes that they have already.
function known(PDO $db, array $entries): array
{
	$accounts = array_values(array_unique(array_map(
	    fn($entry) => $entry['account']['id'], $entries)));
	sort($accounts);
	foreach ($accounts as $account)
		$db->prepare('INSERT INTO rival_balance (account_id, amount) VALUES (?, 0)
		    ON DUPLICATE KEY UPDATE amount = amount')->execute([$account]);
	$statement = $db->prepare('SELECT dedupe FROM rival_ledger
	    WHERE account_id IN (' . places($accounts) . ')
	    AND dedupe IN (' . places($entries) . ')');
	$statement->execute(array_merge($accounts, array_map('strval',
	    array_keys($entries))));
	return array_flip($statement->fetchAll(PDO::FETCH_COLUMN));
}

function row(string $dedupe, array $entry, int $now): array
{
	return [$entry['account']['id'], '202611-' . bin2hex(random_bytes(16)),
	    'debit', $entry['source']['service'], $entry['source']['id'],
	    $entry['amount'], $entry['usage']['type'],
	    $entry['usage']['quantity'], $entry['usage']['unit'],
	    $entry['period']['start'], $entry['period']['end'],
	    $entry['period']['start'], $now, json_encode($entry), $dedupe];
}

// An exact amount, from millionths.
function decimal(int $micros): string
{
	return ($micros < 0 ? '-' : '') . intdiv(abs($micros), 1000000) .
	    sprintf('.%06d', abs($micros) % 1000000);
}

// Adds what each day and account got: both kinds of day rows, and the balance.
function add_up(PDO $db, array $rows): void
{
	$days = $balances = [];
	foreach ($rows as $row) {
		$micros = -(int)round($row[5] * 1e6);
		$date = gmdate('Y-m-d', $row[11] - EPOCH);
		$day = &$days["$row[0] $date $row[3] $row[6]"];
		$day ??= [$row[0], $date, $row[3], $row[6], 0, 0, 0, $row[11],
		    $row[11], $row[8]];
		$day[4] += $micros;
		$day[5] += $row[7];
		$day[6] += 1;
		$day[7] = min($day[7], $row[11]);
		$day[8] = max($day[8], $row[11]);
		unset($day);
		$balances[$row[0]] = ($balances[$row[0]] ?? 0) + $micros;
	}
	insert($db, 'rival_ledger_day (account_id, day, service, for_id,
	    usage_type, amount, quantity, entries, first_created,
	    last_created)', array_map(fn($d) => [$d[0], $d[1], $d[2], $d[0],
	    $d[3], decimal($d[4]), $d[5], $d[6], $d[7], $d[8]],
	    array_values($days)), ' ON DUPLICATE KEY UPDATE
	    amount = amount + VALUES(amount),
	    quantity = quantity + VALUES(quantity),
	    entries = entries + VALUES(entries),
	    first_created = LEAST(first_created, VALUES(first_created)),
	    last_created = GREATEST(last_created, VALUES(last_created))');
	insert($db, 'rival_audit_day (account_id, family, day, service,
	    addition, removal, quantity, last_timestamp, unit)', array_map(
	    fn($d) => [$d[0], 'usage', $d[1], $d[2], 0, 0, $d[5], $d[8], $d[9]],
	    array_values($days)), ' ON DUPLICATE KEY UPDATE
	    quantity = quantity + VALUES(quantity),
	    last_timestamp = GREATEST(last_timestamp, VALUES(last_timestamp))');
	insert($db, 'rival_balance (account_id, amount)', array_map(
	    fn($account) => [$account, decimal($balances[$account])],
	    array_keys($balances)),
	    ' ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)');
}

function write_entries(PDO $db, array $entries): array
{
	$db->beginTransaction();
	$known = known($db, $entries);
	$rows = $results = [];
	foreach ($entries as $dedupe => $entry) {
		$new = !isset($known[$dedupe]);
		if ($new)
			$rows[] = row((string)$dedupe, $entry, time() + EPOCH);
		$results[] = ['id' => $entry['source']['id'],
		    'status' => $new ? 'written' : 'known'];
	}
	// A statement has at most 65,535 values.
	foreach (array_chunk($rows, 1000) as $some) {
		insert($db, 'rival_ledger (account_id, id, type, service,
		    source_id, amount, usage_type, usage_quantity, usage_unit,
		    period_start, period_end, created, recorded, document,
		    dedupe)', $some);
		add_up($db, $some);
	}
	$db->commit();
	return $results;
}

$db = new PDO('mysql:unix_socket=' . getenv('BENCH_DB') .
    ';dbname=reeve;charset=utf8mb4', 'root', '', [
	PDO::ATTR_PERSISTENT => true,
	PDO::ATTR_EMULATE_PREPARES => false,
	PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
	PDO::MYSQL_ATTR_INIT_COMMAND =>
	    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
]);
$results = write_entries($db, read_entries());
http_response_code(201);
header('Content-Type: application/json');
echo json_encode(['data' => $results]);
