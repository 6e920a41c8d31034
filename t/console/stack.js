/*
 * The running stack as tests see it: requests to its API, and accounts, users
 * and tokens of their own. Everything comes from the environment, var/demo.env.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

const { env } = process;
export const url = env.REEVE_URL;
export const demo = {
	master: { id: env.REEVE_MASTER_ID, token: env.REEVE_MASTER_TOKEN },
	reseller: { id: env.REEVE_RESELLER_ID, token: env.REEVE_AUTH_TOKEN },
	account: { id: env.REEVE_ACCOUNT_ID, token: env.REEVE_SUB_TOKEN },
	username: env.REEVE_USERNAME,
	password: env.REEVE_PASSWORD,
};

/* A name that no other test has: account names are unique below a parent. */
export function unique(name) {
	return `${name} ${randomBytes(4).toString('hex')}`;
}

/* Sends a request; gives { status, headers, ...the answer's envelope }. */
export async function request(method, path, { token, data, extra, headers } =
{}) {
	const sent = { accept: 'application/json', ...headers };
	if (token)
		sent['x-auth-token'] = token;
	if (data !== undefined)
		sent['content-type'] = 'application/json';
	const response = await fetch(`${url}/v2/${path}`, { method,
		headers: sent, signal: AbortSignal.timeout(30000),
		body: data === undefined ? undefined :
			JSON.stringify({ ...extra, data }) });
	const text = await response.text();
	return { status: response.status, headers: response.headers,
		...(text.startsWith('{') ? JSON.parse(text) : { text }) };
}

/* The same, for what a test needs beforehand: anything but success throws. */
export async function must(method, path, options) {
	const answer = await request(method, path, options);
	if (answer.status >= 300)
		throw new Error(`${method} ${path}: ${answer.status} `
			+ JSON.stringify(answer.data ?? answer.text));
	return answer;
}

/* Runs reevectl against the stack; gives what it printed. */
export function reevectl(...words) {
	return execFileSync('sh', ['-c', `exec ${env.REEVECTL} "$@"`, 'reevectl',
		...words], { encoding: 'utf8', timeout: 60000 }).trim();
}

/* An account below a parent: { id, name, token }. */
export function createAccount({ name = 'Customer', parent = demo.master.id,
	exactly = false, options = [] } = {}) {
	const full = exactly ? name : unique(name);
	const id = reevectl('account', 'create', full, '--parent', parent,
		...options);
	return { id, name: full, token: reevectl('token', 'issue', id) };
}

/* An account that sells: its customers are below it. */
export function createSeller({ name = 'Seller', ...more } = {}) {
	return createAccount({ name, ...more, options: ['--reseller'] });
}

/*
 * A user of an account with a role (admin, clerk, viewer, user):
 * { id, username, password, token, account }.
 */
export async function createUser(account, { role = 'admin', ...more } = {}) {
	const username = `${role}-${randomBytes(4).toString('hex')}`;
	const password = randomBytes(9).toString('hex');
	const { data } = await must('PUT', `accounts/${account.id}/users`, {
		token: demo.master.token, extra: { accept_charges: true },
		data: { username, password, first_name: 'Rita',
			last_name: role, ...(role === 'user' ? {} : { role }),
			...more } });
	const token = reevectl('token', 'issue', account.id, '--user', data.id);
	return { id: data.id, username, password, token, account };
}
