// Who this browser is, which conversation is open, and requests to the window's own addresses.

const kept = new Map();

export function recall(name) {
	try {
		return localStorage.getItem(`strategy-assistant.${name}`);
	} catch {
		return kept.get(name) ?? null;
	}
}

export function remember(name, value) {
	try {
		localStorage.setItem(`strategy-assistant.${name}`, value);
	} catch {
		kept.set(name, value); // Storage is off: it lasts as long as the page.
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
export async function request(path, { method = "GET", body, keepalive = false } = {}) {
	let response;
	try {
		response = await fetch(new URL(`window/${path}`, document.baseURI), {
			method,
			keepalive,
			headers: { "X-Browser": browser(), ...(body ? { "Content-Type": "application/json" } : {}) },
			body: body && JSON.stringify(body),
		});
	} catch {
		throw new Error("The assistant cannot be reached. Is it still running?");
	}
	const value = await response.json().catch(() => ({}));
	if (response.ok) return value;
	throw new Error(typeof value.detail === "string" ? value.detail : "That did not work; reload the page and try again.");
}
