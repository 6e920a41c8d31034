/*
 * The seller's brand, by the name of this host: company, logo, and accent
 * colour (accent_color of the whitelabel, "#rrggbb"), if it can be read.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
import { hostName } from '../base/route.js';
import { get } from '../base/api.js';

const READABLE = 4.5;	// contrast that WCAG asks of text
/* --bg of console.css in light and in dark. */
const GROUNDS = { light: '#ffffff', dark: '#15181c' };

/* { name, logo }: logo is an address or null. It never fails. */
export async function loadBrand() {
	const host = hostName();
	/* Addresses and names of one label have no whitelabel. */
	if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+$/.test(host))
		return { name: 'Reeve', logo: null };
	const asked = `whitelabel/${host}`;
	const { data } = await get(asked, { fallback: true }, undefined,
		{ token: null }).catch(() => ({ data: {} }));
	if (/^#[0-9a-f]{6}$/i.test(data.accent_color ?? ''))
		useAccent(data.accent_color);
	return { name: data.company_name ?? 'Reeve',
		logo: data.logo ? `/v2/${asked}/logo` : null };
}

/* Sets --accent, now and when the person's scheme changes. */
function useAccent(colour) {
	const dark = matchMedia('(prefers-color-scheme: dark)');
	function use() {
		document.documentElement.style.setProperty('--accent', readable(colour,
			GROUNDS[dark.matches ? 'dark' : 'light']));
	}
	dark.addEventListener('change', use);
	use();
}

/* The colour, moved towards black or white until it can be read on ground. */
export function readable(colour, ground) {
	const end = luminance(parts(ground)) > 0.5 ? 0 : 255;
	const start = parts(colour);
	for (let step = 0; step <= 20; step++) {
		const mixed = start.map((c) => Math.round(c + (end - c) * step / 20));
		if (contrast(mixed, parts(ground)) >= READABLE)
			return `#${mixed.map((c) => c.toString(16).padStart(2, '0'))
				.join('')}`;
	}
	return end ? '#ffffff' : '#000000';
}

function contrast(a, b) {
	const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (high + 0.05) / (low + 0.05);
}

function luminance(colour) {
	const [red, green, blue] = colour.map((c) => c / 255)
		.map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function parts(colour) {
	return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}
