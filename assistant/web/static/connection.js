// When the connection breaks, Gradio asks for its application's id every two seconds and loads the page anew once it
// gets it. Until then the reader is told so, and what was typed outlasts the loading.

import { t } from "./texts.js";

const ASKED_FOR = "/gradio_api/app_id";
const KEPT = "strategy-assistant.typed";
const notice = document.getElementById("notice");

// What had been typed when the page was loaded anew.
export const typedBefore = take();

// ``lost`` is called when the connection breaks; ``typed`` gives what stands in the field.
export function watch(lost, typed) {
	const plainFetch = window.fetch;
	window.fetch = async (input, init) => {
		const address = new URL(input instanceof Request ? input.url : input, document.baseURI);
		if (!address.pathname.endsWith(ASKED_FOR)) return plainFetch(input, init);
		if (document.body.dataset.lost === undefined) {
			document.body.dataset.lost = "";
			tell();
			lost();
		}
		const response = await plainFetch(input, init);
		if (response.ok) keep(typed());
		return response;
	};
}

function tell() {
	notice.hidden = false;
	notice.className = "wrong";
	notice.textContent = t("The connection is lost. It is tried again every few seconds; what you typed stays here.");
}

function keep(text) {
	try {
		sessionStorage.setItem(KEPT, text);
	} catch { /* Storage is off: what was typed is lost with the page. */ }
}

function take() {
	try {
		const text = sessionStorage.getItem(KEPT) ?? "";
		sessionStorage.removeItem(KEPT);
		return text;
	} catch {
		return "";
	}
}
