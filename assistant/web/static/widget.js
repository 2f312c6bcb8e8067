// The assistant on a page of your own: a button that opens the window in a frame, or the frame in an element of yours.
// docs/widget.md describes the attributes. No cookie, no storage, no request before the button is pressed.
(() => {
	const VERSION = 1;
	const ANSWER_MS = 2500;
	const LONGEST_MS = 20_000;
	const script = document.currentScript;
	if (!script?.src) {
		console.error("strategy-assistant: load widget.js by a plain script element with src, not as a module");
		return;
	}
	const base = new URL("./", script.src);
	const given = { ...script.dataset };

	// Some single-page applications run the scripts of a page again with each page of theirs. The same line then means
	// the widget that is there, and one whose line is gone with its page makes room.
	const here = Array.isArray(window.strategyAssistants) ? window.strategyAssistants : (window.strategyAssistants = []);
	const kind = JSON.stringify({ ...given, src: script.src, token: "", page: "" });
	const same = here.find((other) => other.kind === kind);
	same?.goOn(script, given);
	for (const other of [...here]) if (other.isGone()) other.leave();
	if (same) return;

	const TEXTS = /* texts */ {}; // By language, put in by the server.

	const language = (given.language || document.documentElement.lang || "en").toLowerCase().split("-")[0];
	const known = Object.hasOwn(TEXTS, language);
	const texts = known ? TEXTS[language] : TEXTS.en;
	const title = (given.title || texts.title).slice(0, 80);
	const one = (value, known) => (known.includes(value) ? value : known[0]);
	const position = one(given.position, ["bottom-right", "bottom-left", "top-right", "top-left"]);
	const theme = one(given.theme, ["auto", "light", "dark"]);
	const accent = given.accent && CSS.supports("color", given.accent) ? given.accent : "";
	const questions = (given.questions ?? "").split("|").map((text) => text.trim()).filter(Boolean);
	// What the page is about, for a question that leans on it; nothing is said of it unless the attribute is there.
	const page = () => (given.page === "title" ? document.title : given.page ?? "").trim().slice(0, 200);
	const size = (value, usual) => (/^\d{2,4}(px|rem|em|vh|vw|%)$/.test(value ?? "") ? value : usual);

	// A sheet made by script is let through by a host's style-src, which an element or an attribute is not.
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(`
		:host { all: initial !important; color-scheme: light !important; --ink: #1b2126; --paper: #fff; --line: #8b867b;
			--accent: var(--strategy-assistant-accent, #1d4e5f); --accent-ink: var(--strategy-assistant-accent-ink, #fff); }
		@supports (color: lch(from red l c h)) { /* Black or white, whichever is read better on the colour. */
			:host { --accent-ink: var(--strategy-assistant-accent-ink, lch(from var(--accent) calc((50 - l) * infinity) 0 0)); }
		}
		:host([data-dark]) { color-scheme: dark !important; --ink: #e9e7e2; --paper: #1c2125; --line: #7b858d; }
		:host([data-inline]) { display: block !important; }
		* { box-sizing: border-box; font: 16px/1.45 var(--strategy-assistant-font, system-ui, sans-serif); }
		button { cursor: pointer; }
		.button { position: fixed; z-index: 2147483000; display: flex; align-items: center; gap: 10px; min-height: 52px; padding: 0 20px 0 16px;
			max-inline-size: calc(100vw - 40px); border: 2px solid var(--accent-ink); border-radius: 26px; background: var(--accent); color: var(--accent-ink); font-weight: 600; box-shadow: 0 4px 16px rgb(0 0 0 / 25%); }
		.button:focus-visible { outline: 3px solid #000; outline-offset: 3px; box-shadow: 0 0 0 8px #fff; } /* Seen on any page. */
		.button svg { width: 24px; height: 24px; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
		.panel { display: flex; flex-direction: column; overflow: hidden; border: 1px solid var(--line); background: var(--paper); color: var(--ink); }
		.floating { position: fixed; z-index: 2147483001; width: min(var(--width), calc(100vw - 32px)); height: min(var(--height), calc(100dvh - 32px)); border-radius: 16px; box-shadow: 0 8px 40px rgb(0 0 0 / 30%); }
		.inline { position: relative; width: 100%; height: var(--height); border-radius: 12px; }
		.bottom-right { inset: auto 20px 20px auto; } .bottom-left { inset: auto auto 20px 20px; }
		.top-right { inset: 20px 20px auto auto; } .top-left { inset: 20px auto auto 20px; }
		header { display: flex; align-items: center; gap: 8px; padding: 4px 6px 4px 16px; background: var(--accent); color: var(--accent-ink); }
		header h2 { flex: 1; margin: 0; min-width: 0; font-weight: 600; overflow-wrap: anywhere; }
		header button { min-width: 44px; min-height: 44px; border: 0; border-radius: 8px; background: none; color: inherit; }
		header button:focus-visible { outline-color: var(--accent-ink); outline-offset: -4px; }
		iframe { flex: 1; min-height: 0; width: 100%; border: 0; }
		.state { margin: auto; padding: 24px 28px; max-width: 34em; text-align: center; }
		.state::before { content: ""; display: block; width: 28px; height: 28px; margin: 0 auto 14px; border: 3px solid var(--line); border-top-color: var(--accent); border-radius: 50%; animation: turn 0.9s linear infinite; }
		.state:has(button)::before { display: none; }
		@keyframes turn { to { rotate: 1turn; } }
		.state button { display: block; margin: 16px auto 0; min-height: 44px; padding: 0 18px; border: 1px solid currentColor; border-radius: 8px; background: none; color: inherit; }
		.state button:focus-visible { outline: 3px solid currentColor; outline-offset: 3px; }
		[hidden] { display: none !important; }
		@media print { .button, .floating { display: none; } }
		@media (max-width: 520px) { .floating { inset: 0; width: 100vw; height: 100dvh; border: 0; border-radius: 0; } }
		@media (prefers-reduced-motion: reduce) { .state::before { animation: none; } }
		@media (forced-colors: active) { .button, .panel { border: 2px solid; } }
	`);

	const make = (name, values = {}, ...children) => {
		const element = Object.assign(document.createElement(name), values);
		element.append(...children);
		return element;
	};

	const place = make("strategy-assistant");
	const shadow = place.attachShadow({ mode: "open" });
	shadow.adoptedStyleSheets = [sheet];
	place.style.setProperty("--width", size(given.width, "420px"));
	place.style.setProperty("--height", size(given.height, "640px"));
	if (accent) place.style.setProperty("--strategy-assistant-accent", accent);
	const dark = matchMedia("(prefers-color-scheme: dark)");
	const showTheme = () => place.toggleAttribute("data-dark", theme === "dark" || (theme === "auto" && dark.matches));
	dark.addEventListener("change", showTheme);
	showTheme();

	const inline = Boolean(given.target);
	place.toggleAttribute("data-inline", inline);
	const button = make("button", { type: "button", className: `button ${position}`, dir: texts.direction }, icon(), make("span", { textContent: texts.open }));
	button.setAttribute("aria-expanded", "false");
	button.setAttribute("aria-haspopup", "dialog");
	const closer = make("button", { type: "button", textContent: "✕" });
	closer.setAttribute("aria-label", texts.close);
	const state = make("p", { className: "state" });
	state.setAttribute("role", "status");
	const panel = make("section", { className: `panel ${inline ? "inline" : `floating ${position}`}`, hidden: true, lang: known ? language : "en", dir: texts.direction });
	panel.setAttribute("role", inline ? "region" : "dialog");
	panel.setAttribute("aria-label", title);
	panel.append(...(inline ? [] : [make("header", {}, make("h2", { textContent: title }), closer)]), state);
	shadow.append(...(inline ? [] : [button]), panel);

	function icon() {
		const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
		picture.setAttribute("viewBox", "0 0 24 24");
		picture.setAttribute("aria-hidden", "true");
		const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
		line.setAttribute("d", "M4 5h16v11H10l-5 4v-4H4z M8 9h8 M8 12h5");
		picture.append(line);
		return picture;
	}

	let frame = null;
	let ready = false;
	let wantsFocus = false;
	let told = "";
	const tell = (type, more = {}) => frame?.contentWindow?.postMessage({ strategyAssistant: VERSION, type, ...more }, base.origin);

	function load() {
		frame?.remove();
		ready = false;
		show(navigator.onLine ? texts.loading : texts.offline, !navigator.onLine);
		if (!navigator.onLine) return;
		const address = new URL("./", base);
		address.searchParams.set("embed", window.origin);
		if (known) address.searchParams.set("language", language);
		frame = make("iframe", { title, src: address.href, hidden: true });
		frame.allow = "clipboard-write";
		frame.referrerPolicy = "no-referrer";
		// A service that is not there loads as the browser's own page and never speaks, or does not load at all.
		const mine = frame;
		const giveUp = () => { if (mine === frame && !ready) show(texts.away, true); };
		frame.addEventListener("load", () => setTimeout(giveUp, ANSWER_MS));
		setTimeout(giveUp, LONGEST_MS);
		panel.append(frame);
	}

	function show(line, again = false) {
		state.replaceChildren(line);
		if (again) state.append(make("button", { type: "button", textContent: texts.retry, onclick: load }));
		state.hidden = !line;
		if (frame) frame.hidden = Boolean(line);
	}

	addEventListener("message", (event) => {
		const message = event.data;
		if (!frame || event.source !== frame.contentWindow || event.origin !== base.origin || message?.strategyAssistant !== VERSION) return;
		if (message.type === "ready") {
			ready = true;
			show("");
			const style = getComputedStyle(place);
			const [accent, font] = ["accent", "font"].map((name) => style.getPropertyValue(`--strategy-assistant-${name}`).trim());
			tell("hello", { theme, accent, font, greeting: given.greeting ?? "", questions, page: (told = page()), token: given.token ?? "" });
			if (wantsFocus) {
				wantsFocus = false; // A frame that a page puts elsewhere loads anew, and must not take the focus then.
				frame.focus();
				tell("focus");
			}
		} else if (message.type === "refused") {
			ready = true; // It has spoken: nothing more is waited for.
			show(texts.refused, true);
			ready = false;
		} else if (message.type === "close") close();
		else if (message.type === "token-wanted") {
			const give = (token) => tell("token", { token: String(token) });
			place.dispatchEvent(new CustomEvent("strategy-assistant:token", { bubbles: true, detail: { give } }));
		}
	});

	function open(focus = true) {
		panel.hidden = false;
		button.hidden = true;
		button.setAttribute("aria-expanded", "true");
		wantsFocus = focus && !inline;
		if (!frame || !ready) load();
		if (!wantsFocus) return;
		if (ready) {
			frame.focus();
			tell("focus");
		} else closer.focus();
	}

	function close() {
		if (inline || panel.hidden) return;
		panel.hidden = true;
		button.hidden = false;
		button.setAttribute("aria-expanded", "false");
		button.focus();
	}

	// For the webmaster: a reader cannot mend the page's own policy.
	document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
		if (!frame || ready || effectiveDirective !== "frame-src" || !blockedURI.startsWith(base.origin)) return;
		console.error(`strategy-assistant: this page's content security policy needs "frame-src ${base.origin}"`);
		show(texts.away, true);
	});
	addEventListener("online", () => {
		if (!panel.hidden && !ready) load();
	});
	button.addEventListener("click", () => open());
	closer.addEventListener("click", close);
	panel.addEventListener("keydown", (event) => {
		if (event.key === "Escape") close();
	});

	// A single-page application may replace the whole body: the widget goes back to its place.
	function settle() {
		const home = inline ? document.querySelector(given.target) : document.body;
		if (home && place.parentNode !== home) {
			ready = false; // A frame that is put elsewhere loads anew.
			home.append(place);
			settled += 1;
		}
		if (home && inline && panel.hidden) open(false);
	}
	let settled = 0;
	let mine = script;
	here.push({
		kind,
		isGone: () => !mine.isConnected && settled > 0 && (settled > 1 || !place.isConnected),
		goOn: (next, values) => {
			mine = next;
			Object.assign(given, { token: values.token, page: values.page });
			if (ready && given.token) tell("token", { token: given.token });
			if (!place.isConnected) settleSafely();
		},
		leave: () => {
			watch.disconnect();
			panel.hidden = true;
			frame = null;
			place.remove();
			here.splice(here.findIndex((other) => other.kind === kind), 1);
		},
	});
	const settleSafely = () => { try { settle(); } catch { console.error("strategy-assistant: data-target is no selector"); watch.disconnect(); } };
	const watch = new MutationObserver(() => {
		if (!place.isConnected) settleSafely();
		if (ready && page() !== told) tell("page", { page: (told = page()) });
	});
	watch.observe(document.documentElement, { childList: true, subtree: true });
	if (document.body) settleSafely();
	else addEventListener("DOMContentLoaded", settleSafely);
	if (given.open === "true" && !inline) open(false);
})();
