/*
 * The texts in German, under the keys of en.js and at the same places.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
export const texts = {
	// ---- charges ----
	'charges.accept': 'Kosten annehmen',
	'charges.after': 'Nachher',
	'charges.before': 'Vorher',
	'charges.by': 'Abgerechnet durch',
	'charges.changes': 'Unterschied',
	'charges.default': 'die Standard-Buchhaltung',
	'charges.difference': 'Vorher und nachher',
	'charges.gone': 'fällt weg',
	'charges.lines': 'Kosten',
	'charges.monthly': 'Jeden Monat',
	'charges.new': 'neu',
	'charges.none': 'Es wird nichts berechnet.',
	'charges.once': '(einmalig)',
	'charges.prorated': 'Für den Rest des Monats',
	'charges.quantity': 'Menge',
	'charges.rate': 'Einzelpreis',
	'charges.ratechange': 'Einzelpreis {rate}',
	'charges.recurring': 'Jeden Monat',
	'charges.rest': 'Rest des Monats {amount}',
	'charges.service': 'Dienst',
	'charges.title': 'Das kostet etwas',
	'charges.today': 'Heute',
	'charges.total': 'Summe',
	'charges.units': { one: 'für {count} Einheit', other: 'für {count} Einheiten' },

	// ---- dialog ----
	'dialog.cancel': 'Abbrechen',

	// ---- error ----
	'error.again': 'Noch einmal versuchen',
	'error.network': 'Keine Antwort: Das Netz oder der Server ist nicht erreichbar. Ihre Eingaben sind noch da.',
	'error.notFound': 'Diese Seite gibt es nicht',
	'error.notFoundText': 'Vielleicht ist die Adresse falsch geschrieben, das Gesuchte wurde gelöscht, oder Sie dürfen es nicht sehen.',
	'error.request': 'Anfrage {id}',
	'error.server': 'Der Server konnte das nicht beantworten.',
	'error.start': 'Zur ersten Seite',
	'error.title': 'Das konnte nicht angezeigt werden',
	'error.waits': { one: 'Der Server ist ausgelastet. Neuer Versuch in {count} Sekunde.', other: 'Der Server ist ausgelastet. Neuer Versuch in {count} Sekunden.' },

	// ---- form ----
	'form.add': 'Hinzufügen',
	'form.json': 'Das ist kein JSON.',
	'form.name': 'Name',
	'form.newname': 'Neuer Name',
	'form.remove': '{name} entfernen',
	'form.value': 'Wert',

	// ---- format ----
	'format.less': 'weniger',
	'format.more': 'mehr',
	'format.same': 'unverändert',

	// ---- login ----
	'login.account': 'Konto oder Realm',
	'login.again': 'Noch einmal anmelden',
	'login.againText': 'Ihre Sitzung ist abgelaufen. Ihre Eingaben sind noch da.',
	'login.api_key': 'API-Schlüssel',
	'login.byKey': 'Mit einem API-Schlüssel',
	'login.byUser': 'Mit Benutzer und Passwort',
	'login.cancel': 'Abbrechen',
	'login.enter': 'Anmelden',
	'login.password': 'Passwort',
	'login.refused': 'Konto, Benutzer oder Passwort stimmt nicht. Bitte prüfen Sie alle drei.',
	'login.title': 'Anmelden',
	'login.tooMany': { one: 'Zu viele Versuche. Bitte in {count} Minute noch einmal.', other: 'Zu viele Versuche. Bitte in {count} Minuten noch einmal.' },
	'login.user': 'Benutzer',

	// ---- shell ----
	'shell.everywhere': 'Auf allen Geräten abmelden',
	'shell.here': 'Abmelden',
	'shell.home': 'Ihr Konto',
	'shell.language': 'Sprache',
	'shell.loading': 'Wird geladen …',
	'shell.me': 'Sie: {name}',
	'shell.navigation': 'Seiten',
	'shell.skip': 'Zum Inhalt springen',
	'shell.utc': 'Alle Tage und Zeiten sind UTC.',
	'shell.welcome': 'Sie sind bei {account} angemeldet.',

	// ---- table ----
	'table.csv': 'CSV',
};
