// The webmaster's page: choices become a snippet and a preview.
(() => {
	const choices = document.getElementById("choices");
	const snippet = document.getElementById("snippet");
	const preview = document.getElementById("preview");
	const usual = { position: "bottom-right", theme: "auto" };
	const escaped = (text) => text.replace(/[&"<>]/g, (sign) => ({ "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" })[sign]);

	function build() {
		const attributes = [...new FormData(choices)]
			.filter(([name, value]) => value && value !== usual[name])
			.map(([name, value]) => ` data-${name}="${escaped(value)}"`);
		snippet.textContent = `<script src="${escaped(new URL("widget.js", document.baseURI).href)}"${attributes.join("")}></script>`;
		const target = choices.elements.target.value;
		const element = /^#[\w-]+$/.test(target) ? `<div id="${target.slice(1)}"></div>` : "";
		preview.srcdoc = `<!doctype html><html lang="${document.documentElement.lang}"><meta name="viewport" content="width=device-width"><title>Preview</title><p>Your page.</p>${element}${snippet.textContent}</html>`;
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
			said.textContent = "Copied.";
		} catch {
			getSelection().selectAllChildren(snippet);
			said.textContent = "Selected; copy it with the keyboard.";
		}
	});
	document.getElementById("check").addEventListener("submit", async (event) => {
		event.preventDefault();
		const line = document.getElementById("verdict");
		try {
			const site = new FormData(event.target).get("site");
			const address = new URL("widget/check", document.baseURI);
			address.searchParams.set("site", site);
			const answer = await (await fetch(address)).json();
			line.textContent = answer.line ?? answer.detail;
		} catch {
			line.textContent = "The service cannot be reached.";
		}
	});
	build();
})();
