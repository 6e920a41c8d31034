// SPDX-License-Identifier: GPL-3.0-or-later
//
// A table for reading: a real one, with links and buttons in tab order.
//
// table({ caption, columns, rows, key, sort, onsort, foot, empty, csv })
//   columns  [{ key, head, cell(row), figure, priority, sort }]: figure is
//            set for numbers, which stand at the right; of priority 1, 2
//            and 3 the last is hidden where it is narrow; sort is the
//            field that the API sorts by, '-' in front where the first
//            press begins with the largest
//   rows     of an answer; key(row) keeps a row's element
//   sort     the present order, such as '-balance'; onsort(order) puts the
//            next one into the address
//   foot     { KEY: content }: a row below, by column
//   more     (row) => a template below the row across all columns, or nothing
//   empty    why there is nothing, and what to do: text or template
//   csv      a function that fetches the same rows as CSV

import { html, nothing, repeat } from '../base/dom.js';
import { t } from '../base/text.js';

// The order that a press on a header asks for.
export function nextOrder(sort, present) {
	const other = sort.startsWith('-') ? sort.slice(1) : `-${sort}`;
	return present === sort ? other : sort;
}

// The value of aria-sort for a column, or null if it is not the one.
export function sortedBy(sort, present) {
	if (!sort || !present || sort.replace('-', '') !==
	    present.replace('-', ''))
		return null;
	return present.startsWith('-') ? 'descending' : 'ascending';
}

export function cellClass({ figure, priority }) {
	return [figure && 'figure', priority && `p${priority}`]
		.filter(Boolean).join(' ');
}

function head(column, sort, onsort) {
	const order = sortedBy(column.sort, sort);
	const press = () => onsort(nextOrder(column.sort, sort));
	return html`<th scope="col" class=${cellClass(column)}
		aria-sort=${order ?? nothing}>${column.sort && onsort
			? html`<button type="button" class="sort"
				@click=${press}>${column.head}</button>`
			: column.head}</th>`;
}

function body(row, columns, more) {
	const below = more?.(row);
	return html`<tr>${columns.map((column) => html`<td
		class=${cellClass(column)}>${column.cell(row)}</td>`)}</tr>
		${below ? html`<tr class="more"><td colspan=${columns.length}
			>${below}</td></tr>` : nothing}`;
}

function footer(columns, foot) {
	return html`<tfoot><tr>${columns.map((column) => html`<td
		class=${cellClass(column)}>${foot[column.key] ?? nothing}</td>`)}
		</tr></tfoot>`;
}

// The button above a table that fetches what it shows.
export function csvButton(csv) {
	return html`<button type="button" class="csv"
		@click=${csv}>${t('table.csv')}</button>`;
}

export function table({ caption, columns, rows, key, sort, onsort, foot,
    more, empty, csv }) {
	const id = (row, at) => key ? key(row) : row.id ?? at;
	if (!rows.length && empty)
		return html`<div class="empty">${empty}</div>`;
	return html`${csv ? csvButton(csv) : nothing}
		<div class="scroll" role="region" tabindex="0"
			aria-label=${caption}><table>
		<caption>${caption}</caption>
		<thead><tr>${columns.map((column) =>
			head(column, sort, onsort))}</tr></thead>
		<tbody>${repeat(rows, id, (row) =>
			body(row, columns, more))}</tbody>
		${foot ? footer(columns, foot) : nothing}
		</table></div>`;
}
