// The conversation: shows what the server streams, and turns clicks into questions.

import { browser, newIdentity, recall, remember, request, save } from "./identity.js";
import { language, t } from "./texts.js";
import { morph } from "./morph.js";
import * as conversations from "./conversations.js";
import * as feedback from "./feedback.js";
import * as source from "./source.js";
import * as advice from "./advice.js";
import * as connection from "./connection.js";
import "./cards.js";
import { host, namePage, watchState } from "./state.js";

const transcript = document.getElementById("transcript");
const scroller = document.getElementById("scroller");
const editing = document.getElementById("editing");
const toAnswer = document.getElementById("to-answer");

let conversation = recall("conversation") ?? newIdentity();
let replaces = "";
let chosen = null; // The values of the form for advice, while they are being asked about.

const gradio = (id) => document.querySelector(`#${id} textarea, #${id} input`) ?? document.querySelector(`button#${id}`);
const lastTurn = () => transcript.lastElementChild;
const asking = () => lastTurn()?.dataset.state === "asking";

// Gradio's fields learn of a value by the event that typing sends.
function fill(field, value) {
	field.value = value;
	field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Whose question it is, as the server takes it.
const context = () => JSON.stringify({ browser: browser(), conversation, replaces, language, page: host.page, ...(chosen && { advice: chosen }) });

function tellContext() {
	const field = gradio("context");
	if (field) fill(field, context());
}

function ask(question, values = null) {
	if (asking() || !gradio("send")) return;
	chosen = values;
	fill(gradio("question"), question);
	tellContext();
	setTimeout(() => {
		gradio("send").click(); // After Gradio has taken the values in.
		if (!values) see(lastTurn(), question);
		chosen = null;
		setTimeout(tellContext, 300);
	}, 30);
}

// Gradio takes no question while it ends the stream of the answer before, and says nothing: such a one is sent again.
// One that the service refused is not: whoever asks decides that.
function see(before, question, sent = connection.questionsSent(), tries = 12) {
	setTimeout(() => {
		if (!tries || asking() || connection.questionsSent() !== sent || lastTurn() !== before || gradio("question")?.value !== question) return;
		gradio("send").click();
		see(before, question, sent, tries - 1);
	}, 300);
}

function seeThatItIsAsked(event) {
	const question = gradio("question")?.value;
	if (event.isTrusted && question?.trim() && !asking()) see(lastTurn(), question);
}

// --- what the server streams ---

function take(article) {
	if (article.dataset.conversation !== conversation) return;
	const present = [...transcript.children].find((turn) => turn.dataset.turn === article.dataset.turn);
	if (present) {
		morph(present, article.cloneNode(true));
	} else {
		begin(article);
	}
	const state = document.body.dataset.asking;
	update();
	if (state !== undefined && !asking()) conversations.refresh(conversation, listed);
}

function begin(article) {
	transcript.querySelectorAll("[data-fleeting]").forEach((turn) => turn.remove());
	const replaced = [...transcript.children].findIndex((turn) => turn.dataset.turn === replaces);
	if (replaced >= 0) [...transcript.children].slice(replaced).forEach((turn) => turn.remove());
	stopEditing();
	const turn = document.createElement("article");
	morph(turn, article.cloneNode(true));
	transcript.append(turn);
	update();
	scrollTo(turn);
}

function scrollTo(turn) {
	scroller.scrollTop += turn.getBoundingClientRect().top - scroller.getBoundingClientRect().top + 1;
}

function update() {
	const busy = asking();
	if (busy) document.body.dataset.asking = "";
	else delete document.body.dataset.asking;
	toAnswer.hidden = transcript.childElementCount === 0;
	document.getElementById("welcome").hidden = transcript.childElementCount > 0 || advice.isOpen();
}

// --- conversations ---

const listed = {
	open: (id) => switchTo(id),
	removed: (id) => (id === conversation ? switchTo(newIdentity()) : conversations.refresh(conversation, listed)),
};

async function switchTo(id) {
	if (asking()) stop();
	source.close();
	stopEditing();
	advice.close(false);
	conversation = id;
	remember("conversation", id);
	tellContext();
	conversations.toggle(false);
	transcript.replaceChildren();
	await restore();
	gradio("question")?.focus();
}

async function restore() {
	const turns = await request(`conversations/${conversation}?language=${language}`).catch(() => []);
	const holder = document.createElement("template");
	holder.innerHTML = turns.join(""); // Escaped by the server.
	for (const article of holder.content.children) {
		const turn = document.createElement("article");
		morph(turn, article.cloneNode(true));
		transcript.append(turn);
	}
	update();
	if (lastTurn()) scrollTo(lastTurn());
	conversations.refresh(conversation, listed);
}

// --- what the reader does ---

function stop(keepalive = false) {
	lastTurn()?.setAttribute("data-state", "stopped");
	update();
	return request("stop", { method: "POST", body: { conversation }, keepalive }).catch(() => {});
}

// The connection broke: what is being answered will be shown as the server has kept it, once that is back.
function breakOff() {
	if (!asking()) return;
	lastTurn().querySelector(".stage")?.remove();
	lastTurn().dataset.state = "stopped";
	update();
}

function edit(turn) {
	replaces = turn.dataset.turn;
	tellContext();
	fill(gradio("question"), turn.dataset.question);
	editing.hidden = false;
	gradio("question").focus();
}

function stopEditing() {
	replaces = "";
	editing.hidden = true;
	tellContext();
}

async function copy(button, turn) {
	const text = button.dataset.text;
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		const field = Object.assign(document.createElement("textarea"), { value: text, className: "sr" });
		document.body.append(field); // The clipboard needs https or this machine; the old way does not.
		field.select();
		document.execCommand("copy");
		field.remove();
		button.focus();
	}
	feedback.say(turn, t("Copied, with its sources."));
}

