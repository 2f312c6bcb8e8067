// The window inside a frame of another page: compact, and told by that page's widget who asks and how to look.
// Runs before everything else, so that no request goes out without the token.
(() => {
	const VERSION = 1;
	const GREETING_MS = 5000;
	const embed = new URLSearchParams(location.search).get("embed");
	if (embed === null) return;
	const root = document.documentElement;
	root.dataset.embed = "";
	let host = "";
	try {
		if (new URL(embed).origin === embed && parent !== window) host = embed;
	} catch { /* A plain frame without the widget: there is nobody to talk to. */ }
	if (!host) return;

	const said = (window.strategyAssistantHost = { questions: [], page: "" });
	let token = "";
	let greet;
	const greeted = new Promise((resolve) => { greet = resolve; setTimeout(resolve, GREETING_MS); });
	const renewed = new Set(); // Requests that wait for another token.
	const say = (type) => parent.postMessage({ strategyAssistant: VERSION, type }, host);

	addEventListener("message", (event) => {
		const message = event.data;
		if (event.source !== parent || event.origin !== host || message?.strategyAssistant !== VERSION) return;
		if (message.type === "hello") {
			if (typeof message.token === "string") token = message.token;
			dress(message);
			listen(message);
			greet();
		} else if (message.type === "token" && typeof message.token === "string") {
			token = message.token;
			renewed.forEach((go) => go());
			renewed.clear();
		} else if (message.type === "page") {
			listen(message);
		} else if (message.type === "focus") {
			focusSoon(100);
		}
	});

	function listen({ questions, page }) {
		if (Array.isArray(questions)) said.questions = questions.filter((text) => typeof text === "string").slice(0, 6).map((text) => text.slice(0, 300));
		if (typeof page !== "string") return;
		said.page = page.slice(0, 200);
		dispatchEvent(new Event("strategy-assistant:page"));
	}

	function focusSoon(tries) {
		const field = document.querySelector("#question textarea");
		if (field && document.body.dataset.ready !== undefined) {
			if (document.hasFocus()) field.focus();
		} else if (tries > 0) setTimeout(() => focusSoon(tries - 1), 100);
	}

	function dress({ theme, accent, font, greeting }) {
		if (theme === "light" || theme === "dark") root.dataset.theme = theme;
		if (typeof accent === "string" && CSS.supports("color", accent)) {
			root.dataset.accent = "";
			root.style.setProperty("--accent", accent);
			root.style.setProperty("--accent-ink", inkOn(accent));
		}
		if (typeof font === "string" && font.length <= 200 && CSS.supports("font-family", font)) root.style.setProperty("--ui", font);
		if (typeof greeting === "string" && greeting) {
			const put = () => { document.querySelector("#welcome h2").textContent = greeting.slice(0, 300); };
			if (document.readyState === "loading") addEventListener("DOMContentLoaded", put);
			else put();
		}
	}

	// Black or white, whichever is read better on the colour (WCAG's relative luminance).
	function inkOn(colour) {
		const canvas = document.createElement("canvas").getContext("2d");
		canvas.fillStyle = colour;
		canvas.fillRect(0, 0, 1, 1);
		const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => ((part / 255 + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000000" : "#ffffff";
	}

	const plainFetch = window.fetch.bind(window);
	window.fetch = async (input, init = {}) => {
		const request = input instanceof Request ? input : null;
		if (new URL(request ? request.url : input, document.baseURI).origin !== location.origin) return plainFetch(input, init);
		await greeted;
		const send = () => {
			const headers = new Headers(init.headers ?? request?.headers);
			if (token) headers.set("Authorization", `Bearer ${token}`);
			return plainFetch(request ? request.clone() : input, { ...init, headers });
		};
		const response = await send();
		if (response.status !== 401) return response;
		say("token-wanted");
		await new Promise((resolve) => { renewed.add(resolve); setTimeout(resolve, GREETING_MS); });
		return send();
	};

	window.strategyAssistantLeave = () => say("close");
	say("ready");
})();
