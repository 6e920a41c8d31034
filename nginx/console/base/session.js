/*
 * The session of this tab and of the others of this browser. The token is in
 * sessionStorage, which ends with the tab; a new tab asks the others for it.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
import { access, ApiError, attempt } from './api.js';

const KEPT = 'reeve.session';
const CHANNEL = 'reeve.session';
const ANSWERS = 250;		// milliseconds that other tabs have to answer
const IDLE = 30 * 60 * 1000;	// milliseconds without a sign of the person

let kept = null;	// { token, who }: who as tokeninfo had it
let idle;
const listeners = new Set();
const channel = new BroadcastChannel(CHANNEL);

/*
 * The person of the session, or null: { account_id, account_name, user_id, user_name, role,
 * may: { reads, books, administers }, is_reseller, is_master, expires }.
 */
export function session() {
	return kept?.who ?? null;
}

/* Calls listener(session) after each log-in, log-out and news about either. */
export function onSession(listener) {
	listeners.add(listener);
}

/* At the start: the token of this tab, or of another one. */
export async function findSession() {
	kept = stored();
	if (!kept)
		kept = await fromOthers();
	if (kept)
		keep(kept);
	return session();
}

/*
 * Asks what the token may; sent together with the page's own requests. A token
 * that is no longer good, for whatever reason, is a case for lost().
 */
export async function refresh() {
	const { token } = kept;
	try {
		keep({ token, who: await tokenInfo(token) });
	} catch (wrong) {
		if (![400, 401, 404].includes(wrong.status))
			throw wrong;
		if (await access.lost(token))
			return refresh();
	}
	return session();
}

/* Logs in: body is the data of user_auth, or { api_key }. */
export async function logIn(body) {
	const path = body.api_key ? 'api_auth' : 'user_auth';
	const answer = await attempt().send('PUT', path,
		{ data: body, token: null });
	const token = answer.auth_token;
	const before = session();
	keep({ token, who: await tokenInfo(token) });
	channel.postMessage({ kind: 'in', kept });
	return !before || same(before, session());
}

/* Ends the token, and so every tab; nothing is kept if the API is away. */
export async function logOut() {
	await end('DELETE', 'token_auth');
}

/* Ends all tokens of this user. A token of an account alone ends itself. */
export async function logOutEverywhere() {
	const { account_id: account, user_id: user } = session();
	await end('DELETE', user ? `accounts/${account}/users/${user}/tokens` :
		'token_auth');
}

/* Forgets the session here and in the other tabs. */
export function forget() {
	channel.postMessage({ kind: 'out' });
	drop();
}

async function end(method, path) {
	const { token } = kept;
	try {
		await attempt().send(method, path, { token });
	} catch (wrong) {
		/* A token that is over already is what was wanted. */
		if (!(wrong instanceof ApiError) || wrong.status !== 401)
			throw wrong;
	}
	forget();
}

async function tokenInfo(token) {
	const { data } = await attempt().send('POST', 'auth/tokeninfo',
		{ data: { token }, token: null });
	return { account_id: data.account_id, account_name: data.account_name,
		user_id: data.owner_id, user_name: data.user_name,
		role: data.role, may: data.may, is_reseller: data.is_reseller,
		is_master: data.is_master, expires: data.expires };
}

function same(a, b) {
	return a.account_id === b.account_id && a.user_id === b.user_id;
}

function keep(found) {
	kept = found;
	sessionStorage.setItem(KEPT, JSON.stringify(found));
	stir();
	listeners.forEach((listener) => listener(session()));
}

function drop() {
	kept = null;
	clearTimeout(idle);
	sessionStorage.removeItem(KEPT);
	listeners.forEach((listener) => listener(null));
}

function stored() {
	try {
		return JSON.parse(sessionStorage.getItem(KEPT));
	} catch {
		return null;
	}
}

function fromOthers() {
	return new Promise((found) => {
		const timer = setTimeout(() => found(null), ANSWERS);
		channel.addEventListener('message', function hear({ data }) {
			if (data.kind !== 'here')
				return;
			clearTimeout(timer);
			channel.removeEventListener('message', hear);
			found(data.kept);
		});
		channel.postMessage({ kind: 'who' });
	});
}

channel.addEventListener('message', ({ data }) => {
	if (data.kind === 'who' && kept)
		channel.postMessage({ kind: 'here', kept });
	else if (data.kind === 'out' && kept)
		drop();
	else if (data.kind === 'in' && (!kept || same(kept.who, data.kept.who)))
		keep(data.kept);
	else if (data.kind === 'awake' && kept)
		wait();
});

/* The person is here, in this tab; the other tabs need not lock either. */
let told = 0;
function stir() {
	if (!kept)
		return;
	wait();
	if (Date.now() - told > 10000) {
		told = Date.now();
		channel.postMessage({ kind: 'awake' });
	}
}

function wait() {
	clearTimeout(idle);
	idle = setTimeout(() => logOut().catch(forget), IDLE);
}

for (const sign of ['pointerdown', 'keydown', 'wheel'])
	addEventListener(sign, stir, { passive: true });

access.token = () => kept?.token ?? null;
