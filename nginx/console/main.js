/*
 * The start and the shell: header, navigation, foot, and the one table of pages.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
import { access } from './base/api.js';
import { html, nothing, render } from './base/dom.js';
import { again, current, go, href, match, onChange, reload }
	from './base/route.js';
import { findSession, logOut, logOutEverywhere, onSession, refresh, session }
	from './base/session.js';
import { chooseLanguage, language, languages, loadTexts, onLanguage, t }
	from './base/text.js';
import { loginForm } from './pages/login.js';
import { loadBrand } from './parts/whitelabel.js';

/*
 * Every page: the pattern of its path, its module, and the key of its name in
 * the navigation, if it stands there. An address without a path is the first of
 * those in the navigation that this person may see.
 */
const PAGES = [
	{ path: 'home', load: () => import('./pages/home.js'),
		may: () => true, nav: 'shell.home' },
];

const shell = { brand: { name: 'Reeve', logo: null }, waits: 0 };
const shown = { state: 'start' };	// what stands in <main>
let leaving = new AbortController();

/* ---- the page of an address ---- */

function first() {
	return PAGES.find(({ nav, may }) => nav && may(session()));
}

function find(path) {
	for (const entry of PAGES) {
		const params = match(entry.path, path);
		if (params && entry.may(session()))
			return { entry, params };
	}
	return null;
}

async function show() {
	leaving.abort();
	if (!session())
		return draw({ state: 'login' });
	const here = current();
	if (here.path === '')
		return go(href(first().path), { replace: true });
	const found = find(here.path);
	if (!found)
		return draw({ state: 'absent', title: t('error.notFound') }, true);
	leaving = new AbortController();
	const { signal } = leaving;
	const route = { ...here, params: found.params };
	const moved = shown.route?.path !== route.path;
	document.querySelector('main')?.setAttribute('aria-busy', 'true');
	if (moved)
		draw({ state: 'loading', route });
	try {
		const { page } = await found.entry.load();
		const data = await page.load(route, { signal });
		signal.throwIfAborted();
		return draw({ state: 'page', page, data, route,
			title: page.title(route, data) }, moved);
	} catch (wrong) {
		if (signal.aborted)
			return undefined;
		return draw({ state: 'wrong', wrong, route, title: t('error.title') },
			moved);
	}
}

/* Shows it; a page that is new to the person begins at its heading. */
function draw(next = {}, focus = false) {
	Object.assign(shown, next);
	const title = shown.state === 'login' ? t('login.title') : shown.title;
	document.title = title ? `${title} – ${shell.brand.name}` :
		shell.brand.name;
	render(frame(), document.body);
	document.querySelector('main').removeAttribute('aria-busy');
	if (focus) {
		scrollTo(0, 0);
		document.querySelector('main h1')?.focus({ preventScroll: true });
	}
}

function content() {
	const { state, page, data, route, wrong } = shown;
	switch (state) {
	case 'login':
		return html`<h1>${t('login.title')}</h1>${loginForm(asked,
			{ draw, done: answered })}`;
	case 'page':
		return page.view(data, route);
	case 'wrong':
		return html`<h1 tabindex="-1">${t('error.title')}</h1>
			<p class="wrong" role="alert">${wrong.status === 0 ?
				t('error.network') : wrong.text || t('error.server')}</p>
			${wrong.requestId ? html`<p class="dim">${t('error.request',
				{ id: wrong.requestId })}</p>` : nothing}
			<p><button @click=${again}>${t('error.again')}</button></p>`;
	case 'absent':
		return html`<h1 tabindex="-1">${t('error.notFound')}</h1>
			<p>${t('error.notFoundText')}</p>
			<p><a href="#/">${t('error.start')}</a></p>`;
	default:
		return html`<p class="dim">${t('shell.loading')}</p>`;
	}
}

/* ---- the shell ---- */

