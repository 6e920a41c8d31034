/*
 * The texts in Spanish, under the keys of en.js and at the same places.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
export const texts = {
	// ---- charges ----
	'charges.accept': 'Aceptar los cargos',
	'charges.after': 'Después',
	'charges.before': 'Antes',
	'charges.by': 'Cobrado por',
	'charges.changes': 'Diferencia',
	'charges.default': 'el contable predeterminado',
	'charges.difference': 'Antes y después',
	'charges.gone': 'desaparece',
	'charges.lines': 'Cargos',
	'charges.monthly': 'Cada mes',
	'charges.new': 'nuevo',
	'charges.none': 'No se cobra nada.',
	'charges.once': '(una vez)',
	'charges.prorated': 'Por el resto del mes',
	'charges.quantity': 'Cantidad',
	'charges.rate': 'Precio unitario',
	'charges.ratechange': 'precio unitario {rate}',
	'charges.recurring': 'Cada mes',
	'charges.rest': 'resto del mes {amount}',
	'charges.service': 'Servicio',
	'charges.title': 'Esto tiene un coste',
	'charges.today': 'Hoy',
	'charges.total': 'Total',
	'charges.units': { one: 'por {count} unidad', other: 'por {count} unidades' },

	// ---- dialog ----
	'dialog.cancel': 'Cancelar',

	// ---- error ----
	'error.again': 'Intentar de nuevo',
	'error.network': 'Sin respuesta: no se llega a la red o al servidor. Lo que escribió sigue aquí.',
	'error.notFound': 'Esta página no existe',
	'error.notFoundText': 'Quizá la dirección tiene un error, el elemento se eliminó o usted no puede verlo.',
	'error.request': 'Petición {id}',
	'error.server': 'El servidor no pudo responder a esto.',
	'error.start': 'Ir a la primera página',
	'error.title': 'No se pudo mostrar',
	'error.waits': { one: 'El servidor está ocupado. Nuevo intento en {count} segundo.', other: 'El servidor está ocupado. Nuevo intento en {count} segundos.' },

	// ---- form ----
	'form.add': 'Añadir',
	'form.json': 'Esto no es JSON.',
	'form.name': 'Nombre',
	'form.newname': 'Nombre nuevo',
	'form.remove': 'Quitar {name}',
	'form.value': 'Valor',

	// ---- format ----
	'format.less': 'menos',
	'format.more': 'más',
	'format.same': 'sin cambios',

	// ---- login ----
	'login.account': 'Cuenta o dominio SIP',
	'login.again': 'Iniciar sesión de nuevo',
	'login.againText': 'Su sesión ha terminado. Lo que escribió sigue aquí.',
	'login.api_key': 'Clave de API',
	'login.byKey': 'Usar una clave de API',
	'login.byUser': 'Usar usuario y contraseña',
	'login.cancel': 'Cancelar',
	'login.enter': 'Iniciar sesión',
	'login.password': 'Contraseña',
	'login.refused': 'La cuenta, el usuario o la contraseña no son correctos. Revise los tres.',
	'login.title': 'Iniciar sesión',
	'login.tooMany': { one: 'Demasiados intentos. Pruebe de nuevo en {count} minuto.', other: 'Demasiados intentos. Pruebe de nuevo en {count} minutos.' },
	'login.user': 'Usuario',

	// ---- shell ----
	'shell.everywhere': 'Cerrar sesión en todos los dispositivos',
	'shell.here': 'Cerrar sesión',
	'shell.home': 'Su cuenta',
	'shell.language': 'Idioma',
	'shell.loading': 'Cargando…',
	'shell.me': 'Usted: {name}',
	'shell.navigation': 'Páginas',
	'shell.skip': 'Ir al contenido',
	'shell.utc': 'Todos los días y horas son UTC.',
	'shell.welcome': 'Ha iniciado sesión en {account}.',

	// ---- table ----
	'table.csv': 'CSV',
};
