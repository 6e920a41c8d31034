/*
 * Templates: lit-html's functions under one name, so that its place and version
 * are a matter of this file. styleMap is not here: the policy refuses it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
export { html, svg, nothing, noChange, render } from '../lib/lit-html.js';
export { repeat } from '../lib/directives/repeat.js';

/* "a c" of { a: true, b: false, c: 1 }, for class="${classes(...)}". */
export function classes(names) {
	return Object.keys(names).filter((name) => names[name]).join(' ');
}

/* An id that no other element has, for labels and descriptions. */
let made = 0;
export function newId(prefix = 'r') {
	made += 1;
	return `${prefix}-${made}`;
}

/* Calls act after the quiet of this many milliseconds, with the last arguments. */
export function quiet(ms, act) {
	let timer;
	return (...values) => {
		clearTimeout(timer);
		timer = setTimeout(() => act(...values), ms);
	};
}

/* Gives content, a text or a Blob, to the person as a file of this name. */
export function download(name, type, content) {
	const address = URL.createObjectURL(new Blob([content], { type }));
	const anchor = document.createElement('a');
	anchor.href = address;
	anchor.download = name;
	anchor.click();
	setTimeout(() => URL.revokeObjectURL(address), 60000);
}
