// Helpful or not, and why.

import { request } from "./identity.js";
import { t } from "./texts.js";

const REASONS = ["Wrong", "Incomplete", "Not what I asked", "Wrong words cited", "Hard to read"];
const safe = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export async function rate(button, turn, rating) {
	const id = turn.dataset.turn;
	turn.querySelector("form.reason")?.remove();
	try {
		await request("feedback", { method: "POST", body: { turn: id, rating } });
	} catch (error) {
		return say(turn, error.message);
	}
	for (const other of turn.querySelectorAll("[data-do=like], [data-do=dislike]")) {
		other.setAttribute("aria-pressed", String(other === button));
	}
	say(turn, rating === "like" ? t("Noted. Thank you.") : "");
	if (rating === "dislike") askWhy(turn, id, button);
}

function askWhy(turn, id, button) {
	const form = document.createElement("form");
	form.className = "reason";
	form.innerHTML = `<fieldset><legend>${safe(t("What was wrong with it?"))}</legend><div class="choices"></div>
		<label>${safe(t("In your words"))} <span>${safe(t("(optional)"))}</span><textarea name="words" rows="2" maxlength="1800"></textarea></label>
		<div class="buttons"><button class="send" type="submit">${safe(t("Send"))}</button><button class="link" type="button">${safe(t("Not now"))}</button></div></fieldset>`;
	for (const reason of REASONS) {
		const label = document.createElement("label");
		label.append(Object.assign(document.createElement("input"), { type: "radio", name: "why", value: reason }), t(reason));
		form.querySelector(".choices").append(label);
	}
	form.querySelector("button.link").addEventListener("click", () => leave(form, button));
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		const values = new FormData(form);
		const reason = [values.get("why"), values.get("words").trim()].filter(Boolean).join(": ");
		try {
			await request("feedback", { method: "POST", body: { turn: id, rating: "dislike", reason } });
			say(turn, t("Noted. Thank you."));
		} catch (error) {
			say(turn, error.message);
		}
		leave(form, button);
	});
	turn.querySelector(".actions").after(form);
	form.querySelector("input").focus();
	form.scrollIntoView({ block: "nearest" });
}

function leave(form, button) {
	form.remove();
	button.focus();
}

export function say(turn, line) {
	const actions = turn.querySelector(".actions");
	let said = actions.querySelector(".said");
	if (!said) {
		said = Object.assign(document.createElement("span"), { className: "said" });
		said.setAttribute("role", "status");
		actions.append(said);
	}
	said.textContent = line;
}
