// SPDX-License-Identifier: GPL-3.0-or-later
//
// A table of thousands of rows over a list that the API pages by offset.
// About forty rows are in the document; they are filled again as it scrolls.
// Pages of a hundred are fetched when their place has been in view for a
// moment, and stay. Rows have one height, so that the bar knows its length.
//
// <r-big-table .spec>, a spec of
//   caption, columns   as in table.js, but a column has draw(cell, row), and
//                      make(cell) where the cell has elements to reuse;
//                      width, in em, for all but one
//   load(offset, size, signal)  promise of { rows, count, foot }: foot is
//                      { KEY: text }, count the matches
//   order              a text of all that the rows depend on: another one
//                      forgets the pages
//   sort, onsort       as in table.js
//   empty              the text when nothing matches
//   words              again, failed(error), shown(from, to, count): texts,
//                      the last for paper, which gets the page in view

import { cellClass, nextOrder, sortedBy } from './table.js';

const PAGE = 100;
const EXTRA = 8;	// rows above and below what is seen
const MOST = 190;	// rows in the document
const QUIET = 60;	// milliseconds before a page is asked for
const ROW = 28;		// pixels, as in the sheet
const LIMIT = 100100;	// rows that the API can page to

function element(name, kind, ...children) {
	const made = document.createElement(name);
	if (kind)
		made.className = kind;
	made.append(...children);
	return made;
}

class BigTable extends HTMLElement {
	#spec;
	#pages = new Map();	// number: rows
	#asked = new Map();	// number: AbortController
	#wrong = new Set();	// numbers of pages that failed
	#shown = new Map();	// index: row of the table
	#count = null;
	#timer;
	#frame;
	#paper = false;
	#size = new ResizeObserver(() => this.#later());
	#before = () => this.#print(true);
	#after = () => this.#print(false);

	get spec() {
		return this.#spec;
	}

	set spec(spec) {
		const fresh = spec.order !== this.#spec?.order;
		this.#spec = spec;
		if (!this.isConnected)
			return;
		if (fresh)
			this.#forget();
		this.#draw();
	}

