/*
 * Texts in the language of the person: t(key, values), and the choice of it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
const KEPT = 'reeve.language';
const listeners = new Set();
let texts = {};
let code = 'en';
let plural = new Intl.PluralRules('en');
let figures = new Intl.NumberFormat('en');

/* Every language: its code, and its name for its own speakers. */
export const languages = { de: 'Deutsch', en: 'English', es: 'Español' };

/* Loads the texts of the chosen language, or of the browser's first one. */
export async function loadTexts() {
	await use(kept() ?? preferred());
}

/* Changes the language and keeps the choice in this browser. */
export async function chooseLanguage(wanted) {
	try {
		localStorage.setItem(KEPT, wanted);
	} catch {
		/* Without storage the choice holds until the tab is closed. */
	}
	await use(wanted);
	listeners.forEach((listener) => listener());
}

export function onLanguage(listener) {
	listeners.add(listener);
}

/* The language of the texts: a key of languages. */
export function language() {
	return code;
}

/* The locale for Intl: the browser's variant of the language, as es-MX. */
export function locale() {
	return navigator.languages.find((name) => base(name) === code) ?? code;
}

/*
 * The text of a key. {name} is replaced by values.name; numbers are written as
 * the language does. A text with forms, { one, other }, follows values.count.
 */
export function t(key, values = {}) {
	let text = texts[key] ?? key;
	if (typeof text === 'object')
		text = text[plural.select(Number(values.count))] ?? text.other;
	return text.replace(/\{(\w+)\}/g, (whole, name) => {
		const value = values[name];
		if (typeof value === 'number')
			return figures.format(value).replace('-', '\u2212');
		return value ?? whole;
	});
}

/* True if there is a text of this key: for names that come from the API. */
export function hasText(key) {
	return Object.hasOwn(texts, key);
}

async function use(wanted) {
	texts = (await import(`../text/${wanted}.js`)).texts;
	code = wanted;
	plural = new Intl.PluralRules(locale());
	figures = new Intl.NumberFormat(locale());
	document.documentElement.lang = code;
}

function kept() {
	try {
		const name = localStorage.getItem(KEPT);
		return Object.hasOwn(languages, name) ? name : null;
	} catch {
		return null;
	}
}

function preferred() {
	const known = navigator.languages.map(base)
		.find((name) => Object.hasOwn(languages, name));
	return known ?? 'en';
}

function base(name) {
	return name.toLowerCase().split('-')[0];
}
