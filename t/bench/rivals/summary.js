// SPDX-License-Identifier: GPL-3.0-or-later
// The year of audit_summary as bare.c reads it, under Node: the same CALL,
// prepared once on a kept connection, and its rows printed. A process for each
// of BENCH_WORKERS listens at BENCH_LISTEN.
'use strict';
const cluster = require('cluster');
const http = require('http');
const mysql = require('mysql2');
const env = process.env;

function serve() {
	const db = mysql.createConnection({socketPath: env.BENCH_DB,
	    user: 'root', database: 'reeve', charset: 'utf8mb4',
	    dateStrings: true});
	const values = [env.BENCH_ACCOUNT, 'services', '', env.BENCH_FROM,
	    env.BENCH_TO];

	http.createServer((request, response) => {
		db.execute('CALL audit_day_list(?,?,?,?,?)', values,
		    (error, results) => {
			if (error) {
				console.error(error.message);
				response.writeHead(500).end();
				return;
			}
			response.setHeader('Content-Type', 'application/json');
			response.end(JSON.stringify(results[0].map((row) => ({
				service: row.service,
				[row.day]: {
					addition: row.addition,
					last_timestamp: row.last_timestamp,
					quantity: row.quantity,
					removal: row.removal,
					sum_quantity: row.is_usage !== 0,
				},
			}))));
		});
	}).listen(env.BENCH_LISTEN);
}

if (cluster.isPrimary) {
	for (let n = 0; n < Number(env.BENCH_WORKERS); n++)
		cluster.fork();
	process.on('SIGTERM', () => process.exit());
} else {
	serve();
}
