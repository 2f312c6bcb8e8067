// The row of passages is one stop for the Tab key, so that the numbers of the answer come soon after it; within it the
// arrow keys, Home and End go from card to card.

const STEPS = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
	const card = event.target.closest?.(".card");
	if (!card || !(event.key in STEPS) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
	const row = [...card.closest(".cards").querySelectorAll(".card")];
	const turned = event.key.startsWith("Arrow") && getComputedStyle(card).direction === "rtl" ? -1 : 1;
	const to = Math.min(Math.max(row.indexOf(card) + turned * STEPS[event.key], 0), row.length - 1);
	event.preventDefault();
	row[to].focus();
});

// The Tab key comes back to where the reader was.
document.addEventListener("focusin", (event) => {
	const card = event.target.closest?.(".card");
	for (const other of card?.closest(".cards").querySelectorAll(".card") ?? []) other.tabIndex = other === card ? 0 : -1;
});
