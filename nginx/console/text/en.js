/*
 * Every text of the console in English; the keys of the other languages are
 * these. {name} is a value; a text with forms follows the plural of {count}.
 * Sections are pages, in alphabetical order, and so are the keys in them.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
export const texts = {
	// ---- charges ----
	'charges.accept': 'Accept the charges',
	'charges.after': 'After',
	'charges.before': 'Before',
	'charges.by': 'Charged by',
	'charges.changes': 'Difference',
	'charges.default': 'the default bookkeeper',
	'charges.difference': 'Before and after',
	'charges.gone': 'not any longer',
	'charges.lines': 'Charges',
	'charges.monthly': 'Each month',
	'charges.new': 'new',
	'charges.none': 'Nothing is charged.',
	'charges.once': '(once)',
	'charges.prorated': 'For the rest of the month',
	'charges.quantity': 'Quantity',
	'charges.rate': 'Unit price',
	'charges.ratechange': 'unit price {rate}',
	'charges.recurring': 'Each month',
	'charges.rest': 'rest of the month {amount}',
	'charges.service': 'Service',
	'charges.title': 'This costs something',
	'charges.today': 'Today',
	'charges.total': 'Total',
	'charges.units': { one: 'for {count} unit', other: 'for {count} units' },

	// ---- dialog ----
	'dialog.cancel': 'Cancel',

	// ---- error ----
	'error.again': 'Try again',
	'error.network': 'No answer: the network or the server is away. Nothing that you entered is lost.',
	'error.notFound': 'This page does not exist',
	'error.notFoundText': 'The address may be mistyped, or the thing was deleted, or you may not see it.',
	'error.request': 'Request {id}',
	'error.server': 'The server could not answer this.',
	'error.start': 'Go to the first page',
	'error.title': 'This could not be shown',
	'error.waits': { one: 'The server is busy. Asking again in {count} second.', other: 'The server is busy. Asking again in {count} seconds.' },

	// ---- form ----
	'form.add': 'Add',
	'form.json': 'This is not JSON.',
	'form.name': 'Name',
	'form.newname': 'New name',
	'form.remove': 'Remove {name}',
	'form.value': 'Value',

	// ---- format ----
	'format.less': 'less',
	'format.more': 'more',
	'format.same': 'unchanged',

	// ---- login ----
	'login.account': 'Account or realm',
	'login.again': 'Log in again',
	'login.againText': 'Your session has ended. What you entered is still there.',
	'login.api_key': 'API key',
	'login.byKey': 'Use an API key',
	'login.byUser': 'Use a user and a password',
	'login.cancel': 'Cancel',
	'login.enter': 'Log in',
	'login.password': 'Password',
	'login.refused': 'No such account, user or password. Check all three.',
	'login.title': 'Log in',
	'login.tooMany': { one: 'Too many attempts. Try again in {count} minute.', other: 'Too many attempts. Try again in {count} minutes.' },
	'login.user': 'User',

	// ---- shell ----
	'shell.everywhere': 'Log out on all devices',
	'shell.here': 'Log out',
	'shell.home': 'Your account',
	'shell.language': 'Language',
	'shell.loading': 'Loading…',
	'shell.me': 'You: {name}',
	'shell.navigation': 'Pages',
	'shell.skip': 'Skip to the content',
	'shell.utc': 'All days and times are UTC.',
	'shell.welcome': 'You are logged in to {account}.',

	// ---- table ----
	'table.csv': 'CSV',
};
