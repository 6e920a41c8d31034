<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// The year of audit_summary as bare.c reads it, under PHP-FPM: the same
// prepared CALL on a kept connection, and its rows printed. PHP keeps no
// statement from one request to the next, so it prepares each time.

$db = new PDO('mysql:unix_socket=' . getenv('BENCH_DB') .
    ';dbname=reeve;charset=utf8mb4', 'root', '', [
	PDO::ATTR_PERSISTENT => true,
	PDO::ATTR_EMULATE_PREPARES => false,
	PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
]);
$statement = $db->prepare('CALL audit_day_list(?,?,?,?,?)');
$statement->execute([getenv('BENCH_ACCOUNT'), 'services', '',
    getenv('BENCH_FROM'), getenv('BENCH_TO')]);
$rows = [];
foreach ($statement->fetchAll(PDO::FETCH_ASSOC) as $row)
	$rows[] = ['service' => $row['service'], $row['day'] => [
		'addition' => (int)$row['addition'],
		'last_timestamp' => (int)$row['last_timestamp'],
		'quantity' => (int)$row['quantity'],
		'removal' => (int)$row['removal'],
		'sum_quantity' => (bool)$row['is_usage'],
	]];
$statement->closeCursor();
header('Content-Type: application/json');
echo json_encode($rows);
