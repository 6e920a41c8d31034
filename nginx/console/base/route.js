/*
 * Addresses: #/customers?sort=-balance is the path "customers" with a query. The
 * address is the state of a page, so it can be shared, reloaded and gone back to.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
const listeners = new Set();

/* Where we are: { path, query }, the query as an object of texts. */
export function current() {
	const hash = location.hash.replace(/^#\/?/, '');
	const cut = hash.indexOf('?');
	const path = cut < 0 ? hash : hash.slice(0, cut);
	const query = new URLSearchParams(cut < 0 ? '' : hash.slice(cut + 1));
	return { path: path.replace(/\/+$/, ''),
		query: Object.fromEntries(query) };
}

/* The address of a path, for href. Members without a value are left out. */
export function href(path, query = {}) {
	const pairs = Object.entries(query)
		.filter(([, value]) => value !== undefined && value !== null &&
			value !== '')
		.map(([name, value]) => [name, String(value)]);
	const text = new URLSearchParams(pairs).toString();
	return `#/${path}${text ? `?${text}` : ''}`;
}

/* The address of this route with other members of the query; null ends one. */
export function at(route, changes) {
	return href(route.path, { ...route.query, ...changes });
}

/* A path of names that may have any character: path('customers', id). */
export function path(...segments) {
	return segments.map(encodeURIComponent).join('/');
}

/* Goes to an address; with replace, back does not return to this one. */
export function go(address, { replace = false } = {}) {
	if (address === location.hash) {
		again();
	} else if (replace) {
		history.replaceState(null, '', address);
		again();
	} else {
		location.hash = address;
	}
}

/* Loads the page of this address again, as after a write. */
export function again() {
	listeners.forEach((listener) => listener(current()));
}

/* Calls listener with the new route whenever the address changes. */
export function onChange(listener) {
	listeners.add(listener);
}

/*
 * The parameters if the path fits the pattern, else null:
 * match('customers/:account/days', 'customers/5f/days') is { account: '5f' }.
 */
export function match(pattern, here) {
	const names = pattern.split('/');
	const values = here.split('/');
	if (names.length !== values.length)
		return null;
	const found = {};
	for (const [i, name] of names.entries()) {
		if (!name.startsWith(':')) {
			if (name !== values[i])
				return null;
		} else if (values[i] === '') {
			return null;
		} else {
			found[name.slice(1)] = plain(values[i]);
		}
	}
	return found;
}

function plain(value) {
	try {
		return decodeURIComponent(value);
	} catch {
		return value;
	}
}

addEventListener('hashchange', again);

/* The name of the host in the address, in lower case. */
export function hostName() {
	return location.hostname.toLowerCase();
}

/* Starts again, with nothing of what was shown. */
export function reload() {
	location.reload();
}
