/*
 * The log-in: a page of its own at the start, and the inside of a dialog over
 * another page when its token has ended.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
import { sha1 } from '../base/digest.js';
import { html, nothing, newId } from '../base/dom.js';
import { logIn } from '../base/session.js';
import { t } from '../base/text.js';

/* The name of an account: 32 digits are an id, a dot makes a realm. */
function account(name) {
	if (/^[0-9a-f]{32}$/i.test(name))
		return { account_id: name.toLowerCase() };
	return name.includes('.') ? { account_realm: name } :
		{ account_name: name };
}

function bodyOf(form) {
	const value = (name) => form.elements[name].value;
	if (form.elements.api_key)
		return { api_key: value('api_key').trim() };
	return { ...account(value('account').trim()), method: 'sha',
		credentials: sha1(`${value('user')}:${value('password')}`) };
}

/* The meaning of a refusal for the person at the log-in. */
function refusal({ status, text, retryAfter }) {
	if (status === 0)
		return t('error.network');
	if (status === 401)
		return t('login.refused');
	if (status === 429)
		return t('login.tooMany', { count: Math.ceil(retryAfter / 60) });
	return text || t('error.server');
}

/*
 * The form. state is an object of the caller, { byKey, busy, wrong }; draw()
 * shows it again, done(same) is called after success: same is false if
 * somebody else than before has logged in. known fills account and user.
 */
export function loginForm(state, { draw, done, known = {} }) {
	state.id ??= newId('login');
	async function submit(event) {
		event.preventDefault();
		if (state.busy)
			return;
		const form = event.target;
		state.busy = true;
		state.wrong = null;
		draw();
		try {
			const same = await logIn(bodyOf(form));
			form.reset();
			state.busy = false;
			done(same);
		} catch (wrong) {
			state.busy = false;
			state.wrong = wrong;
			draw();
			form.querySelector('[type=password]').select();
		}
	}
	function other(event) {
		event.preventDefault();
		state.byKey = !state.byKey;
		state.wrong = null;
		draw();
	}
	return html`<form class="login" @submit=${submit}>
		${state.byKey ? field(state, 'api_key', 'password', 'off') :
			html`${field(state, 'account', 'text', 'organization',
				known.account_name)}
			${field(state, 'user', 'text', 'username', known.user_name)}
			${field(state, 'password', 'password', 'current-password')}`}
		<p id="${state.id}-wrong" class="wrong" role="alert">${state.wrong ?
			refusal(state.wrong) : nothing}</p>
		<p class="actions"><button class="main" ?disabled=${state.busy}
			>${t('login.enter')}</button>
		<button type="button" class="link" @click=${other}>${
			state.byKey ? t('login.byUser') : t('login.byKey')}</button></p>
	</form>`;
}

function field({ id, wrong }, name, type, autocomplete, value = '') {
	return html`<label for="${id}-${name}">${t(`login.${name}`)}</label>
		<input id="${id}-${name}" name=${name} type=${type} required
			maxlength="512" autocomplete=${autocomplete} value=${value ?? ''}
			autocapitalize="off" spellcheck="false"
			aria-invalid=${wrong?.status === 401 ? 'true' : nothing}
			aria-describedby="${id}-wrong">`;
}
