/*
 * The browser as tests see it. One browser for a file (useBrowser), a context
 * for each test (inTab), which ends with the checks that hold for all of them:
 * no error on the console or of a script, and no violation of the policy, but
 * those that the test planted.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { must, url } from './stack.js';

const tools = createRequire(join(process.env.REEVE_CONSOLE_TOOLS, '/'));
const { chromium } = tools('playwright-core');
const axe = tools('axe-core');

const ACTION_MS = 5000;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
	'best-practice'];
const KEPT = 'reeve.session';	// base/session.js
export const pictures = join(process.env.REEVE_VAR, 'console');
export const LONG = 'Name of sixty characters, as some customers really have one.';

let browser;

/* Once at the top of each file of tests. */
export function useBrowser() {
	before(async () => {
		mkdirSync(pictures, { recursive: true });
		browser = await chromium.launch({ timeout: 30000,
			executablePath: process.env.REEVE_CHROMIUM });
	});
	after(() => browser?.close());
}

/*
 * Runs test(tab) in a context of its own. Options: token (who is logged in,
 * nobody without one), at (the first address, null opens none), width, height,
 * scheme ('dark'), locale, timezone.
 */
export async function inTab(options, test) {
	const { width = 1280, height = 800, scheme = 'light', locale = 'en-US',
		timezone = 'America/Lima', token, at = '#/' } = options;
	const context = await browser.newContext({ viewport: { width, height },
		colorScheme: scheme, locale, timezoneId: timezone });
	context.setDefaultTimeout(ACTION_MS);
	const watch = new Watch();
	await context.exposeBinding('reeveViolation', (_, text) =>
		watch.saw(`policy: ${text}`));
	await context.addInitScript(() => document.addEventListener(
		'securitypolicyviolation', (event) => window.reeveViolation(
			`${event.effectiveDirective} ${event.blockedURI}`)));
	context.on('console', (message) => message.type() === 'error' &&
		watch.saw(`console: ${message.text()} (${message.location().url})`));
	context.on('weberror', (event) =>
		watch.saw(`script: ${event.error().message}`));
	try {
		const tab = new Tab(await context.newPage(), watch);
		if (token)
			await tab.logInAs(token);
		if (at !== null)
			await tab.go(at);
		await test(tab);
		// What the pages have said so far arrives before their answer.
		await Promise.all(context.pages().map((page) =>
			page.evaluate(() => {})));
		watch.check();
	} finally {
		await context.close();
	}
}

/* The errors seen in a context, and those that its test has planted. */
class Watch {
	#seen = [];
	#planted = [];

	saw(text) {
		this.#seen.push(text);
	}

	plant(pattern) {
		this.#planted.push(pattern);
	}

	check() {
		assert.deepEqual(this.#seen.filter((text) => !this.#planted.some(
			(pattern) => pattern.test(text))), [], 'nothing unplanted');
		for (const pattern of this.#planted)
			assert.ok(this.#seen.some((text) => pattern.test(text)),
				`${pattern} was planted and not seen`);
	}
}

class Tab {
	#watch;

	constructor(page, watch) {
		this.page = page;
		this.#watch = watch;
	}

