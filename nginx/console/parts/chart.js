// SPDX-License-Identifier: GPL-3.0-or-later
//
// A chart over days as SVG: stacked steps, signed bars, or lines.
//
// <r-chart> has no shadow: the sheet of the page colours it. Its spec has
//   kind    'steps', 'bars' (what is in "down" grows downwards) or 'line'
//   days    in order, as 'YYYY-MM-DD'
//   series  [{ name, tone, values, down }]: a number for each day, or null;
//           tone (0 to 9, 'x' for others) is the colour
//   label   a sentence that says what the picture shows
//   axis    the name of the slider
//   words   day(day), tick(day, byMonths), number(n), and value(series, at):
//           the text for one series on one day, '' for none
// It sends "look" { at } while pointer or keys move (null at the end), "day"
// { day } for a click or Enter, and "range" { from, to } for a drag, or Enter
// after Shift and arrows. "at" and "chosen" (a day) may be set from outside.

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 160;
const TOP = 8;
const RIGHT = 8;
const BOTTOM = 20;
const LETTER = 7;	// the width of a figure beside the axis
const LEAST = 7;	// figures: days of several charts stand in one column
const TICK = 60;	// the room of a label below the axis
const DRAG = 5;		// what makes a drag of a press

function node(name, attributes, ...children) {
	const made = document.createElementNS(SVG, name);
	for (const key of Object.keys(attributes))
		made.setAttribute(key, attributes[key]);
	made.append(...children);
	return made;
}

function box(kind, ...children) {
	const made = document.createElement('div');
	made.className = kind;
	made.append(...children);
	return made;
}

// The two ends of a range in their order, and a range of one thing.
function ends(from, to) {
	return [Math.min(from ?? to, to), Math.max(from ?? to, to)];
}

// The least of 1, 2 and 5 times a power of ten that is not below n.
function round(n) {
	const power = 10 ** Math.floor(Math.log10(n));
	return [1, 2, 5, 10].find((m) => m * power >= n) * power;
}

// How far the series reach below zero and above it.
function extent({ kind, days, series }) {
	let [low, high] = [0, 0];
	for (let at = 0; at < days.length; at++) {
		let [down, up] = [0, 0];
		for (const { values, down: below } of series) {
			const value = values[at] || 0;
			if (kind === 'line')
				down = up = 0;
			up += Math.max(value, 0);
			down += Math.min(value, 0) - (below?.[at] || 0);
			[low, high] = [Math.min(low, down), Math.max(high, up)];
		}
	}
	return { low, high: high || (low ? 0 : 1) };
}

// The marks of the axis: whole numbers, unless a value has decimals.
function levels({ low, high }, series) {
	const whole = series.every(({ values }) =>
		values.every((v) => v === null || Number.isInteger(v)));
	const step = Math.max(round((high - low) / 4), whole ? 1 : 0);
	const found = [];
	for (let n = Math.floor(low / step); n <= Math.ceil(high / step); n++)
		found.push(n * step);
	return found;
}

// The indexes of the days that have a label: first days of months if the
// range is long, every nth day if it is short.
function ticks(days, width) {
	const months = days.length > 62;
	const list = [...days.keys()].filter((at) =>
		!months || days[at].endsWith('-01'));
	const least = Math.ceil(list.length * TICK / width);
	const step = (months ? [1, 2, 3, 6, 12] : [1, 2, 5, 7, 14, 31])
		.find((n) => n >= least) || least;
	return { months, list: list.filter((_, n) => n % step === 0) };
}

function scale(spec, width) {
	const marks = levels(extent(spec), spec.series);
	const [first, last] = [marks[0], marks.at(-1)];
	const texts = marks.map((n) => spec.words.number(n));
	const most = Math.max(LEAST, ...texts.map((s) => s.length));
	const left = 10 + LETTER * most;
	const inner = Math.max(width - left - RIGHT, 40);
	const deep = HEIGHT - TOP - BOTTOM;
	const day = inner / spec.days.length;
	const pixel = deep / (last - first);
	return {
		marks, texts, left, inner, deep, day,
		x: (at) => +(left + at * day).toFixed(1),
		y: (n) => +(TOP + (last - n) * pixel).toFixed(1),
	};
}

function axes(spec, at) {
	const { months, list } = ticks(spec.days, at.inner);
	const right = at.x(spec.days.length);
	const line = (n) => `M${at.left} ${at.y(n)}H${right}`;
	const group = node('g', {},
		node('path', { class: 'grid', d: at.marks.map(line).join('') }),
		node('path', { class: 'zero', d: line(0) }));
	at.marks.forEach((n, i) => group.append(node('text', {
		class: 'level', x: at.left - 6, y: at.y(n) + 4,
	}, at.texts[i])));
	for (const i of list) {
		const x = at.x(i + (months ? 0 : 0.5));
		const last = right - x < TICK / 2;
		group.append(node('text', {
			class: last ? 'last' : months ? 'month' : 'day',
			x: last ? right : x, y: TOP + at.deep + 15,
		}, spec.words.tick(spec.days[i], months)));
	}
	return group;
}