async function memo(button, turn) {
	try {
		const { conversation: of, turn: id } = turn.dataset;
		feedback.say(turn, t("Saved as {name}.", { name: await save(`memo/${of}/${id}?form=${button.dataset.form}`) }));
	} catch (error) {
		feedback.say(turn, error.message);
	}
}

const deeds = {
	copy,
	memo,
	retry: (_, turn) => {
		replaces = turn.dataset.turn;
		ask(turn.dataset.question);
	},
	edit: (_, turn) => edit(turn),
	like: (button, turn) => feedback.rate(button, turn, "like"),
	dislike: (button, turn) => feedback.rate(button, turn, "dislike"),
};

document.addEventListener("click", (event) => {
	const button = event.target.closest("button");
	if (!button) return;
	const turn = button.closest(".turn");
	if (button.matches(".cite")) source.openCitation(button, turn, button.dataset.cite);
	else if (button.matches(".source")) source.openCitation(button, turn, button.dataset.source);
	else if (button.matches(".card, .place")) source.openPlace(button);
	else if (button.matches(".ask-this")) ask(button.textContent);
	else if (button.matches(".advise")) advice.open(update);
	else if (button.dataset.do) deeds[button.dataset.do](button, turn);
	else if (button === toAnswer) lastTurn()?.querySelector(".cite, .place, .ask-this, .advise, [data-do]")?.focus();
	else if (button.id === "send") seeThatItIsAsked(event);
	else if (button.id === "stop") stop();
	else if (button.id === "new") switchTo(newIdentity());
	else if (button.id === "theme") changeTheme();
	else if (editing.contains(button)) {
		stopEditing();
		fill(gradio("question"), "");
		gradio("question").focus();
	}
});

document.addEventListener("keydown", (event) => {
	if (event.key === "Enter" && !event.shiftKey && event.target === gradio("question")) seeThatItIsAsked(event);
	if (event.key !== "Escape") return;
	if (source.close() || conversations.closeDrawer() || advice.close()) return;
	if (!editing.hidden) editing.querySelector("button").click();
	else if (asking()) stop();
	else window.strategyAssistantLeave?.(); // In a frame, whose page closes it.
});

addEventListener("pagehide", () => {
	if (asking()) stop(true);
});

function changeTheme() {
	const dark = matchMedia("(prefers-color-scheme: dark)").matches;
	const now = document.documentElement.dataset.theme;
	const shown = now === "light" || now === "dark" ? now : dark ? "dark" : "light";
	document.documentElement.dataset.theme = shown === "dark" ? "light" : "dark";
	remember("theme", document.documentElement.dataset.theme);
}

// --- beginning ---

// Gradio's own fields are made before the page's language is known.
function speak() {
	gradio("question").placeholder = t("Ask about your guidance");
	gradio("question").setAttribute("aria-label", t("Your question"));
	gradio("send").textContent = t("Ask");
	document.getElementById("stop").textContent = t("Stop");
}

function whenThere(find, then) {
	if (find()) return then(find());
	const waiting = new MutationObserver(() => {
		if (!find()) return;
		waiting.disconnect();
		then(find());
	});
	waiting.observe(document.body, { childList: true, subtree: true });
}

addEventListener("strategy-assistant:page", () => {
	namePage();
	tellContext();
});
connection.watch(breakOff, () => gradio("question")?.value ?? "", context);
remember("conversation", conversation);
watchState(() => advice.offer({ ask, changed: update }));
restore();
whenThere(
	() => gradio("context") && gradio("send") && document.getElementById("stream"),
	(stream) => {
		namePage();
		tellContext();
		speak();
		if (connection.typedBefore) fill(gradio("question"), connection.typedBefore);
		document.body.dataset.ready = "";
		// In a frame the focus is the page's around it, until the reader opens the frame.
		if (document.documentElement.dataset.embed === undefined && matchMedia("(min-width: 901px)").matches) gradio("question").focus();
		new MutationObserver(() => {
			const article = stream.querySelector("article.turn");
			if (article) take(article);
		}).observe(stream, { childList: true, subtree: true });
	},
);
