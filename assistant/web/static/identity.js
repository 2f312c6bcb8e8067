// Who this browser is, which conversation is open, and requests to the window's own addresses.

import { t } from "./texts.js";

const kept = new Map();

export function recall(name) {
	if (kept.has(name)) return kept.get(name);
	try {
		return localStorage.getItem(`strategy-assistant.${name}`);
	} catch {
		return null;
	}
}

export function remember(name, value) {
	try {
		localStorage.setItem(`strategy-assistant.${name}`, value);
		kept.delete(name);
	} catch {
		kept.set(name, value); // Storage is off or full: it lasts as long as the page.
	}
}

// 128 random bits; crypto.randomUUID is missing on plain http addresses of an intranet.
export function newIdentity() {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function browser() {
	if (!/^[0-9a-f]{32}$/.test(recall("browser") ?? "")) remember("browser", newIdentity());
	return recall("browser");
}

// Answers with what the server says, or throws an Error whose message is one line for the reader.
export async function request(path, options = {}) {
	const response = await send(path, options);
	return response.json().catch(() => ({}));
}

// Saves what the server says as the file that it names.
export async function save(path) {
	const response = await send(path);
	const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "memo";
	const address = URL.createObjectURL(await response.blob());
	const link = Object.assign(document.createElement("a"), { href: address, download: name });
	document.body.append(link);
	link.click();
	link.remove();
	setTimeout(() => URL.revokeObjectURL(address), 60_000); // The browser may still be asking where to put it.
	return name;
}

async function send(path, { method = "GET", body, keepalive = false } = {}) {
	let response;
	try {
		response = await fetch(new URL(`window/${path}`, document.baseURI), {
			method,
			keepalive,
			headers: { "X-Browser": browser(), ...(body ? { "Content-Type": "application/json" } : {}) },
			body: body && JSON.stringify(body),
		});
	} catch {
		throw new Error(t("The assistant cannot be reached. Is it still running?"));
	}
	if (response.ok) return response;
	const { detail } = await response.json().catch(() => ({}));
	throw new Error(typeof detail === "string" ? t(detail) : t("That did not work; reload the page and try again."));
}