	connectedCallback() {
		if (!this.box)
			this.#build();
		this.#size.observe(this.box);
		addEventListener('beforeprint', this.#before);
		addEventListener('afterprint', this.#after);
		if (this.#spec)
			this.#draw();
	}

	disconnectedCallback() {
		this.#size.disconnect();
		removeEventListener('beforeprint', this.#before);
		removeEventListener('afterprint', this.#after);
		clearTimeout(this.#timer);
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		this.#drop(() => true);
	}

	#build() {
		this.caption = element('caption');
		this.heads = element('tr');
		this.heads.setAttribute('aria-rowindex', 1);
		this.above = element('td');
		this.below = element('td');
		this.body = element('tbody');
		this.foot = element('tr');
		const [up, down] = [this.above, this.below].map((cell) => {
			const row = element('tr', 'space', cell);
			row.setAttribute('aria-hidden', 'true');
			return element('tbody', '', row);
		});
		this.table = element('table', 'big', this.caption,
			element('thead', '', this.heads), up, this.body, down,
			element('tfoot', '', this.foot));
		this.box = element('div', 'scroll tall', this.table);
		this.box.tabIndex = 0;
		this.box.setAttribute('role', 'region');
		this.message = element('div', 'refusal');
		this.message.setAttribute('role', 'alert');
		this.message.hidden = true;
		this.empty = element('p', 'empty');
		this.shown = element('p', 'on-paper');
		this.box.addEventListener('scroll', () => this.#later(),
			{ passive: true });
		this.replaceChildren(this.message, this.box, this.empty,
			this.shown);
	}

	#draw() {
		const { caption, columns, sort } = this.#spec;
		const keys = columns.map(({ key, head }) => key + head).join();
		this.caption.textContent = caption;
		this.box.setAttribute('aria-label', caption);
		if (this.keys !== keys) {
			this.keys = keys;
			this.heads.replaceChildren(...columns.map((column) =>
				this.#head(column)));
			this.#shown.clear();
			this.body.replaceChildren();
		}
		columns.forEach((column, at) => {
			const order = sortedBy(column.sort, sort);
			if (order)
				this.heads.cells[at].setAttribute('aria-sort', order);
			else
				this.heads.cells[at].removeAttribute('aria-sort');
		});
		this.#fill(true);
	}

	#head(column) {
		const cell = element('th', cellClass(column), column.head);
		cell.scope = 'col';
		if (column.width)
			cell.style.width = `${column.width}em`;
		if (!column.sort)
			return cell;
		const button = element('button', 'sort', column.head);
		button.type = 'button';
		button.addEventListener('click', () => this.#spec.onsort(
			nextOrder(column.sort, this.#spec.sort)));
		cell.replaceChildren(button);
		return cell;
	}

	#forget() {
		this.#drop(() => true);
		this.#pages.clear();
		this.#wrong.clear();
		this.message.hidden = true;
		this.box.scrollTop = 0;
	}

	// Requests for pages that nobody looks at any longer end.
	#drop(unseen) {
		for (const [page, asked] of this.#asked) {
			if (!unseen(page))
				continue;
			asked.abort();
			this.#asked.delete(page);
		}
	}

	#later() {
		this.#frame ||= requestAnimationFrame(() => {
			this.#frame = 0;
			if (this.#spec)
				this.#fill(false);
		});
	}

	// The rows that stand in the document: those in view and some around
	// them, or on paper those of one page.
	#window() {
		const length = Math.min(this.#count ?? 0, LIMIT);
		const top = Math.floor(this.box.scrollTop / ROW);
		const from = this.#paper ? top - top % PAGE
			: Math.max(0, top - EXTRA);
		const seen = Math.ceil(this.box.clientHeight / ROW) + 2 * EXTRA;
		const to = Math.min(length, from +
			(this.#paper ? PAGE : Math.min(seen, MOST)));
		return { from, to, length };
	}

	#fill(all) {
		const { from, to, length } = this.#window();
		const none = this.#count === 0;
		this.box.hidden = none;
		this.empty.hidden = !none;
		this.empty.textContent = none ? this.#spec.empty : '';
		this.table.setAttribute('aria-rowcount', this.#count === null
			? -1 : this.#count + 1);
		this.above.style.height = `${from * ROW}px`;
		this.below.style.height = `${Math.max(0, length - to) * ROW}px`;
		this.#place(from, to, all);
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#ask(from, to),
			this.#count === null ? 0 : QUIET);
	}

	// A row keeps its element while it is in view, so that a link in it
	// keeps the focus; when it leaves with the focus, the box has it.
	#place(from, to, all) {
		const spare = [];
		for (const [index, row] of this.#shown) {
			if (index >= from && index < to)
				continue;
			if (row.contains(document.activeElement))
				this.box.focus({ preventScroll: true });
			row.remove();
			this.#shown.delete(index);
			spare.push(row);
		}
		let next = this.body.firstChild;
		for (let index = from; index < to; index++) {
			const old = this.#shown.get(index);
			const row = old ?? spare.pop() ?? this.#row();
			if (row === next)
				next = next.nextSibling;
			else
				this.body.insertBefore(row, next);
			this.#shown.set(index, row);
			if (all || !old)
				this.#show(row, index);
		}
	}

	#row() {
		return element('tr', '', ...this.#spec.columns.map((column) => {
			const cell = element('td', cellClass(column));
			column.make?.(cell);
			return cell;
		}));
	}

	#show(row, index) {
		const data = this.#pages.get(Math.floor(index / PAGE))
			?.[index % PAGE];
		row.setAttribute('aria-rowindex', index + 2);
		row.className = data ? '' : 'waiting';
		if (data)
			this.#spec.columns.forEach((column, at) =>
				column.draw(row.cells[at], data));
	}

	#ask(from, to) {
		const first = Math.floor(from / PAGE);
		const last = Math.max(first, Math.floor((to - 1) / PAGE));
		this.#drop((page) => page < first || page > last);
		for (let page = first; page <= last; page++)
			if (!this.#pages.has(page) && !this.#asked.has(page) &&
			    !this.#wrong.has(page))
				this.#load(page);
		this.table.setAttribute('aria-busy', this.#asked.size > 0);
	}

	async #load(page) {
		const asked = new AbortController();
		this.#asked.set(page, asked);
		try {
			const { rows, count, foot } = await this.#spec.load(
				page * PAGE, PAGE, asked.signal);
			if (asked.signal.aborted)
				return;
			this.#pages.set(page, rows);
			this.#count = count;
			this.message.hidden = true;
			this.#footer(foot ?? {});
		} catch (error) {
			if (asked.signal.aborted)
				return;
			this.#wrong.add(page);
			this.#fail(error);
		}
		this.#asked.delete(page);
		this.#fill(true);
	}

	#footer(foot) {
		this.foot.replaceChildren(...this.#spec.columns.map((column) =>
			element('td', cellClass(column), foot[column.key] ?? '')));
	}

	// The rows that are there stay; the message says what failed.
	#fail(error) {
		const again = element('button', '', this.#spec.words.again);
		again.type = 'button';
		again.addEventListener('click', () => {
			this.#wrong.clear();
			this.message.hidden = true;
			this.box.focus({ preventScroll: true });
			this.#fill(false);
		});
		this.message.replaceChildren(element('p', '',
			this.#spec.words.failed(error)), again);
		this.message.hidden = false;
	}

	#print(paper) {
		if (!this.#spec)
			return;
		this.#paper = paper;
		const { from, to } = this.#window();
		this.shown.textContent = paper && this.#count
			? this.#spec.words.shown(from + 1, to, this.#count) : '';
		this.#fill(true);
	}
}

customElements.define('r-big-table', BigTable);
