(() => {
  "use strict";
  const cases = [...document.querySelectorAll(".case")];
  const chosen = (id) => (document.getElementById(id) || { value: "" }).value;
  const texts = new Map();
  // Read when it is first searched for: a long report opens faster without.
  const textOf = (one) => {
    if (!texts.has(one)) {
      const answer = one.querySelector(".answer");
      texts.set(one, one.dataset.text + " " + (answer ? answer.textContent.toLowerCase() : ""));
    }
    return texts.get(one);
  };
  const show = () => {
    const words = chosen("search").toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const one of cases) {
      const fits =
        ["grade", "kind", "moved"].every((name) => !chosen(name) || one.dataset[name] === chosen(name)) &&
        (!chosen("section") || one.dataset.about.includes("|" + chosen("section") + "|")) &&
        (!words.length || words.every((word) => textOf(one).includes(word)));
      one.hidden = !fits;
      count += fits;
    }
    document.getElementById("count").textContent = count + " of " + cases.length + " shown";
  };
  for (const id of ["grade", "kind", "section", "moved", "search"]) {
    document.getElementById(id)?.addEventListener("input", show);
  }
  // Links from the top and from the map show the cases that they speak of, and no others.
  for (const link of document.querySelectorAll("a[data-grade], a[data-section]")) {
    link.addEventListener("click", () => {
      for (const id of ["grade", "kind", "section", "moved", "search"]) {
        const field = document.getElementById(id);
        if (field) field.value = link.dataset[id] || "";
      }
      show();
    });
  }
  const button = document.getElementById("open");
  button.addEventListener("click", () => {
    const opening = button.textContent.startsWith("Open");
    for (const one of cases) if (!one.hidden) one.open = opening;
    button.textContent = opening ? "Close all" : "Open all shown";
  });
  // A printed page cannot be opened, so what failed is printed in full.
  window.addEventListener("beforeprint", () => {
    for (const one of cases) if (!one.hidden && one.dataset.grade !== "good") one.open = true;
  });
  show();
})();
