// The list of earlier conversations.

import { request } from "./identity.js";
import { language, t } from "./texts.js";

const list = document.getElementById("conversations");
const drawer = document.getElementById("drawer");
const menu = document.getElementById("menu");
const main = document.getElementById("main");
const DAY_MS = 86_400_000;

export async function refresh(current, { open, removed }) {
	const lines = await request("conversations").catch(() => []);
	document.getElementById("no-conversations").hidden = lines.length > 0;
	list.replaceChildren(...lines.map((line) => row(line, current, open, removed)));
}

function row(line, current, open, removed) {
	const item = document.createElement("li");
	const reopen = button("reopen", "");
	const title = Object.assign(document.createElement("span"), { className: "title", textContent: line.title });
	reopen.append(title, Object.assign(document.createElement("span"), { className: "day", textContent: dayOf(new Date(line.updated)) }));
	if (line.id === current) reopen.setAttribute("aria-current", "true");
	reopen.addEventListener("click", () => open(line.id));
	const remove = button("remove", t("Delete"));
	const name = t("Delete the conversation: {title}", { title: line.title });
	remove.setAttribute("aria-label", name);
	remove.addEventListener("click", async () => {
		if (!remove.classList.contains("sure")) {
			remove.classList.add("sure");
			remove.textContent = t("Delete for good?");
			remove.setAttribute("aria-label", t("Delete for good?"));
			announce(t("Delete for good?"));
			return;
		}
		await request(`conversations/${line.id}`, { method: "DELETE" }).catch(() => {});
		await removed(line.id);
		announce(t("Deleted."));
		// The button that had the focus is gone.
		if (document.activeElement === document.body) (list.querySelector(".reopen") ?? document.getElementById("new")).focus();
	});
	remove.addEventListener("blur", () => {
		remove.classList.remove("sure");
		remove.textContent = t("Delete");
		remove.setAttribute("aria-label", name);
	});
	item.append(reopen, remove);
	return item;
}

// Today and yesterday by name, others by date, with the year where it is not this one.
function dayOf(date) {
	const spoken = language === "en" ? undefined : language;
	const today = new Date();
	const ago = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / DAY_MS);
	if (ago === 0 || ago === 1) return new Intl.RelativeTimeFormat(spoken, { numeric: "auto" }).format(-ago, "day");
	const year = date.getFullYear() === today.getFullYear() ? {} : { year: "numeric" };
	return date.toLocaleDateString(spoken, { day: "numeric", month: "short", ...year });
}

// To a screen reader, which does not tell that a button under the focus is called otherwise now.
function announce(line) {
	document.getElementById("announce").textContent = line;
}

function button(name, text) {
	return Object.assign(document.createElement("button"), { type: "button", className: name, textContent: text });
}

export function toggle(open = drawer.dataset.open === undefined) {
	if (open) drawer.dataset.open = "";
	else delete drawer.dataset.open;
	menu.setAttribute("aria-expanded", String(open));
	main.inert = open; // It lies under the drawer, which opens only where there is no room beside it.
	if (open) drawer.querySelector("button")?.focus();
}

export function closeDrawer() {
	if (drawer.dataset.open === undefined) return false;
	toggle(false);
	menu.focus();
	return true;
}

menu.addEventListener("click", () => toggle());
document.addEventListener("pointerdown", (event) => {
	if (drawer.dataset.open !== undefined && !event.target.closest("#drawer, #top")) toggle(false);
});
