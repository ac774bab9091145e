// The search box: "/" goes to it, arrows walk the suggestions that htmx brings.
export function startSearch() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const box = document.querySelector("[data-search-box]");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
  for (const box of document.querySelectorAll("[data-search-box]")) attach(box);
}

function attach(box) {
  const list = document.getElementById(box.getAttribute("aria-controls"));
  if (!list) return;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const select = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    list.replaceChildren();
    box.setAttribute("aria-expanded", "false");
    select(null);
  };
  list.addEventListener("htmx:afterSwap", () => box.setAttribute("aria-expanded", String(options().length > 0)));
  box.addEventListener("keydown", (event) => {
    const found = options();
    const current = found.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!found.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      select(found[(current + step + found.length) % found.length]);
    } else if (event.key === "Enter" && current >= 0) {
      event.preventDefault();
      found[current].click();
    } else if (event.key === "Escape" && list.childElementCount) {
      event.stopPropagation();
      close();
    }
  });
  document.addEventListener("click", (event) => {
    if (!list.contains(event.target) && event.target !== box) close();
  });
  box.closest("form").addEventListener("focusout", (event) => {
    if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) close();
  });
}
