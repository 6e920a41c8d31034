/*
 * The first page of an account of which nothing else may be shown: where the
 * person is logged in.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
import { html } from '../base/dom.js';
import { session } from '../base/session.js';
import { t } from '../base/text.js';

export const page = {
	title: () => t('shell.home'),
	load: async () => session(),
	view: ({ account_name: account }) => html`
		<h1 tabindex="-1">${account}</h1>
		<p>${t('shell.welcome', { account })}</p>`,
};
