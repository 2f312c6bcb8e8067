// The webmaster's page: choices become a snippet and a preview.

import { language, t } from "./texts.js";

(() => {
	const choices = document.getElementById("choices");
	const snippet = document.getElementById("snippet");
	const preview = document.getElementById("preview");
	const usual = { position: "bottom-right", theme: "auto" };
	const escaped = (text) => text.replace(/[&"<>]/g, (sign) => ({ "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" })[sign]);
	const service = new URL("./", document.baseURI).href;
	const local = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);

	// A page as one has it on an intranet: a heading and grey lines.
	const page = (lines) => `<!doctype html><html lang="${language}" dir="${document.documentElement.dir}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(t("Your page"))}</title>
		<style>:root{color-scheme:light}body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#3b4248;background:#fff}header{padding:16px 28px;background:#e8e6e1;font-weight:600}
		main{padding:12px 28px}i{display:block;height:12px;margin:14px 0;border-radius:6px;background:#eceae6}i:nth-of-type(3n){width:62%}</style>
		<header>Intranet</header><main><h1>${escaped(t("Your page"))}</h1>${"<i></i>".repeat(9)}${lines}</main></html>`;

	const value = (name, text) => (name === "questions" ? text.split("\n").map((line) => line.trim()).filter(Boolean).slice(0, 6).join(" | ") : text);

	function build() {
		const accent = choices.elements.accent.value.trim();
		document.getElementById("colour-fault").textContent = accent && !CSS.supports("color", accent) ? t("That is no colour; write it such as #1d4e5f or darkgreen.") : "";
		const attributes = [...new FormData(choices)]
			.map(([name, text]) => [name, value(name, text)])
			.filter(([name, text]) => text && text !== usual[name])
			.map(([name, text]) => ` data-${name}="${escaped(text)}"`);
		snippet.textContent = `<script src="${escaped(service)}widget.js"${attributes.join("")}></script>`;
		const target = choices.elements.target.value;
		const element = /^#[\w-]+$/.test(target) ? `<div id="${target.slice(1)}"></div>` : "";
		preview.srcdoc = page(element + snippet.textContent);
	}

	function offerLanguages() {
		const list = choices.elements.language;
		for (const code of list.dataset.codes.split(" ")) {
			let name = code;
			try {
				name = new Intl.DisplayNames([code], { type: "language" }).of(code);
			} catch { /* The browser has no name for it: the code has to do. */ }
			list.append(new Option(name.charAt(0).toLocaleUpperCase(code) + name.slice(1), code));
		}
	}

	let soon;
	choices.addEventListener("input", () => {
		clearTimeout(soon);
		soon = setTimeout(build, 300);
	});
	choices.addEventListener("submit", (event) => event.preventDefault());
	document.getElementById("copy").addEventListener("click", async () => {
		const said = document.getElementById("copied");
		try {
			await navigator.clipboard.writeText(snippet.textContent);
			said.textContent = t("Copied.");
		} catch {
			getSelection().selectAllChildren(snippet);
			said.textContent = t("Selected; copy it with the keyboard.");
		}
	});
	document.getElementById("check").addEventListener("submit", async (event) => {
		event.preventDefault();
		const line = document.getElementById("verdict");
		const site = new FormData(event.target).get("site");
		let told = { allowed: false, line: t("The service cannot be reached.") };
		try {
			const address = new URL("widget/check", document.baseURI);
			address.searchParams.set("site", site);
			address.searchParams.set("language", language);
			const answer = await (await fetch(address)).json();
			told = { allowed: answer.allowed ?? false, line: answer.line ?? answer.detail };
		} catch { /* The line says so. */ }
		if (told.allowed && location.protocol === "http:" && !local && site.trim().toLowerCase().startsWith("https:")) {
			told = { allowed: false, line: `${told.line} ${t("But a page with HTTPS cannot show a service without it: serve the assistant by HTTPS.")}` };
		}
		line.className = told.allowed ? "" : "refused";
		line.textContent = told.line;
	});
	const origin = new URL(service).origin;
	document.getElementById("policy").textContent = `script-src ${origin}; frame-src ${origin}`;
	offerLanguages();
	build();
})();
