// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small picture of a row of values for a cell of a table: bars, of which
// the last stands out, or a line. Its title is what a reader hears, and what
// the pointer shows. It is plain SVG: a template takes it as a value, and a
// row that is used again draws into the one it has.

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 72;
const HEIGHT = 18;

function bar(at, from, to, wide) {
	return `M${(at * wide + 0.5).toFixed(1)} ${from}` +
		`V${to}h${(wide - 1).toFixed(1)}V${from}z`;
}

// Every value that is not zero has a mark that can be seen.
function bars(values, y) {
	const wide = WIDTH / values.length;
	const zero = y(0);
	return values.map((value, at) => {
		const mark = Math.min(y(value), zero - 1);
		const below = Math.max(y(value), zero + 1);
		if (!value)
			return '';
		return bar(at, zero, value > 0 ? mark : below, wide);
	});
}

function line(values, y) {
	const wide = WIDTH / Math.max(values.length - 1, 1);
	return values.map((value, at) =>
		`${at ? 'L' : 'M'}${(at * wide).toFixed(1)} ${y(value)}`);
}

export function drawSpark(svg, values, title, kind = 'bars') {
	const [old, now, words] = svg.children;
	const low = Math.min(0, ...values);
	const high = Math.max(low + Number.EPSILON, 0, ...values);
	const y = (value) => +(1 + (HEIGHT - 2) * (high - value)
		/ (high - low)).toFixed(1);
	const marks = (kind === 'line' ? line : bars)(values, y);
	const last = kind === 'line' ? marks.length : marks.length - 1;
	svg.setAttribute('class', `spark ${kind}`);
	old.setAttribute('d', marks.slice(0, last).join(''));
	now.setAttribute('d', marks.slice(last).join(''));
	words.textContent = title;
	return svg;
}

export function spark(values, title, kind) {
	const svg = document.createElementNS(SVG, 'svg');
	const parts = ['path', 'path', 'title'].map((name) =>
		document.createElementNS(SVG, name));
	svg.setAttribute('role', 'img');
	svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
	parts[1].setAttribute('class', 'now');
	svg.append(...parts);
	return drawSpark(svg, values, title, kind);
}
