// The source panel: a document at the cited words.

import { request } from "./identity.js";
import { t } from "./texts.js";
import * as pages from "./pageview.js";

const panel = document.getElementById("source");
const text = document.getElementById("source-text");
const previous = document.getElementById("source-previous");
const next = document.getElementById("source-next");
const steps = document.getElementById("source-steps");
const views = document.getElementById("source-views");
const asText = document.getElementById("source-as-text");
const asPage = document.getElementById("source-as-page");
const note = document.getElementById("source-note");
const narrow = matchMedia("(max-width: 900px)");

let opener = null;
let citations = [];
let position = 0;
let printed = false; // Whether the reader wants pages, where there are any.

// Opens the panel for one of a turn's numbered sources.
export function openCitation(button, turn, number) {
	citations = [...turn.querySelectorAll("[data-source]")].map((source) => source.dataset);
	position = Math.max(0, citations.findIndex((source) => source.source === String(number)));
	opener = button;
	show();
}

// Opens the panel at a passage or a section.
export function openPlace(button) {
	citations = [button.dataset];
	position = 0;
	opener = button;
	show();
}

function placeOf({ document: name, start, end, section, words, length }) {
	const query = new URLSearchParams({ document: name });
	for (const [key, value] of Object.entries({ start, end, section, words, length })) if (value !== undefined) query.set(key, value);
	return query;
}

async function show() {
	const shown = citations[position];
	const query = placeOf(shown);
	open();
	let source;
	try {
		source = await request(`source?${query}`);
	} catch (error) {
		source = { title: t("Source"), where: "", html: "" };
		text.replaceChildren(Object.assign(document.createElement("p"), { className: "note wrong", textContent: error.message }));
	}
	if (citations[position] !== shown) return; // Another one has been asked for meanwhile.
	document.getElementById("source-title").textContent = source.title;
	document.getElementById("source-where").textContent = source.where;
	if (source.html) text.innerHTML = source.html; // Escaped by the server.
	text.classList.toggle("begins-earlier", Boolean(source.before));
	text.classList.toggle("goes-on", Boolean(source.after));
	steps.hidden = citations.length < 2;
	previous.disabled = position === 0;
	next.disabled = position === citations.length - 1;
	document.getElementById("source-count").textContent = t("Source {n} of {m}", { n: position + 1, m: citations.length });
	views.hidden = !source.pages;
	if (source.pages && printed) viewPage(query);
	else viewText();
}

function viewText(line = "") {
	pages.close();
	dress(false);
	note.textContent = line;
	const cited = document.getElementById("cited");
	if (!cited) return;
	text.scrollTop += cited.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 4;
	if (!panel.querySelector(":is(#source-steps, #source-views) :focus")) cited.focus({ preventScroll: true });
}

function viewPage(query) {
	note.textContent = "";
	dress(true);
	const within = panel.querySelector(":is(#source-steps, #source-views, #page-tools) :focus");
	if (!within) document.getElementById("page-scroller").focus({ preventScroll: true });
	pages.open(query, viewText);
}

function dress(asPrinted) {
	panel.dataset.view = asPrinted ? "page" : "text";
	text.hidden = asPrinted;
	document.getElementById("source-page").hidden = !asPrinted;
	asText.setAttribute("aria-pressed", String(!asPrinted));
	asPage.setAttribute("aria-pressed", String(asPrinted));
}

asText.addEventListener("click", () => {
	printed = false;
	viewText();
});
asPage.addEventListener("click", () => {
	printed = true;
	viewPage(placeOf(citations[position]));
});

function open() {
	panel.hidden = false;
	document.body.dataset.source = "open";
	panel.setAttribute("aria-modal", String(narrow.matches));
	for (const part of behind()) part.inert = narrow.matches;
	document.querySelectorAll(".cite.current").forEach((cite) => cite.classList.remove("current"));
	const number = citations[position].source;
	if (number) opener?.closest(".turn")?.querySelectorAll(`.cite[data-cite="${number}"]`).forEach((cite) => cite.classList.add("current"));
	if (!panel.contains(document.activeElement)) document.getElementById("source-close").focus();
}

export function close() {
	if (panel.hidden) return false;
	panel.hidden = true;
	delete document.body.dataset.source;
	for (const part of behind()) part.inert = false;
	document.querySelectorAll(".cite.current").forEach((cite) => cite.classList.remove("current"));
	if (opener?.isConnected) opener.focus();
	return true;
}

function behind() {
	return [document.getElementById("top"), document.getElementById("main"), document.getElementById("drawer")];
}

function step(by) {
	const target = position + by;
	if (target < 0 || target >= citations.length) return;
	position = target;
	show();
}

previous.addEventListener("click", () => step(-1));
next.addEventListener("click", () => step(1));
document.getElementById("source-close").addEventListener("click", close);
panel.addEventListener("keydown", (event) => {
	if (event.key === "ArrowLeft" && event.altKey) step(-1);
	if (event.key === "ArrowRight" && event.altKey) step(1);
	if (event.key === "Tab" && narrow.matches) keepInside(event);
});

// On a phone the panel covers the page, so the focus stays in it.
function keepInside(event) {
	const stops = [...panel.querySelectorAll("button:not(:disabled), [tabindex='0']")].filter((stop) => stop.offsetParent);
	const [first, last] = [stops[0], stops[stops.length - 1]];
	if (event.shiftKey && document.activeElement === first) last.focus();
	else if (!event.shiftKey && document.activeElement === last) first.focus();
	else return;
	event.preventDefault();
}
