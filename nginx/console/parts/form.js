// SPDX-License-Identifier: GPL-3.0-or-later
//
// A form made from a JSON schema of the API. A value goes in, a value comes
// out: members that the form does not show are in it as they were. There is
// no check but the browser's own of single fields; what the API refuses is
// put beside the fields by its path.
//
// <r-form .schema .value .errors .only .readonly>
//   schema    with its $ref to other schemas in .schemas { NAME: schema }
//   errors    { 'a.b': text } as an answer's 400 has them, by path
//   only      paths of the first level to show, in this order; else all
// It sends "change" after each change; .value is then the new one.

import { html, newId, nothing, render } from '../base/dom.js';
import { hasText, t } from '../base/text.js';

function types(schema) {
	return [schema.type ?? (schema.properties || schema.patternProperties
		? 'object' : 'string')].flat();
}

// Which of the forms below shows a value of a schema.
function kind(schema) {
	const [type] = types(schema);
	if (schema.enum)
		return 'choice';
	if (type === 'array')
		return schema.items ? 'list' : 'raw';
	if (type !== 'object')
		return type === 'integer' ? 'number' : type;
	return schema.properties || patterns(schema) ? 'object' : 'raw';
}

// The schema for names that a schema does not list, or nothing.
function patterns(schema) {
	const [found] = Object.entries(schema.patternProperties ?? {});
	if (found)
		return { pattern: found[0], of: found[1] };
	if (typeof schema.additionalProperties === 'object')
		return { pattern: null, of: schema.additionalProperties };
	return null;
}

function isTable(value) {
	return typeof value === 'object' && value !== null;
}

// A copy of a value with another one at a path; undefined takes it away.
function put(value, [name, ...rest], to) {
	const copy = Array.isArray(value) ? [...value]
		: isTable(value) ? { ...value } : {};
	if (to === undefined && copy[name] === undefined)
		return copy;
	const inner = rest.length ? put(copy[name], rest, to) : to;
	if (inner !== undefined)
		copy[name] = inner;
	else if (Array.isArray(copy))
		copy.splice(name, 1);
	else
		delete copy[name];
	return copy;
}

// What a field's text means: '' is nothing, a number is one where it may be.
function meaning(schema, text) {
	if (text === '')
		return undefined;
	const numeric = (type) => type === 'number' || type === 'integer';
	if (types(schema).every(numeric))
		return Number(text);
	return types(schema).some(numeric) && String(Number(text)) === text
		? Number(text) : text;
}

// A name for people: the catalogue's, the schema's title, or the member's.
function label(name, schema) {
	const key = `field.${name}`;
	if (hasText(key))
		return t(key);
	return schema.title ?? name.replaceAll('_', ' ');
}

class Form extends HTMLElement {
	#schema = {};
	#value = {};
	#errors = {};
	#names = new Map();	// path: the text of a new name
	#ids = new Map();
	#waits = false;

	schemas = {};
	only = null;

	set schema(schema) {
		this.#schema = schema;
		this.#later();
	}

	set value(value) {
		this.#value = value ?? {};
		this.#later();
	}

	get value() {
		return this.#value;
	}

	set errors(errors) {
		this.#errors = errors ?? {};
		this.#later();
	}

	set readonly(readonly) {
		this.toggleAttribute('readonly', Boolean(readonly));
		this.#later();
	}

	connectedCallback() {
		this.#later();
	}

	// Several members are set in a row: they are drawn once.
	#later() {
		if (this.#waits)
			return;
		this.#waits = true;
		queueMicrotask(() => {
			this.#waits = false;
			this.#draw();
		});
	}