// The outline of one band of a stack: along its top, and back on its bottom.
function band(tops, floors, end, at) {
	const d = [`M${at.x(0)} ${at.y(floors[0])}`];
	for (let i = 0; i < end; i++)
		if (i + 1 === end || tops[i] !== tops[i + 1])
			d.push(`V${at.y(tops[i])}H${at.x(i + 1)}`);
	for (let i = end - 1; i >= 0; i--)
		if (i === 0 || floors[i] !== floors[i - 1])
			d.push(`V${at.y(floors[i])}H${at.x(i)}`);
	return d.join('') + 'z';
}

function steps(spec, at) {
	let floors = spec.days.map(() => 0);
	return spec.series.map(({ values }) => {
		const tops = floors.map((floor, i) => floor + (values[i] || 0));
		const end = values.indexOf(null);
		const below = floors;
		floors = tops;
		return band(tops, below, end < 0 ? values.length : end, at);
	});
}

function bars(spec, at) {
	const up = spec.days.map(() => 0);
	const below = spec.days.map(() => 0);
	const gap = at.day > 4 ? at.day * 0.15 : 0;
	const wide = Math.max(at.day - 2 * gap, 1).toFixed(1);
	const bar = (i, from, to) => `M${(at.x(i) + gap).toFixed(1)} ` +
		`${at.y(from)}V${at.y(to)}h${wide}V${at.y(from)}z`;
	return spec.series.map(({ values, down }) => {
		const d = [];
		for (let i = 0; i < values.length; i++) {
			const value = values[i] || 0;
			const fall = (down?.[i] || 0) + Math.max(-value, 0);
			if (value > 0)
				d.push(bar(i, up[i], up[i] += value));
			if (fall)
				d.push(bar(i, below[i], below[i] -= fall));
		}
		return d.join('');
	});
}

function lines(spec, at) {
	return spec.series.map(({ values }) => values.map((v, i) => {
		const pen = i && values[i - 1] !== null ? 'L' : 'M';
		return v === null ? '' : `${pen}${at.x(i + 0.5)} ${at.y(v)}`;
	}).join(''));
}

const SHAPES = { steps, bars, line: lines };

const KEYS = {
	ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1,
	PageDown: -30, PageUp: 30, Home: -Infinity, End: Infinity,
};

