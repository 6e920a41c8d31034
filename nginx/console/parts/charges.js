// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a change costs, before it is made: the charges that a 402 asks
// about, and a quote beside the present invoices. Every figure is one of an
// answer; what an answer does not have is not shown.

import { html, nothing } from '../base/dom.js';
import { change, formatMoney, formatNumber, formatUnitPrice, NONE }
    from '../base/format.js';
import { t } from '../base/text.js';
import { ask } from './dialog.js';
import { table } from './table.js';

function lines(invoices) {
	return invoices.flatMap((invoice, at) => invoice.items
		.map((item) => ({ ...item, invoice: at })));
}

function service(line) {
	return html`${line.name || line.item}
		<small class="dim">${line.category}</small>`;
}

// The sums of an invoice, in its own figures.
function sums({ bookkeeper, summary = {} }) {
	const parts = ['today', 'prorated', 'recurring']
		.filter((name) => summary[name] !== undefined);
	return html`<dl class="sums">
		<dt>${t('charges.by')}</dt>
		<dd>${bookkeeper?.name ?? bookkeeper?.id ?? t('charges.default')}</dd>
		${parts.map((name) => html`<dt>${t(`charges.${name}`)}</dt>
			<dd class="figure">${formatMoney(summary[name])}</dd>`)}</dl>`;
}

// The charges of a 402: one table for each invoice.
export function charges(invoices) {
	return invoices.map((invoice) => html`${table({
		caption: t('charges.lines'),
		key: (line) => `${line.category} ${line.item}`,
		rows: invoice.items,
		empty: t('charges.none'),
		columns: [
			{ key: 'service', head: t('charges.service'),
				cell: (line) => line.one_off
					? html`${service(line)} ${t('charges.once')}`
					: service(line) },
			{ key: 'quantity', head: t('charges.quantity'),
				figure: true,
				cell: (line) => formatNumber(line.quantity) },
			{ key: 'rate', head: t('charges.rate'), figure: true,
				priority: 3,
				cell: (line) => formatUnitPrice(line.rate) },
			{ key: 'total', head: t('charges.total'), figure: true,
				cell: (line) => formatMoney(line.total) },
		],
	})}${sums(invoice)}`);
}

// send(accept) sends a change. If the answer is 402, its charges are shown;
// send is called again with true when they are accepted, which is another
// request: an attempt of api.js has then a key of its own. Resolves to the answer, or to undefined if
// the person does not accept them.
export async function accepting(send, title = t('charges.title')) {
	try {
		return await send(false);
	} catch (wrong) {
		if (!Array.isArray(wrong.charges))
			throw wrong;
		return ask({ title, body: charges(wrong.charges), actions: [
			{ label: t('charges.accept'), kind: 'main',
				act: () => send(true) }] });
	}
}

// The lines of two sets of invoices side by side, in the order of the later.
function pairs(before, after) {
	const name = (line) => `${line.category} ${line.item}`;
	const old = new Map(lines(before).map((line) => [name(line), line]));
	const found = lines(after).map((now) => {
		const was = old.get(name(now));
		old.delete(name(now));
		return { key: name(now), was, now };
	});
	return [...found, ...[...old].map(([key, was]) => ({ key, was }))];
}

// A figure with its sign, arrow and word.
function signed(value, write) {
	const { text, arrow, word } = change(value, write);
	return `${text} ${arrow} ${word}`;
}

// The words of a line's difference: the API's own, with signs.
function differs({ was, now }) {
	const { type, difference = {} } = now?.changes ?? {};
	if (!now)
		return t('charges.gone');
	if (!type && !was)
		return t('charges.new');
	const units = difference.billable ?? difference.quantity;
	return html`<span class="parts">${type === 'created'
		? html`<span>${t('charges.new')}</span>` : nothing}
		${units ? html`<span>${signed(units, formatNumber)}</span>` : nothing}
		${difference.rate ? html`<span>${t('charges.ratechange',
			{ rate: signed(difference.rate, formatUnitPrice) })}</span>` : nothing}
		${now.prorated ? html`<span>${t('charges.rest',
			{ amount: signed(now.prorated.amount, formatMoney) })}</span>` : nothing}
		</span>`;
}

function total(invoices) {
	return invoices.map(({ summary }) => html`<div
		>${formatMoney(summary?.recurring)}</div>`);
}

// A quote beside the present invoices: before, after, difference.
export function difference(before, after) {
	const amount = (line) => line ? html`${formatMoney(line.total)}
		<small class="dim">${t('charges.units',
			{ count: line.billable })}</small>` : NONE;
	return table({
		caption: t('charges.difference'),
		key: (pair) => pair.key,
		rows: pairs(before, after),
		empty: t('charges.none'),
		foot: { service: t('charges.monthly'), before: total(before),
			after: total(after) },
		columns: [
			{ key: 'service', head: t('charges.service'),
				cell: ({ was, now }) => service(now ?? was) },
			{ key: 'before', head: t('charges.before'),
				figure: true, cell: ({ was }) => amount(was) },
			{ key: 'after', head: t('charges.after'),
				figure: true, cell: ({ now }) => amount(now) },
			{ key: 'difference', head: t('charges.changes'),
				figure: true, cell: differs },
		],
	});
}