	#draw() {
		if (this.isConnected)
			render(this.#fields(this.#schema, this.#value, [],
				this.only), this);
	}

	#resolve(schema) {
		const name = schema.$ref;
		if (!name)
			return schema;
		const found = name.startsWith('#/definitions/')
			? this.#schema.definitions?.[name.slice(14)]
			: this.schemas[name];
		return this.#resolve(found ?? { type: 'object' });
	}

	#set(path, to) {
		this.#value = put(this.#value, path, to) ?? {};
		this.#draw();
		this.dispatchEvent(new CustomEvent('change', { bubbles: true }));
	}

	#id(path) {
		const key = path.join('.');
		if (!this.#ids.has(key))
			this.#ids.set(key, newId('field'));
		return this.#ids.get(key);
	}

	#error(path) {
		const text = this.#errors[path.join('.')];
		return text ? html`<span class="refusal" role="alert"
			id="${this.#id(path)}-e">${text}</span>` : nothing;
	}

	get #fixed() {
		return this.hasAttribute('readonly');
	}

	// The members that a schema lists, then those that it allows.
	#fields(schema, value, path, only) {
		const listed = schema.properties ?? {};
		const names = only ?? Object.keys(listed);
		const more = only ? null : patterns(schema);
		return html`<div class="fields">${names.map((name) => {
			const field = listed[name] && this.#resolve(listed[name]);
			return field ? this.#field(name, field, value?.[name],
				[...path, name], schema.required?.includes(name))
				: nothing;
		})}${more ? this.#table(more, value, path, listed) : nothing}</div>`;
	}

	#field(name, schema, value, path, required) {
		const id = this.#id(path);
		const text = label(name, schema);
		const form = kind(schema);
		if (form === 'object' || form === 'list' || form === 'raw')
			return html`<details class="group" ?open=${value !==
				undefined || this.#inside(path)}>
				<summary>${text}${this.#error(path)}</summary>
				${schema.description ? html`<p class="dim"
					>${schema.description}</p>` : nothing}
				${this.#group(form, schema, value, path, text)}
				</details>`;
		return html`<div class="field ${form}">
			<label for=${id}>${text}${required ? ' *' : ''}</label>
			${this.#control(schema, value, path, required)}
			${schema.description ? html`<small class="dim"
				id="${id}-d">${schema.description}</small>` : nothing}
			${this.#error(path)}</div>`;
	}

	// True if a refusal is about a member of what is at the path.
	#inside(path) {
		const start = `${path.join('.')}.`;
		return Object.keys(this.#errors).some((key) =>
			key.startsWith(start));
	}

	#group(form, schema, value, path, text) {
		if (form === 'object')
			return this.#fields(schema, value, path);
		if (form === 'list')
			return this.#list(schema, value ?? [], path);
		return this.#raw(value, path, text);
	}

	#control(schema, value, path, required, name) {
		const id = this.#id(path);
		const wrong = this.#errors[path.join('.')] !== undefined;
		const told = [!name && schema.description && `${id}-d`,
			wrong && `${id}-e`].filter(Boolean).join(' ') || nothing;
		const form = kind(schema);
		const invalid = wrong ? 'true' : nothing;
		if (form === 'boolean')
			return html`<input type="checkbox" id=${id}
				aria-label=${name ?? nothing}
				aria-describedby=${told} aria-invalid=${invalid}
				?disabled=${this.#fixed}
				.checked=${value ?? schema.default ?? false}
				@change=${(e) => this.#set(path, e.target.checked)}>`;
		if (form === 'choice')
			return html`<select id=${id} ?required=${required}
				aria-label=${name ?? nothing}
				aria-describedby=${told} aria-invalid=${invalid}
				?disabled=${this.#fixed}
				@change=${(e) => this.#set(path,
					schema.enum[e.target.selectedIndex - 1])}>
				<option value=""
					.selected=${value === undefined}>${schema.default ?? ''}</option>
				${schema.enum.map((one) => html`<option
					.selected=${one === value}>${one}</option>`)}
				</select>`;
		const numeric = types(schema).every((type) =>
			type === 'number' || type === 'integer');
		return html`<input id=${id} type=${numeric ? 'number'
				: path.at(-1) === 'password' ? 'password' : 'text'}
			aria-label=${name ?? nothing} autocomplete="off"
			aria-describedby=${told} aria-invalid=${invalid}
			?required=${required} ?readonly=${this.#fixed}
			step=${numeric ? schema.multipleOf ?? (form === 'number' &&
				types(schema)[0] === 'integer' ? 1 : 'any') : nothing}
			min=${numeric ? schema.minimum ?? nothing : nothing}
			max=${numeric ? schema.maximum ?? nothing : nothing}
			minlength=${schema.minLength ?? nothing}
			maxlength=${schema.maxLength ?? nothing}
			pattern=${!numeric && schema.pattern || nothing}
			placeholder=${schema.default ?? nothing}
			.value=${value === undefined ? '' : String(value)}
			@change=${(e) => this.#set(path,
				meaning(schema, e.target.value))}>`;
	}

	// One member of a table or a list: a control, or fields below each other.
	#member(schema, value, path, name) {
		const form = kind(schema);
		if (form === 'object' || form === 'list' || form === 'raw')
			return html`<details class="group"
				?open=${this.#inside(path)}>
				<summary>${name}${this.#error(path)}</summary>
				${this.#group(form, schema, value, path, name)}
				</details>`;
		return html`<div>${this.#control(schema, value, path, false, name)}
			${this.#error(path)}</div>`;
	}

	#remove(path, name) {
		return this.#fixed ? nothing : html`<button type="button"
			aria-label=${t('form.remove', { name })}
			@click=${() => this.#set(path, undefined)}>×</button>`;
	}

	// Names that the schema does not list, and their values: a table, or
	// for values that are groups themselves in a column.
	#table({ pattern, of }, value, path, listed) {
		const schema = this.#resolve(of);
		const names = Object.keys(value ?? {})
			.filter((name) => !Object.hasOwn(listed, name));
		const groups = ['object', 'list', 'raw'].includes(kind(schema));
		const member = (name) => this.#member(schema, value[name],
			[...path, name], name);
		const remove = (name) => this.#remove([...path, name], name);
		return html`${groups ? names.map((name) => html`<div class="row"
			>${member(name)}${remove(name)}</div>`)
			: this.#pairs(names, member, remove)}
			${this.#fixed ? nothing
				: this.#adder(pattern, schema, names, path)}`;
	}

	#pairs(names, member, remove) {
		if (!names.length)
			return nothing;
		return html`<table class="names"><thead><tr>
			<th scope="col">${t('form.name')}</th>
			<th scope="col">${t('form.value')}</th></tr></thead>
			<tbody>${names.map((name) => html`<tr>
				<th scope="row">${name}</th>
				<td><div class="row">${member(name)}
					${remove(name)}</div></td></tr>`)}
			</tbody></table>`;
	}

	#adder(pattern, schema, names, path) {
		const id = this.#id([...path, '+']);
		const key = path.join('.');
		const add = () => {
			const input = this.querySelector(`#${id}`);
			const name = input.value;
			if (!name || !input.reportValidity() ||
			    names.includes(name))
				return input.focus();
			this.#names.delete(key);
			this.#set([...path, name], this.#fresh(schema));
		};
		return html`<div class="adder">
			<label for=${id}>${t('form.newname')}</label>
			<input id=${id} autocomplete="off"
				pattern=${pattern ?? nothing}
				.value=${this.#names.get(key) ?? ''}
				@input=${(e) => this.#names.set(key, e.target.value)}
				@keydown=${(e) => e.key === 'Enter' &&
					(e.preventDefault(), add())}>
			<button type="button" @click=${add}
				>${t('form.add')}</button></div>`;
	}

	#list(schema, value, path) {
		const of = this.#resolve(schema.items);
		return html`<ol class="list">${value.map((one, at) => html`<li
			><div class="row">${this.#member(of, one, [...path, at], String(at + 1))}
			${this.#remove([...path, at], at + 1)}</div></li>`)}</ol>
			${this.#fixed ? nothing : html`<button type="button"
				@click=${() => this.#set([...path, value.length],
					this.#fresh(of))}
				>${t('form.add')}</button>`}`;
	}

	// The value that a new member begins with.
	#fresh(schema) {
		if (schema.default !== undefined)
			return schema.default;
		const begin = { object: {}, raw: {}, list: [], boolean: false,
			number: schema.minimum ?? 0, choice: schema.enum?.[0] };
		return begin[kind(schema)] ?? '';
	}

	// What no form is made for: as JSON.
	#raw(value, path, name) {
		const changed = ({ target }) => {
			target.setCustomValidity('');
			try {
				this.#set(path, target.value.trim() === ''
					? undefined : JSON.parse(target.value));
			} catch {
				target.setCustomValidity(t('form.json'));
				target.reportValidity();
			}
		};
		return html`<textarea id=${this.#id(path)} rows="4"
			aria-label=${name} spellcheck="false"
			?readonly=${this.#fixed} @change=${changed}
			.value=${value === undefined ? ''
				: JSON.stringify(value, null, 2)}></textarea>`;
	}
}

customElements.define('r-form', Form);