class Chart extends HTMLElement {
	#spec = null;
	#at = null;
	#chosen = null;
	#scale = null;
	#width = 0;
	#press = null;	// { at, x, moved } while a pointer is down
	#anchor = null;	// where a range by keys began
	#parts = null;
	#sight = new ResizeObserver(([{ contentRect: { width } }]) => {
		if (width && width !== this.#width)
			this.#draw(width);
	});

	set spec(spec) {
		this.#spec = spec;
		this.#at = this.#anchor = this.#press = null;
		this.#draw(this.#width);
	}

	set at(at) {
		this.#at = at;
		this.#mark();
	}

	set chosen(day) {
		this.#chosen = day;
		this.#mark();
	}

	connectedCallback() {
		if (!this.#parts)
			this.#build();
		this.#sight.observe(this);
	}

	#build() {
		const svg = node('svg', { role: 'img' });
		const slider = Object.assign(box('slider'), {
			role: 'slider', tabIndex: 0,
			onpointerdown: (e) => e.button || this.#down(e),
			onpointermove: (e) => this.#move(e),
			onpointerup: () => this.#up(),
			onpointercancel: () => this.#leave(),
			onpointerleave: () => this.#leave(),
			onblur: () => this.#leave(),
			onkeydown: (e) => this.#key(e),
		});
		const tip = Object.assign(box('tip'),
			{ ariaHidden: 'true', hidden: true });
		this.#parts = { svg, slider, tip };
		this.append(svg, slider, tip);
	}

	#draw(width) {
		const spec = this.#spec;
		this.#width = width;
		if (!spec || !width)
			return;
		const { svg, slider } = this.#parts;
		const at = this.#scale = scale(spec, width);
		const shapes = SHAPES[spec.kind](spec, at).map((d, i) => node(
			'path', { d, class: `shape c${spec.series[i].tone}` }));
		const [band, chosen] = ['band', 'chosen'].map((kind) => node(
			'rect', { class: kind, y: TOP, height: at.deep }));
		Object.assign(this.#parts, { band, chosen });
		svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
		svg.setAttribute('class', spec.kind);
		svg.setAttribute('aria-label', spec.label);
		svg.replaceChildren(axes(spec, at), ...shapes, chosen, band);
		Object.assign(slider.style, {
			left: `${at.left}px`, width: `${at.inner}px`,
			top: `${TOP}px`, height: `${at.deep}px`,
		});
		Object.assign(slider, { ariaLabel: spec.axis, ariaValueMin: 0,
			ariaValueMax: spec.days.length - 1 });
		this.#mark();
	}

	// The day of the keys: where they are, else the chosen, else the last.
	#now() {
		const { days } = this.#spec;
		const chosen = days.indexOf(this.#chosen);
		return this.#at ?? (chosen < 0 ? days.length - 1 : chosen);
	}

	// The band under the pointer or the keys, the chosen day, and the text.
	#mark() {
		if (!this.#scale)
			return;
		const { band, chosen, slider } = this.#parts;
		const from = this.#press?.moved ? this.#press.at : this.#anchor;
		const day = this.#spec.days.indexOf(this.#chosen);
		const now = this.#now();
		this.#place(band, from, this.#at);
		this.#place(chosen, null, day < 0 ? null : day);
		const head = this.#head(from, now);
		const rows = this.#rows(now);
		slider.ariaValueNow = now;
		slider.ariaValueText = [head,
			...rows.map((r) => `${r.name} ${r.value}`)].join(', ');
		this.#tell(this.#at, head, rows);
	}

	#place(rect, from, to) {
		const { x, day } = this.#scale;
		const [first, last] = ends(from, to);
		rect.setAttribute('x', x(first));
		rect.setAttribute('width', to === null ? 0
			: Math.max((last - first + 1) * day, 1).toFixed(1));
	}

	#head(from, at) {
		const { days, words } = this.#spec;
		const [first, last] = ends(from, at);
		return [...new Set([first, last])]
			.map((i) => words.day(days[i])).join(' – ');
	}

	#rows(at) {
		const { series, words } = this.#spec;
		const told = (one) => ({ ...one, value: words.value(one, at) });
		return series.map(told).filter(({ value }) => value !== '');
	}

	#tell(at, head, rows) {
		const { tip, slider } = this.#parts;
		tip.hidden = at === null
			|| !slider.matches(':hover, :focus-visible');
		if (tip.hidden)
			return;
		tip.replaceChildren(box('head', head), ...rows.map((row) => box(
			'line', box(`name c${row.tone}`, row.name),
			box('value', row.value))).reverse());
		const x = this.#scale.x(at + 0.5);
		const after = x < this.#width / 2;
		tip.style.left = after ? `${x + 12}px` : '';
		tip.style.right = after ? '' : `${this.#width - x + 12}px`;
	}

	#under({ clientX }) {
		const { left } = this.#parts.slider.getBoundingClientRect();
		return Math.floor((clientX - left) / this.#scale.day);
	}

	#look(at) {
		const last = this.#spec.days.length - 1;
		this.#at = at === null ? at : Math.min(Math.max(at, 0), last);
		this.#mark();
		this.#send('look', { at: this.#at });
	}

	#send(name, detail) {
		this.dispatchEvent(new CustomEvent(name, { detail }));
	}

	#choose(from) {
		const [first, last] = ends(from, this.#now())
			.map((i) => this.#spec.days[i]);
		this.#press = this.#anchor = null;
		this.#mark();
		this.#send(...first === last ? ['day', { day: first }]
			: ['range', { from: first, to: last }]);
	}

	#down(event) {
		this.#parts.slider.setPointerCapture(event.pointerId);
		this.#anchor = null;
		this.#look(this.#under(event));
		this.#press = { at: this.#at, x: event.clientX };
	}

	#move(event) {
		const press = this.#press;
		if (press && Math.abs(event.clientX - press.x) >= DRAG)
			press.moved = true;
		this.#look(this.#under(event));
	}

	#up() {
		if (this.#press)
			this.#choose(this.#press.moved ? this.#press.at : null);
	}

	#leave() {
		this.#press = this.#anchor = null;
		this.#look(null);
	}

	#key(event) {
		if (event.key === 'Enter' || event.key === ' ')
			this.#choose(this.#anchor);
		else if (event.key === 'Escape' && this.#anchor !== null)
			this.#anchor = null;
		else if (Object.hasOwn(KEYS, event.key))
			this.#step(event, this.#now());
		else
			return;
		event.preventDefault();
		this.#mark();
	}

	// Shift holds the other end of a range.
	#step({ key, shiftKey }, now) {
		this.#anchor = shiftKey ? this.#anchor ?? now : null;
		this.#look(now + KEYS[key]);
	}
}

customElements.define('r-chart', Chart);
