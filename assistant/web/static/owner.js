// While the documents are being read or compared: how far that is, and the page anew at its end. Everything else needs no script.
(() => {
	if (document.getElementById("again")) setTimeout(() => location.reload(), 3000);
	const work = document.getElementById("work");
	if (work?.dataset.running === undefined) return;
	const line = document.getElementById("line");
	const bar = document.getElementById("done");
	async function look() {
		try {
			const told = await (await fetch(new URL("progress", location.href))).json();
			if (line.textContent !== told.line) line.textContent = told.line;
			bar.hidden = !told.total;
			if (told.total) {
				bar.max = told.total;
				bar.value = told.done;
			}
			if (!told.running) {
				location.replace(new URL("./", location.href));
				return;
			}
		} catch {
			line.textContent = "The service cannot be reached.";
		}
		setTimeout(look, 1000);
	}
	setTimeout(look, 500);
})();
