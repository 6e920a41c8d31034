/*
 * The harness catches what it is there for. Each fault is planted in a page
 * that has none, and must be found.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTab, useBrowser } from './harness.js';
import { createSeller, createUser, demo } from './stack.js';

useBrowser();

/* Changes that make a page worse: label, finding of axe, change. */
const FAULTS = [
	['a heading of light grey', 'color-contrast: h1', () => {
		document.querySelector('h1').style.color = '#bbb';
	}],
	['a field without a label', 'label: ', () => {
		document.querySelectorAll('form label').forEach(
			(label) => label.remove());
	}],
	['a picture without a text', 'image-alt: img', () => {
		const image = document.createElement('img');
		image.src = '/console/favicon.svg';
		document.querySelector('main').append(image);
	}],
];
for (const [label, finding, plant] of FAULTS) {
	test(`axe finds ${label}`, () => inTab({}, async (tab) => {
		assert.deepEqual(await tab.findings(), []);
		await tab.page.evaluate(plant);
		const found = await tab.findings();
		assert.ok(found.some((text) => text.startsWith(finding)),
			JSON.stringify(found));
		await assert.rejects(tab.accessible(), /accessible in light/);
	}));
}

/* Faults that fail a test by themselves: label, words of the failure, fault. */
const WRONGS = [
	['a style attribute', /style-src/, () =>
		document.querySelector('h1').setAttribute('style', 'color: red')],
	['a script in the page', /TrustedScript'/, () => {
		const script = document.createElement('script');
		script.text = 'window.ran = true';
		document.body.append(script);
	}],
	['a script of another host', /TrustedScriptURL'/, () => {
		const script = document.createElement('script');
		script.src = 'https://example.com/x.js';
		document.body.append(script);
	}],
	['markup made of text', /TrustedHTML/, () => setTimeout(() => {
		document.body.innerHTML = '<p>Hello</p>';
	})],
	['an error of a script', /script: planted/, () => setTimeout(() => {
		throw new Error('planted');
	})],
	['a request that is answered with 404', /status of 404/, () =>
		fetch('/console/absent.js')],
	['a message to the console', /console: planted/, () =>
		console.error('planted')],
];
for (const [label, says, plant] of WRONGS) {
	test(`a test fails by ${label}`, () => assert.rejects(
		inTab({}, async (tab) => {
			const seen = tab.page.context().waitForEvent(
				label === 'an error of a script' ? 'weberror' : 'console');
			await tab.page.evaluate((code) => {
				const act = new Function(`return (${code})()`);
				return act();
			}, plant.toString()).catch(() => {});
			await seen;
		}), says));
}

test('a test passes with the faults that it planted', () =>
	inTab({}, async (tab) => {
		await tab.answer('about*', { status: 503,
			headers: { 'retry-after': '3' } });
		const status = await tab.page.evaluate(async () =>
			(await fetch('/v2/about')).status);
		assert.equal(status, 503);
	}));

test('a fault that was planted must be seen', () => assert.rejects(
	inTab({}, (tab) => tab.answer('about*', { status: 500 })),
	/planted and not seen/));

test('what stands out at the side is named', () =>
	inTab({ width: 360 }, async (tab) => {
		await tab.narrow();
		await tab.page.evaluate(() => {
			document.querySelector('h1').style.width = '500px';
		});
		await assert.rejects(tab.narrow(), /<h1/);
		await assert.rejects(tab.readable(tab.page.locator('h1')),
			/is readable/);
	}));

test('a long task is measured', () => inTab({}, async (tab) => {
	const longest = await tab.longestTask(() => tab.page.evaluate(() => {
		for (const end = performance.now() + 200; performance.now() < end;);
	}));
	assert.ok(longest > 50, `${longest} ms`);
}));

test('a person is logged in by a token, and stays out after log-out', () =>
	inTab({ token: demo.reseller.token }, async (tab) => {
		assert.ok(await tab.page.locator('header nav').isVisible());
		await tab.page.evaluate(() => {
			sessionStorage.removeItem('reeve.session');
		});
		await tab.reload();
		assert.equal(await tab.page.locator('header nav').count(), 0);
	}));

test('users of each role can be made', async () => {
	const seller = createSeller();
	for (const role of ['admin', 'clerk', 'viewer', 'user']) {
		const user = await createUser(seller, { role });
		await inTab({ token: user.token }, async (tab) => {
			const who = await tab.page.evaluate(() => JSON.parse(
				sessionStorage.getItem('reeve.session')).who);
			assert.equal(who.role, role);
			assert.equal(who.account_id, seller.id);
		});
	}
});
