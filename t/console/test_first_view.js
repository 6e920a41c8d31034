/*
 * The first view is small, and all its modules are announced at once.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTab, useBrowser } from './harness.js';
import { demo } from './stack.js';

useBrowser();

const MOST_BYTES = 60 * 1024;
const MOST_ANNOUNCED = 15;

for (const [who, token] of [['nobody', undefined],
	['a seller', demo.reseller.token]]) {
	test(`the first view of ${who} is below 60 KB`, () =>
		inTab({ token, at: null }, async (tab) => {
			const all = await tab.requests(() => tab.go('#/'));
			const sum = all.reduce((bytes, one) => bytes + one.bytes, 0);
			assert.ok(all.every(({ bytes }) => bytes > 0),
				JSON.stringify(all, null, 1));
			assert.ok(sum < MOST_BYTES, `${sum} bytes: `
				+ JSON.stringify(all, null, 1));
		}));
}

test('the page announces the modules that it begins with', () =>
	inTab({ at: null }, async (tab) => {
		const loaded = await tab.requests(() => tab.go('#/'));
		const announced = await tab.page.locator('link[rel=modulepreload]')
			.evaluateAll((links) => links.map(
				(link) => link.getAttribute('href')));
		assert.ok(announced.length <= MOST_ANNOUNCED,
			`${announced.length} are announced`);
		assert.deepEqual(loaded.map(({ path }) => path)
			.filter((path) => path.endsWith('.js') && !path.includes('/text/')
				&& !announced.includes(path)), [], 'announced');
	}));

test('files are compressed, and asked for again by their tag', () =>
	inTab({}, async (tab) => {
		for (const path of ['/', '/console/main.js', '/console/console.css',
			'/console/icons.svg']) {
			const first = await tab.page.request.get(path.startsWith('/') ?
				new URL(path, tab.page.url()).href : path);
			assert.equal(first.headers()['content-encoding'], 'gzip', path);
			assert.equal(first.headers()['cache-control'], 'no-cache', path);
			const again = await tab.page.request.get(first.url(),
				{ headers: { 'if-none-match': first.headers().etag } });
			assert.equal(again.status(), 304, path);
		}
	}));
