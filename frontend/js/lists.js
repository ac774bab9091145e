// Lists by keyboard: j and k (or arrows) move, Enter opens, x selects; and the count of what is selected.
import htmx from "htmx.org";

export function startLists() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", refresh);
  document.body.addEventListener("htmx:pushedIntoHistory", followAddress);
  document.body.addEventListener("htmx:afterSettle", followAddress);
  document.body.addEventListener("htmx:beforeSwap", rememberFacets);
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-select-all]")) selectAll(event.target);
    if (event.target.matches?.("[data-select-all], [data-select]")) count(event.target.closest("[data-list]"));
  });
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input:not([data-select]), textarea, select, [contenteditable], details.menu[open]")) return;
  const list = document.querySelector("[data-list]");
  if (!list) return;
  const rows = [...list.querySelectorAll("[data-row]")];
  const current = rows.findIndex((row) => row.classList.contains("is-current"));
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    go(rows, Math.min(Math.max(current + (event.key === "j" ? 1 : -1), 0), rows.length - 1));
  } else if (event.key === "x" && current >= 0) {
    rows[current].querySelector("[data-select]")?.click();
  } else if (event.key === "Enter" && current >= 0 && event.target.matches("body, [data-select]")) {
    event.preventDefault(); // Enter on a box would send the form
    rows[current].querySelector("[data-open]")?.click();
  }
}

function go(rows, index) {
  rows.forEach((row, place) => row.classList.toggle("is-current", place === index));
  const row = rows[index];
  row?.scrollIntoView({ block: "nearest" });
  const place = row?.querySelector("[data-open]") ?? row?.querySelector("[data-select]");
  place?.focus({ preventScroll: true });
}

function selectAll(box) {
  for (const other of box.closest("[data-list]").querySelectorAll("[data-select]")) other.checked = box.checked;
}

function count(list) {
  const selected = list.querySelectorAll("[data-select]:checked").length;
  const all = list.querySelectorAll("[data-select]").length;
  const head = list.querySelector("[data-select-all]");
  if (head) {
    head.checked = selected > 0 && selected === all;
    head.indeterminate = selected > 0 && selected < all;
  }
  for (const place of list.querySelectorAll("[data-selected-count]")) place.textContent = String(selected);
}

// Sorting, turning pages and dropping a filter refresh the results alone; the server says which address to show.
function refresh(event) {
  const link = event.target.closest?.("#list-part a[href^='?']:not([download])");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  htmx.ajax("GET", link.href, { source: "#list-part", target: "#list-part", swap: "innerHTML show:none" });
}

const PANELS = [".facets-panel", ".facets-more"];
let openPanels = [];

function rememberFacets() {
  openPanels = PANELS.filter((name) => document.querySelector(name)?.open);
}

function followAddress(event) {
  if (event.detail.elt.id !== "list-part") return;
  for (const name of PANELS) {
    const panel = document.querySelector(name);
    if (panel) panel.open ||= openPanels.includes(name);
  }
  const box = document.getElementById("list-q");
  if (box && document.activeElement !== box) box.value = new URLSearchParams(location.search).get("q") ?? "";
}
