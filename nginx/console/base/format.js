/*
 * Figures and dates as the person reads them. No page calls Intl. The API counts
 * seconds from the year 0 ("Gregorian"); everything is shown in UTC.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
import { locale, t } from './text.js';

const GREGORIAN_UNIX_EPOCH = 62167219200;
const kept = new Map();

/*
 * An amount of money with two decimals. One that would look like 0.00 and is not,
 * or any with exact, keeps up to six. NONE is for what the API left out.
 */
export function formatMoney(value, { exact = false } = {}) {
	if (value === undefined || value === null)
		return NONE;
	const tiny = Math.abs(value) < 0.005;
	return figure(value, { minimumFractionDigits: 2,
		maximumFractionDigits: exact || tiny ? 6 : 2 });
}

/* The price of one unit: two to six decimals, as 0.000833. */
export function formatUnitPrice(value) {
	return formatMoney(value, { exact: true });
}

/* A number of things. */
export function formatNumber(value) {
	if (value === undefined || value === null)
		return NONE;
	return figure(value, { maximumFractionDigits: 6 });
}

/* The sign of a figure: -1, 0 or 1. Pages compare amounts by this alone. */
export function sign(value) {
	return Math.sign(value ?? 0);
}

/*
 * A change in three ways, because colour alone says nothing to many: { text:
 * "+20.98", arrow: "▲", word: "more", sign: 1 }. write is one
 * of the two functions above.
 */
export function change(value, write = formatMoney) {
	const way = sign(value);
	const plus = way > 0 ? '+' : '';
	return { sign: way, text: plus + write(value),
		arrow: ['▼', '', '▲'][way + 1],
		word: [t('format.less'), t('format.same'), t('format.more')][way + 1] };
}

/* The Date of Gregorian seconds, and back. */
export function toDate(seconds) {
	return new Date((seconds - GREGORIAN_UNIX_EPOCH) * 1000);
}

export function toSeconds(date) {
	return Math.floor(date.getTime() / 1000) + GREGORIAN_UNIX_EPOCH;
}

/* "2026-11-24" of Gregorian seconds or a Date: for addresses and inputs. */
export function isoDay(when) {
	return asDate(when).toISOString().slice(0, 10);
}

/* Gregorian seconds of the start of "2026-11-24", or of its end; or NaN. */
export function gregorian(text, end = false) {
	const start = toSeconds(new Date(`${text}T00:00:00Z`));
	return end ? start + 86399 : start;
}

/* 24 Nov 2026, of Gregorian seconds, a Date or "2026-11-24". */
export function formatDay(when) {
	return date(when, { dateStyle: 'medium' });
}

/* 24 Nov 2026, 14:02 UTC. */
export function formatMoment(when) {
	const text = date(when, { dateStyle: 'medium', timeStyle: 'short' });
	return text === NONE ? NONE : `${text} UTC`;
}

/* The label below an axis: 24 Nov, or by months Nov, and the year in January. */
export function formatTick(when, byMonths) {
	if (!byMonths)
		return date(when, { month: 'short', day: 'numeric' });
	return date(when, isoDay(when).slice(5, 7) === '01' ?
		{ year: 'numeric' } : { month: 'short' });
}

/* 14:02, beside a day that says UTC. */
export function formatTime(when) {
	return date(when, { timeStyle: 'short' });
}

/* November 2026, of Gregorian seconds, a Date or "2026-11". */
export function formatMonth(when, { short = false } = {}) {
	return date(when, { year: 'numeric', month: short ? 'short' : 'long' });
}

/* "3 days ago", "in 2 hours". */
export function formatAgo(when, now = new Date()) {
	let left = (asDate(when) - now) / 1000;
	for (const [unit, size] of [['second', 60], ['minute', 60], ['hour', 24],
	    ['day', 31], ['month', 12], ['year', Infinity]]) {
		if (Math.abs(left) < size)
			return intl(Intl.RelativeTimeFormat, { numeric: 'auto' })
				.format(Math.round(left), unit);
		left /= unit === 'day' ? 30.44 : size;
	}
	return NONE;
}

/* Compares two texts in the order of the language. */
export function collate(a, b) {
	return intl(Intl.Collator, { numeric: true }).compare(a, b);
}

/* In the place of a figure that is absent. */
export const NONE = '–';

function figure(value, options) {
	return intl(Intl.NumberFormat, options).format(value)
		.replace(/^-/, '\u2212');
}

function date(when, options) {
	if (when === undefined || when === null || when === '')
		return NONE;
	return intl(Intl.DateTimeFormat, { ...options, timeZone: 'UTC' })
		.format(asDate(when));
}

function asDate(when) {
	if (typeof when === 'number')
		return toDate(when);
	return new Date(when);
}

/* Formatters are dear to make and cheap to use. */
function intl(Kind, options) {
	const key = Kind.name + locale() + JSON.stringify(options);
	if (!kept.has(key))
		kept.set(key, new Kind(locale(), options));
	return kept.get(key);
}
