// Advice by a short form: the factors that the guidance decides by, each of which may be left open.

import { request } from "./identity.js";
import { t } from "./texts.js";

const form = document.getElementById("advice-form");
const offered = document.getElementById("advise-me");

let fields = [];
let changed = () => {};
let opened = null;

export const isOpen = () => !form.hidden;

export async function offer({ ask, changed: tell }) {
	changed = tell;
	fields = await request("advice").catch(() => []);
	offered.hidden = fields.length === 0;
	document.body.toggleAttribute("data-advises", fields.length > 0);
	form.onsubmit = (event) => {
		event.preventDefault();
		const values = {};
		fields.forEach((field, number) => {
			const value = new FormData(form).get(`factor-${number}`);
			if (value) values[field.name] = value;
		});
		close(false);
		ask(t("Advise me"), values);
	};
}

export function open() {
	opened = document.activeElement;
	const title = element("h2", { id: "advice-title", textContent: t("What is your organisation like?") });
	title.tabIndex = -1;
	const leave = element("button", { type: "button", className: "link", textContent: t("Not now") });
	leave.addEventListener("click", () => close());
	form.replaceChildren(
		title,
		element("p", { textContent: t("These are what the guidance decides by. Leave open what you do not know: nothing is assumed.") }),
		...fields.map(factor),
		element("p", { className: "buttons" }, element("button", { className: "main", textContent: t("Advise me") }), leave),
	);
	const transcript = document.getElementById("transcript");
	if (transcript.childElementCount) transcript.after(form);
	else transcript.before(form);
	form.hidden = false;
	changed();
	title.focus();
}

// Whether it was open; ``back`` gives the focus back to where it was opened from.
export function close(back = true) {
	if (form.hidden) return false;
	form.hidden = true;
	form.replaceChildren();
	changed();
	if (back) opened?.focus();
	return true;
}

function factor(field, number) {
	const choices = [...field.values.map((value) => [value, value]), ["", t("I do not know")]].map(([value, text]) =>
		element("label", {}, element("input", { type: "radio", name: `factor-${number}`, value, checked: !value }), element("span", { textContent: text })),
	);
	return element("fieldset", {}, element("legend", { textContent: field.question }), element("div", { className: "choices" }, ...choices));
}

function element(name, values, ...children) {
	const made = Object.assign(document.createElement(name), values);
	made.append(...children);
	return made;
}