	/* A second tab of the same browser, which knows nothing by itself. */
	async another(address = '#/') {
		const tab = new Tab(await this.page.context().newPage(),
			this.#watch);
		await tab.go(address);
		return tab;
	}

	/*
	 * The session of a token, as if the person had logged in in this tab. Log-out
	 * stays: the session is put there once.
	 */
	async logInAs(token) {
		const { data } = await must('POST', 'auth/tokeninfo',
			{ data: { token } });
		const who = { account_id: data.account_id,
			account_name: data.account_name, user_id: data.owner_id,
			user_name: data.user_name, role: data.role, may: data.may,
			is_reseller: data.is_reseller, is_master: data.is_master,
			expires: data.expires };
		await this.page.addInitScript(([key, value]) => {
			if (sessionStorage.getItem('harness'))
				return;
			sessionStorage.setItem('harness', 'was here');
			sessionStorage.setItem(key, value);
		}, [KEPT, JSON.stringify({ token, who })]);
	}

	/* Opens an address ('#/customers?q=acme') and waits for what it shows. */
	async go(address) {
		await this.page.goto(`${url}/${address}`);
		await this.ready();
	}

	/* The page has its data, or says why not. */
	async ready() {
		await this.page.locator('main:not([aria-busy]):not(.start)'
			+ ':not(.loading) h1').first().waitFor();
	}

	async reload() {
		await this.page.reload();
		await this.ready();
	}

	/* One error on the console, or violation, is the test's own doing. */
	plant(pattern) {
		this.#watch.plant(pattern);
	}

	/*
	 * Answers requests to the API at a path (a glob after /v2/) in its place:
	 * with a status, which is planted, or not at all (status 0). More: data,
	 * message, headers; times (how many of them; all if it is not given);
	 * method (others pass).
	 */
	async answer(path, { status = 200, data = {}, message = 'planted',
		headers = {}, times, method } = {}) {
		if (status === 0)
			this.plant(/net::ERR_/);
		else if (status >= 400)
			this.plant(new RegExp(`status of ${status}`));
		await this.page.route(`${url}/v2/${path}`, (route) => {
			if (method && route.request().method() !== method)
				return route.fallback();
			if (status === 0)
				return route.abort();
			return route.fulfill({ status, headers, json: {
				data, message, request_id: 'planted-request',
				...(status >= 400 ? { status: 'error',
					error: String(status) } :
					{ status: 'success' }) } });
		}, { times });
	}

	/* The findings of axe, each "rule: element", on the page or a part. */
	async findings(within) {
		await this.page.evaluate(axe.source);
		const { violations } = await this.page.evaluate(
			([part, values]) => window.axe.run(part ?? document,
				{ runOnly: { type: 'tag', values } }),
			[within, RULES]);
		return violations.flatMap(({ id, nodes }) => nodes.map(
			({ target }) => `${id}: ${target.join(' ')}`));
	}

	/* axe finds nothing, in light and in dark. */
	async accessible(within) {
		for (const colorScheme of ['light', 'dark']) {
			await this.page.emulateMedia({ colorScheme });
			assert.deepEqual(await this.findings(within), [],
				`accessible in ${colorScheme}`);
		}
		await this.page.emulateMedia({ colorScheme: null });
	}

	/* Keeps a picture of the window, or of the whole page. */
	async shot(name, { whole = false } = {}) {
		await this.page.evaluate(() => document.fonts.ready);
		await this.page.screenshot({ fullPage: whole,
			animations: 'disabled', path: join(pictures, `${name}.png`) });
	}

	/*
	 * The document does not scroll sideways; tables may, inside their own frame.
	 * A failure names the elements that stand out.
	 */
	async narrow() {
		const out = await this.page.evaluate(() => {
			const { clientWidth, scrollWidth } = document.documentElement;
			if (scrollWidth <= clientWidth)
				return [];
			return [`${scrollWidth} of ${clientWidth} px`,
				...[...document.body.querySelectorAll('*')]
					.filter((element) => element.getBoundingClientRect()
						.right > clientWidth + 1)
					.map((element) => element.outerHTML.slice(0, 80))
					.slice(0, 5)];
		});
		assert.deepEqual(out, [], 'nothing stands out at the side');
	}

	/* The whole of an element is inside the window, and nothing hides it. */
	async readable(locator) {
		await locator.scrollIntoViewIfNeeded();
		const box = await locator.boundingBox();
		const { width } = this.page.viewportSize();
		assert.ok(box && box.width > 0 && box.x >= 0 &&
			box.x + box.width <= width + 1,
		`${locator} is readable: ${JSON.stringify(box)} of ${width} px`);
	}

	/*
	 * The longest task of the page's main thread while act() runs, in ms of the
	 * thread's CPU: the time on the clock depends on what else the machine does.
	 */
	async longestTask(act) {
		await browser.startTracing(this.page,
			{ categories: ['toplevel', 'devtools.timeline'] });
		try {
			await act();
			// The task that answered has ended before the next answers.
			await this.page.evaluate(() => {});
		} finally {
			this.trace = await browser.stopTracing();
		}
		const { traceEvents } = JSON.parse(this.trace.toString());
		const main = new Set(traceEvents.filter(({ name, args }) =>
			name === 'thread_name' && args.name === 'CrRendererMain')
			.map(({ pid, tid }) => `${pid} ${tid}`));
		const tasks = traceEvents.filter(({ name, pid, tid, tdur }) =>
			name.endsWith('RunTask') && tdur && main.has(`${pid} ${tid}`));
		assert.ok(tasks.length > 0, 'the trace has tasks');
		return Math.max(...tasks.map(({ tdur }) => tdur)) / 1000;
	}

	/*
	 * The requests of the page while act() runs: { path, type, bytes }, bytes as
	 * they came over the wire, headers included.
	 */
	async requests(act) {
		const client = await this.page.context().newCDPSession(this.page);
		const all = new Map();
		await client.send('Network.enable');
		client.on('Network.requestWillBeSent',
			({ requestId, request, type }) => all.set(requestId,
				{ path: request.url.replace(url, ''), type, bytes: 0 }));
		client.on('Network.loadingFinished',
			({ requestId, encodedDataLength }) => {
				if (all.has(requestId))
					all.get(requestId).bytes = encodedDataLength;
			});
		await act();
		await this.page.waitForLoadState('networkidle');
		await client.detach();
		return [...all.values()];
	}
}
