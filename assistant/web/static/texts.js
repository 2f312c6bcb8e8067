// What the page says, in its language; one that has no text for it says it in English.

const element = document.getElementById("texts");
const texts = JSON.parse(element.textContent);

export const language = element.lang;

// Gradio takes the page for one in the browser's language as soon as it starts.
const root = document.documentElement;
const keep = () => { if (root.lang !== language) root.lang = language; };
keep();
new MutationObserver(keep).observe(root, { attributes: true, attributeFilter: ["lang"] });

export const t = (english, values = {}) => (texts[english] ?? english).replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
