// Menus are <details>: open and close without a script; this closes them on Escape, outside clicks and focus leaving.
export function startMenus() {
  const close = (menu, { focus = false } = {}) => {
    menu.open = false;
    if (focus) menu.querySelector("summary")?.focus();
  };
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) close(menu);
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) close(menu);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) close(menu, { focus: true });
      else if (location.hash === "#areas") location.hash = "#main";
      else event.target.closest?.("section")?.querySelector("[data-cancel]")?.click();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") moveInMenu(event);
  });
}

function moveInMenu(event) {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu || event.target.matches("input, select, textarea")) return;
  const items = [...menu.querySelectorAll(".menu-panel a, .menu-panel button, .menu-panel input")];
  const next = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  items[(next + items.length) % items.length]?.focus();
  event.preventDefault();
}
