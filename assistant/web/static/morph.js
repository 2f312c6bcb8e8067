// Brings an element up to date with a newer version of itself, leaving alone what has not changed, so that the focus
// stays where it is and a screen reader hears only what is new. Children are matched by data-key; those marked
// data-group are gone into, others are replaced whole.

const written = new WeakMap();

export function morph(element, newer) {
	for (const { name, value } of newer.attributes) if (element.getAttribute(name) !== value) element.setAttribute(name, value);
	for (const { name } of [...element.attributes]) if (!newer.hasAttribute(name)) element.removeAttribute(name);
	const present = new Map([...element.children].map((child) => [child.dataset.key, child]));
	let previous = null;
	for (const child of [...newer.children]) {
		const now = match(present.get(child.dataset.key), child);
		if (now === present.get(child.dataset.key)) present.delete(child.dataset.key);
		const here = previous ? previous.nextSibling : element.firstChild;
		if (now !== here) element.insertBefore(now, here);
		previous = now;
	}
	for (const gone of present.values()) gone.remove();
}

function match(old, child) {
	const html = child.outerHTML;
	if (old && "group" in old.dataset && "group" in child.dataset) {
		morph(old, child);
		return old;
	}
	if (old && written.get(old) === html) return old;
	written.set(child, html);
	return child;
}
