// SPDX-License-Identifier: GPL-3.0-or-later
//
// From an answer of services/audit_summary to rows of numbers, one a day.
// Quantities only: they are counted, carried on and summed here, money never.
//
// An answer holds days with changes. A day without a row keeps the quantity
// of the day before; before the first row it is the answer's "opening". Usage
// (sum_quantity) is a sum of its day: a day without a row has none.

const DAY = 24 * 3600 * 1000;

export const TONES = 5;

export function dayAfter(day, count = 1) {
	const date = new Date(Date.parse(day) + count * DAY);
	return date.toISOString().slice(0, 10);
}

export function daysOf(from, to) {
	const count = Math.round((Date.parse(to) - Date.parse(from)) / DAY) + 1;
	return Array.from({ length: Math.max(count, 0) },
		(_, n) => dayAfter(from, n));
}

// [{ service, day, row }] of an answer, as the answer has them.
function rowsOf(data) {
	return Object.entries(data).flatMap(([service, list]) => list.flatMap(
		(days) => Object.entries(days).map(([day, row]) =>
			({ service, day, row }))));
}

// The names in an answer: of what is counted, and of what is used by day.
export function servicesOf({ data, opening = {} }) {
	const rows = rowsOf(data);
	const names = (list) => [...new Set(list)].sort();
	return {
		counted: names([...Object.keys(opening), ...rows
			.filter(({ row }) => !row.sum_quantity)
			.map(({ service }) => service)]),
		used: names(rows.filter(({ row }) => row.sum_quantity)
			.map(({ service }) => service)),
	};
}

// A year beyond today is not known.
function counted(name, days, byDay, before, today) {
	let now = before;
	const one = { name, values: [], up: [], down: [] };
	for (const day of days) {
		const row = byDay.get(day);
		if (row && !row.sum_quantity)
			now = row.quantity;
		one.values.push(day > today ? null : now);
		one.up.push(row?.addition || 0);
		one.down.push(row?.removal || 0);
	}
	return one;
}

function used(name, days, byDay, today) {
	const rows = days.map((day) => byDay.get(day))
		.map((row) => row?.sum_quantity ? row : null);
	return {
		name, unit: rows.find((row) => row?.unit)?.unit || '',
		values: rows.map((row, at) =>
			days[at] > today ? null : row?.quantity || 0),
	};
}

// The series of a range: { days, counted: [{ name, values, up, down }],
// used: [{ name, unit, values }] }.
export function seriesOf(answer, { from, to, today, chosen }) {
	const days = daysOf(from, to);
	const names = servicesOf(answer);
	const wanted = (name) => !chosen || chosen.includes(name);
	const rows = new Map();
	for (const { service, day, row } of rowsOf(answer.data)) {
		if (!rows.has(service))
			rows.set(service, new Map());
		rows.get(service).set(day, row);
	}
	const byDay = (name) => rows.get(name) || new Map();
	const before = (name) => answer.opening?.[name] || 0;
	return {
		days,
		counted: names.counted.filter(wanted).map((name) =>
			counted(name, days, byDay(name), before(name), today)),
		used: names.used.filter(wanted).map((name) =>
			used(name, days, byDay(name), today)),
	};
}

function sums(rows) {
	return rows[0].map((_, at) => rows.some((row) => row[at] === null)
		? null : rows.reduce((sum, row) => sum + row[at], 0));
}

function peak({ values, up = [], down = [] }) {
	return Math.max(0, ...values, ...up, ...down);
}

// The greatest keep a colour of their own, the rest become "others", which
// lies on top of a stack.
export function fold(series, others) {
	const ranked = [...series].sort((a, b) => peak(b) - peak(a));
	const own = ranked.slice(0, TONES)
		.map((one, tone) => ({ ...one, tone }));
	const rest = ranked.slice(TONES);
	if (!rest.length)
		return own;
	const joined = { name: others(rest.length), tone: 'x' };
	for (const key of ['values', 'up', 'down'])
		if (rest[0][key])
			joined[key] = sums(rest.map((one) => one[key]));
	return [...own, joined];
}

// What the table shows: a row for each service and day that has one, newest
// day first.
export function tableOf({ data }, { from, to, chosen }) {
	return rowsOf(data)
		.filter(({ service, day }) => day >= from && day <= to
			&& (!chosen || chosen.includes(service)))
		.sort((a, b) => b.day.localeCompare(a.day)
			|| a.service.localeCompare(b.service));
}
