// SPDX-License-Identifier: GPL-3.0-or-later
//
// A question over the page: the browser's own dialog, so the focus stays in
// it, Escape leaves it, and the focus returns to the element that had it.
//
// ask({ title, body, actions }) resolves to what the person chose: the value
// of an action, or undefined if the dialog was left. title is a text. body
// is a template, or a function (redraw, close) of it: redraw() draws it
// again, close(value) ends the dialog. actions are [{ label, value, kind,
// act }]: kind 'main' or 'bad'; with act, a promise, the dialog stays open
// until it resolves, and ends with what it gave, unless that is undefined.

import { html, nothing, render } from '../base/dom.js';
import { t } from '../base/text.js';

let number = 0;

function button(action, busy, choose) {
	return html`<button type=${action.act ? 'submit' : 'button'}
		class=${action.kind || nothing} ?disabled=${busy}
		@click=${action.act ? nothing : () => choose(action)}
		>${action.label}</button>`;
}

// The first action that does something is what Enter does.
function template({ id, title, body, actions, busy, choose, leave }) {
	const submitted = (event) => {
		event.preventDefault();
		choose(actions.find(({ act, label }) => act &&
			label === event.submitter?.textContent) ??
			actions.find(({ act }) => act));
	};
	return html`<form class="dialog" method="dialog" @submit=${submitted}>
		<h2 id=${id}>${title}</h2>
		<div class="dialog-body">${body}</div>
		<div class="actions">
			${actions.map((action) => button(action, busy, choose))}
			<button type="button" ?disabled=${busy}
				@click=${leave}>${t('dialog.cancel')}</button>
		</div></form>`;
}

export function ask({ title, body, actions = [] }) {
	const dialog = document.createElement('dialog');
	const before = document.activeElement;
	const id = `dialog-${++number}`;
	let busy = false;
	let given;

	return new Promise((resolve, reject) => {
		const close = (value) => {
			given = value;
			dialog.close();
		};
		const choose = async (action) => {
			if (busy || !action)
				return;
			if (!action.act)
				return close(action.value);
			busy = true;
			draw();
			try {
				const value = await action.act();
				busy = false;
				if (value !== undefined)
					return close(value);
			} catch (wrong) {
				dialog.close();
				return reject(wrong);
			}
			draw();
		};
		const draw = () => render(template({ id, title, actions, busy,
			choose, leave: () => close(undefined),
			body: typeof body === 'function' ? body(draw, close) : body,
		}), dialog);

		dialog.setAttribute('aria-labelledby', id);
		dialog.addEventListener('cancel', (event) => {
			if (busy)
				event.preventDefault();
		});
		dialog.addEventListener('close', () => {
			dialog.remove();
			if (before?.isConnected)
				before.focus();
			resolve(given);
		});
		document.body.append(dialog);
		draw();
		dialog.showModal();
	});
}

// A yes or no before something that cannot be undone.
export async function confirm(title, text, label, kind = 'main') {
	return await ask({ title, body: html`<p>${text}</p>`,
		actions: [{ label, kind, value: true }] }) === true;
}
