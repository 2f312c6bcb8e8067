// Tells of what goes wrong between the page and the service, in our words in place of Gradio's.
//
// When the connection breaks, Gradio asks for its application's id every two seconds and loads the page anew once it
// gets it. Until then the reader is told so, and what was typed outlasts the loading.

import { browser } from "./identity.js";
import { t } from "./texts.js";

const ASKED_FOR = "/gradio_api/app_id";
const ASKED = "/gradio_api/queue/join";
const BUSY = 503;
const KEPT = "strategy-assistant.typed";
const notice = document.getElementById("notice");

// What had been typed when the page was loaded anew.
export const typedBefore = take();

let sent = 0;

// How many questions this page has sent to the service, whatever became of them.
export const questionsSent = () => sent;

// ``lost`` is called when the connection breaks; ``typed`` gives what stands in the field, ``context`` whose question it is.
export function watch(lost, typed, context) {
	const plainFetch = window.fetch;
	window.fetch = async (input, init) => {
		const address = new URL(input instanceof Request ? input.url : input, document.baseURI);
		if (address.pathname.endsWith(ASKED)) {
			sent += 1;
			return asked(await plainFetch(input, named(input, told(init, context))));
		}
		if (!address.pathname.endsWith(ASKED_FOR)) return plainFetch(input, init);
		if (document.body.dataset.lost === undefined) {
			document.body.dataset.lost = "";
			tell(t("The connection is lost. It is tried again every few seconds; what you typed stays here."));
			lost();
		}
		const response = await plainFetch(input, init);
		if (response.ok) keep(typed());
		return response;
	};

	// A question that is not even taken in: the session is over, or too many wait.
	async function asked(response) {
		if (response.ok) {
			if (document.body.dataset.refused !== undefined) notice.hidden = true;
			delete document.body.dataset.refused;
			return response;
		}
		document.body.dataset.refused = "";
		const line = await response.clone().text();
		if (response.status === BUSY) tell(t("Too many questions wait just now; ask again in a moment."));
		else tell(line.length < 300 && !line.startsWith("{") && !line.startsWith("<") ? t(line) : t("That did not work; reload the page and try again."));
		if (response.status === 401 && document.documentElement.dataset.embed === undefined) offerSigningIn(typed);
		return Response.json({ detail: line }, { status: response.status });
	}
}

// A question with whose it is: a field of Gradio's that was filled as it was being made may not have taken that in.
function told(init, context) {
	if (typeof init?.body !== "string") return init;
	const body = JSON.parse(init.body);
	if (body.data?.length !== 2 || body.data[1]) return init;
	return { ...init, body: JSON.stringify({ ...body, data: [body.data[0], context()] }) };
}

// A question with the browser that asks it, whose questions are counted where nobody signs in.
function named(input, init = {}) {
	const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
	headers.set("X-Browser", browser());
	return { ...init, headers };
}

function tell(line) {
	notice.hidden = false;
	notice.className = "wrong";
	notice.textContent = line;
}

// Loading the page anew leads to where one signs in, and back.
function offerSigningIn(typed) {
	const again = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: t("Sign in again") });
	again.addEventListener("click", () => {
		keep(typed());
		location.reload();
	});
	notice.append(" ", again);
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
