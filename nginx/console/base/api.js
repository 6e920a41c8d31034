/*
 * Every request to the API. No page calls fetch.
 *
 * Reads: get(path, query, signal) gives the whole answer, { data, ... , etag }.
 * Writes: attempt().send(method, path, options), see below.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
const VERSION = '/v2/';
const READS = 3;	// how often a read is sent again by itself
const PATIENCE = 60;	// seconds; a longer Retry-After is the person's matter

/*
 * Set by the session and the shell: the token; lost(), which resolves
 * to true when there is a new token; waits(seconds) while a read waits, waits(0)
 * when it goes on.
 */
export const access = {
	token: () => null,
	lost: async () => false,
	waits() {},
};

/*
 * An answer other than success. status is 0 without a network. text is what
 * the API says; fields has its words by the path of the field ("a.b"); charges
 * is what a 402 asks about; uncertain: nobody knows if the change was made.
 */
export class ApiError extends Error {
	constructor(status, body = {}, headers = new Headers()) {
		const data = body.data ?? {};
		super(textOf(body));
		this.name = 'ApiError';
		this.status = status;
		this.text = this.message;
		this.fields = status === 402 ? {} : fieldsOf(data);
		this.requestId = body.request_id ?? headers.get('x-request-id');
		this.retryAfter = Number(headers.get('retry-after')) || 0;
		this.charges = status === 402 ? data : null;
		this.uncertain = status === 0 || status >= 500 && status !== 503 ||
			status === 409 && uncertain(body);
	}
}

/*
 * Reads; the signal ends it. 429 and 503 are asked again by themselves. token:
 * null is for what everybody may read.
 */
export async function get(path, query = {}, signal, { token } = {}) {
	const response = await read(path, query, { signal, token });
	if (response.status === 204)
		return { data: null };
	const answer = await response.json();
	answer.etag = response.headers.get('etag');
	return answer;
}

/* A file (CSV, PDF, a picture) as a Blob, for download() of dom.js. */
export async function getFile(path, query = {}, { type, signal } = {}) {
	const headers = type ? { accept: type } : {};
	return (await read(path, query, { headers, signal })).blob();
}

/*
 * One thing that a person wants changed, from the first press to the answer. It
 * has an Idempotency-Key, which stays while nobody can tell if the change was
 * made, so that pressing again never does it twice; after any other answer
 * the next send is a new request. One form has one attempt.
 *
 *   const saving = attempt();
 *   await saving.send('POST', path, { data, etag, accept, reason, query });
 *
 * accept: the charges of a 402 are accepted. extra: members beside data.
 * With token: null the request is sent without one, as the log-in is.
 */
export function attempt() {
	let key = newKey();
	return {
		get key() {
			return key;
		},
		async send(method, path, options = {}) {
			try {
				const answer = await write(method, path, key, options);
				key = newKey();
				return answer;
			} catch (wrong) {
				if (!keeps(wrong))
					key = newKey();
				throw wrong;
			}
		},
	};
}

async function write(method, path, key, options) {
	const { data, etag, accept, reason, query = {}, extra = {}, signal, token }
		= options;
	const headers = { 'idempotency-key': key };
	if (etag)
		headers['if-match'] = etag;
	const request = { method, headers, signal, token };
	const members = { ...extra, ...(data === undefined ? {} : { data }),
		...(reason ? { change_reason: reason } : {}),
		...(accept ? { accept_charges: true } : {}) };
	if (Object.keys(members).length > 0) {
		headers['content-type'] = 'application/json';
		request.body = JSON.stringify(members);
	}
	const response = await allowed(path, query, request);
	const answer = response.status === 204 ? { data: null } :
		await response.json();
	answer.etag = response.headers.get('etag');
	return answer;
}

async function read(path, query, request) {
	for (let times = 1; ; times++) {
		try {
			return await allowed(path, query, request);
		} catch (wrong) {
			const again = wrong.status === 429 || wrong.status === 503;
			if (!again || times > READS || wrong.retryAfter > PATIENCE)
				throw wrong;
			await pause(wrong.retryAfter || times, request.signal);
		}
	}
}

/* Sends; after a 401 the person logs in, and it goes on as if nothing was. */
async function allowed(path, query, request) {
	for (;;) {
		const token = request.token === undefined ? access.token() :
			request.token;
		try {
			return await once(path, query, request, token);
		} catch (wrong) {
			if (wrong.status !== 401 || request.token !== undefined ||
			    !await access.lost(token))
				throw wrong;
			request.signal?.throwIfAborted();
		}
	}
}

async function once(path, query, { headers, ...request }, token) {
	let response;
	const address = new URL(VERSION + path, location.origin);
	for (const [name, value] of Object.entries(query)) {
		if (value !== undefined && value !== null && value !== '')
			address.searchParams.set(name, value);
	}
	const given = { accept: 'application/json', ...headers };
	if (token)
		given['x-auth-token'] = token;
	try {
		response = await fetch(address, { ...request, headers: given,
			cache: 'no-store', credentials: 'omit', redirect: 'error' });
	} catch {
		request.signal?.throwIfAborted();
		throw new ApiError(0);
	}
	if (response.ok)
		return response;
	const body = await response.json().catch(() => ({}));
	throw new ApiError(response.status, body, response.headers);
}

/* Waits, and says so each second; ends early when the page is left. */
async function pause(seconds, signal) {
	try {
		for (let left = Math.ceil(seconds); left > 0; left--) {
			access.waits(left);
			await new Promise((done) => setTimeout(done, 1000));
			signal?.throwIfAborted();
		}
	} finally {
		access.waits(0);
	}
}

function keeps(wrong) {
	return !(wrong instanceof ApiError) || wrong.uncertain ||
		[401, 429, 503].includes(wrong.status);
}

function uncertain(body) {
	return Object.values(body.data ?? {}).some((of) => of?.uncertain);
}

/* { a: { b: { required: { message } } } } becomes { 'a.b': message }. */
function fieldsOf(data, path = '', found = {}) {
	for (const [name, value] of Object.entries(data)) {
		if (value === null || typeof value !== 'object')
			continue;
		if (typeof value.message === 'string' && path)
			found[path] ??= value.message;
		else
			fieldsOf(value, path ? `${path}.${name}` : name, found);
	}
	return found;
}

function textOf(body) {
	const own = body.data?.message;
	if (typeof own === 'string')
		return own;
	const [first] = Object.values(fieldsOf(body.data ?? {}));
	return first ?? String(body.message ?? '');
}

function newKey() {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
}
