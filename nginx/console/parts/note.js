// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the page says about what was done, in one place of the page that
// readers hear (role=status), and refusals, which stand where they belong.

import { html, nothing } from '../base/dom.js';
import { t } from '../base/text.js';

const LONG = 8000;	// milliseconds that a message of success stays

let place;
let timer;

// The place is made empty and filled later: only then is it announced.
function status() {
	if (place?.isConnected)
		return place;
	place = document.createElement('div');
	place.className = 'note';
	place.setAttribute('role', 'status');
	document.body.append(place);
	return place;
}

export function quiet() {
	clearTimeout(timer);
	status().replaceChildren();
}

// A message of success goes by itself; the next one replaces it.
export function note(text) {
	quiet();
	const line = document.createElement('p');
	line.textContent = text;
	requestAnimationFrame(() => status().replaceChildren(line));
	timer = setTimeout(quiet, LONG);
}

// What the API says; without an answer, what is known of it.
export function words(wrong) {
	if (wrong.status === 0)
		return t('error.network');
	return wrong.text || wrong.message || t('error.server');
}

// A refusal in the API's own words. undone says what was not done; again,
// if the same may be tried once more, is a function.
export function refusal(wrong, { again, undone } = {}) {
	if (!wrong)
		return nothing;
	return html`<div class="refusal" role="alert">
		${undone ? html`<p>${undone}</p>` : nothing}
		<p>${words(wrong)}</p>
		<p class="dim">
			${wrong.status ? html`<span>${wrong.status}</span>` : nothing}
			${wrong.requestId ? html`<span>${t('error.request',
				{ id: wrong.requestId })}</span>` : nothing}
		</p>
		${again ? html`<button type="button" @click=${again}
			>${t('error.again')}</button>` : nothing}
	</div>`;
}