function frame() {
	const here = shown.state === 'login' ? null : session();
	return html`<a class="skip" href="#content" @click=${skip}>${
		t('shell.skip')}</a>
	<header><a class="brand" href="#/">${shell.brand.logo ?
		html`<img src=${shell.brand.logo} alt=${shell.brand.name}>` :
		shell.brand.name}</a>
		${here ? html`${navigation(here)}${me(here)}` : nothing}</header>
	<main id="content" tabindex="-1" class=${shown.state}>${content()}</main>
	<p class="waits" role="status">${shell.waits ?
		t('error.waits', { count: shell.waits }) : nothing}</p>
	<footer><span>${t('shell.utc')}</span> <label>${t('shell.language')}
		<select @change=${(event) => chooseLanguage(event.target.value)}>
		${Object.entries(languages).map(([code, name]) => html`<option
			value=${code} lang=${code} ?selected=${code === language()}
			>${name}</option>`)}</select></label></footer>
	<dialog id="again" aria-labelledby="again-title" @cancel=${refused}>${
		asked.over ? html`<h2 id="again-title">${t('login.again')}</h2>
		<p>${t('login.againText')}</p>
		${loginForm(asked, { draw, done: answered, known: session() ?? {} })}
		<button @click=${refused}>${t('login.cancel')}</button>` : nothing
	}</dialog>`;
}

function navigation(here) {
	const { path } = current();
	return html`<nav aria-label=${t('shell.navigation')}><ul>${PAGES
		.filter(({ nav, may }) => nav && may(here))
		.map((entry) => html`<li><a href=${href(entry.path)}
			aria-current=${path.split('/')[0] === entry.path ? 'page' :
				nothing}>${t(entry.nav)}</a></li>`)}</ul></nav>`;
}

function me(here) {
	const name = [here.user_name, here.account_name].filter(Boolean)
		.join('@');
	return html`<details class="me"><summary>${t('shell.me', { name })}</summary>
		<p><button @click=${() => leave(logOut)}>${t('shell.here')}</button>
		<button @click=${() => leave(logOutEverywhere)}>${
			t('shell.everywhere')}</button></p></details>`;
}

function skip(event) {
	event.preventDefault();
	document.getElementById('content').focus();
}

async function leave(how) {
	try {
		await how();
	} catch (wrong) {
		draw({ state: 'wrong', wrong, title: t('error.title') }, true);
	}
}

/* ---- a token that has ended ---- */

const asked = { over: false, waiting: [] };

/* The log-in over the page, or in its place if there is none yet. */
access.lost = (token) => {
	if (access.token() && access.token() !== token)
		return Promise.resolve(true);
	return new Promise((resolve) => {
		asked.waiting.push(resolve);
		if (asked.waiting.length > 1)
			return;
		if (shown.state !== 'page') {
			draw({ state: 'login' });
			return;
		}
		asked.over = true;
		draw();
		document.getElementById('again').showModal();
	});
};

access.waits = (seconds) => {
	shell.waits = seconds;
	draw();
};

function answered(same) {
	if (!same) {
		reload();
		return;
	}
	closeLogin(true);
}

function refused(event) {
	event.preventDefault();
	closeLogin(false);
}

function closeLogin(well) {
	const { waiting } = asked;
	asked.waiting = [];
	asked.wrong = null;
	if (asked.over) {
		document.getElementById('again').close();
		asked.over = false;
		draw();
	}
	waiting.forEach((resolve) => resolve(well));
}

/* ---- the start ---- */

onChange(show);
onLanguage(() => (shown.route ? show() : draw()));
let known = null;
onSession((now) => {
	const before = known;
	known = now?.account_id;
	if (before && !known)
		reload();	// whatever was shown is not for the next one
	else if (!before && known && shown.state === 'login')
		show();
	else if (known && asked.waiting.length > 0)
		closeLogin(true);
	else if (shown.state !== 'start')
		draw();
});

await Promise.all([loadTexts(), findSession()]);
loadBrand().then((brand) => {
	shell.brand = brand;
	draw();
});
if (session())
	refresh().catch(() => {});
show();
