// A page of a PDF as it is printed, with the cited words marked on it.

import { request } from "./identity.js";
import { t } from "./texts.js";

const sheet = document.getElementById("page-sheet");
const scroller = document.getElementById("page-scroller");
const number = document.getElementById("page-number");
const previous = document.getElementById("page-previous");
const next = document.getElementById("page-next");
const larger = document.getElementById("page-larger");

let place = null;
let page = 0;
let asked = 0;
let failed = () => {};

// Shows the page of a place, and calls ``otherwise`` with a line to read where it cannot be shown.
export function open(query, otherwise) {
	if (place?.toString() !== query.toString()) sheet.replaceChildren();
	place = query;
	failed = otherwise;
	page = 0;
	turn(0);
}

export function close() {
	asked += 1; // What is still on its way comes too late.
	sheet.replaceChildren();
}

async function turn(to) {
	const mine = (asked += 1);
	number.textContent = t("Drawing the page …");
	let drawn;
	try {
		drawn = await request(`page?${place}&page=${to}`);
	} catch (error) {
		if (mine === asked) failed(t(error.message));
		return;
	}
	if (mine !== asked) return;
	page = drawn.page;
	number.textContent = t("Page {n} of {m}", { n: page, m: drawn.pages });
	draw(drawn);
	bound(previous, next, page <= 1);
	bound(next, previous, page >= drawn.pages);
}

// At the end of the document a button cannot keep the focus, so the other one takes it.
function bound(button, other, atEnd) {
	const focused = document.activeElement === button;
	button.disabled = atEnd;
	if (!focused || !atEnd) return;
	other.disabled = false;
	other.focus();
}

function draw({ image, width, height, words, marks }) {
	const picture = Object.assign(document.createElement("img"), { src: image, width, height, alt: number.textContent });
	const said = document.createElement("figcaption");
	if (words && marks.length) {
		said.className = "sr";
		said.textContent = `${t("Marked on the page:")} ${words}`;
	} else if (words) said.textContent = t("The cited words could not be marked on this page.");
	sheet.replaceChildren(said, picture, ...marks.map(mark));
	look();
}

// A mark is left, top, width and height as shares of the picture's.
function mark(shares) {
	const box = document.createElement("span");
	box.className = "page-mark";
	["left", "top", "width", "height"].forEach((side, place) => { box.style[side] = `${100 * shares[place]}%`; });
	return box;
}

// The first mark comes into view, or else the top of the page.
function look() {
	const first = sheet.querySelector(".page-mark");
	scroller.scrollTo(0, 0);
	if (!first) return;
	const [box, view] = [first.getBoundingClientRect(), scroller.getBoundingClientRect()];
	scroller.scrollTo(box.left - view.left - view.width / 8, box.top - view.top - view.height / 4);
}

previous.addEventListener("click", () => step(-1));
next.addEventListener("click", () => step(1));

function step(by) {
	if (page) turn(page + by);
}

larger.addEventListener("click", () => {
	const pressed = larger.getAttribute("aria-pressed") !== "true";
	larger.setAttribute("aria-pressed", String(pressed));
	sheet.classList.toggle("larger", pressed);
	look();
});
