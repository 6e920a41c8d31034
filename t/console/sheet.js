/*
 * One picture of all pictures that the tests took, contact-sheet.png beside
 * them, made by the browser itself.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { REEVE_VAR, REEVE_CONSOLE_TOOLS, REEVE_CHROMIUM } = process.env;
const { chromium } = createRequire(join(REEVE_CONSOLE_TOOLS, '/'))(
	'playwright-core');
const folder = join(REEVE_VAR, 'console');
const sheet = join(folder, 'contact-sheet.png');
const STYLE = `body { font: 12px system-ui; margin: 8px; display: grid;
	grid-template-columns: repeat(5, 1fr); gap: 8px; background: #888 }
	figure { margin: 0; background: #fff } figcaption { padding: 2px 4px }
	img { width: 100%; height: 220px; object-fit: contain;
	object-position: top; background: #ccc }`;

rmSync(sheet, { force: true });
const names = readdirSync(folder).filter((name) => name.endsWith('.png'))
	.sort();
if (names.length > 0) {
	const page = join(folder, 'contact-sheet.html');
	writeFileSync(page, `<!doctype html><meta charset="utf-8">
		<title>Pictures</title><style>${STYLE}</style>
		${names.map((name) => `<figure><img src="${name}">
			<figcaption>${name}</figcaption></figure>`).join('\n')}`);
	const browser = await chromium.launch({
		executablePath: REEVE_CHROMIUM, timeout: 30000 });
	try {
		const tab = await browser.newPage(
			{ viewport: { width: 1600, height: 900 } });
		await tab.goto(pathToFileURL(page).href);
		await tab.screenshot({ path: sheet, fullPage: true });
	} finally {
		await browser.close();
	}
	console.log(`${names.length} pictures: ${sheet}`);
}
