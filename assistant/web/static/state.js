// What the window says of the assistant: how far it is, what it is made of, and what the page around it says.

import { request } from "./identity.js";
import { language, t } from "./texts.js";

const notice = document.getElementById("notice");

export const host = window.strategyAssistantHost ?? { questions: [], page: "" };

// Asks until the assistant is ready; ``ready`` is called once it is.
export async function watchState(ready) {
	const state = await request("state").catch((error) => ({ state: "failed", line: error.message, openings: [] }));
	const framed = document.documentElement.dataset.embed !== undefined;
	document.getElementById("owner").hidden = !state.owner || framed;
	if (document.body.dataset.lost !== undefined) return; // The notice tells of the connection.
	namePerson(state, framed);
	notice.hidden = !state.line; // Once it is ready, owners are told why it does not answer from the documents of now.
	notice.className = state.state === "loading" ? "" : "wrong";
	notice.textContent = state.state === "loading" ? t("Getting ready: {line}. You can ask already.", { line: state.line }) : state.line;
	if (state.state === "ready") {
		document.getElementById("model").textContent = state.model === "quotes" ? t("Quotes, no language model") : t("Answered by {model}", { model: state.model });
		nameIndex(state.index);
		document.getElementById("openings").replaceChildren(...(host.questions.length ? host.questions : state.openings).map(opening));
		ready();
		if (state.line) setTimeout(() => watchState(() => {}), 30_000);
	} else {
		setTimeout(() => watchState(ready), state.state === "failed" ? 5000 : 700);
	}
}

function namePerson({ name, sign_out: signOut }, framed) {
	const person = document.getElementById("person");
	person.hidden = !name;
	document.getElementById("name").textContent = name && t("Signed in as {name}", { name });
	person.querySelector("a").hidden = !signOut || framed; // In a frame the page around it says who it is.
}

// An index is called by the second it was made in, in UTC, and by what it was made with.
function nameIndex(name) {
	const line = document.getElementById("index");
	const [, ...made] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)/.exec(name)?.map(Number) ?? [];
	const [year, month, day, hour, minute] = made;
	line.title = t("Guidance index {index}", { index: name });
	if (!made.length) {
		line.textContent = line.title;
		return;
	}
	const when = new Date(Date.UTC(year, month - 1, day, hour, minute));
	line.textContent = t("Guidance read on {day}", { day: when.toLocaleDateString(language === "en" ? undefined : language, { dateStyle: "medium" }) });
}

function opening(text) {
	const item = document.createElement("li");
	item.append(Object.assign(document.createElement("button"), { type: "button", className: "ask-this", textContent: text }));
	return item;
}

export function namePage() {
	const line = document.getElementById("page");
	line.hidden = !host.page;
	line.textContent = host.page && t("Knows that you are reading: {page}", { page: host.page });
}
