// What every exchange with the server needs: a bar while it lasts, the token, focus that is never lost, notes on failure.
import { startChartsIn } from "./charts.js";
import { csrfToken, say } from "./text.js";
import { startZoomIn } from "./zoom.js";

let running = 0;
let edited = ""; // the section that the last exchange started from

export function startSwaps() {
  const body = document.body;
  body.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  body.addEventListener("htmx:beforeRequest", (event) => {
    edited = event.detail.elt.closest("section[id]")?.id ?? "";
    if (!event.detail.elt.closest("[data-quiet]")) showBar(1);
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.elt.closest("[data-quiet]")) showBar(-1);
  });
  body.addEventListener("htmx:beforeSwap", keepNotes);
  body.addEventListener("htmx:afterSettle", (event) => {
    startChartsIn(event.detail.elt);
    startZoomIn(event.detail.elt);
    restoreFocus(event.detail.elt);
    floatNotes();
  });
  body.addEventListener("htmx:sendError", () => note(say("offline"), "error"));
  body.addEventListener("click", (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) {
      event.preventDefault();
      dismiss.closest(".toast-note")?.remove();
    }
  });
  floatNotes();
}

function showBar(step) {
  running = Math.max(0, running + step);
  document.querySelector(".loading-bar")?.classList.toggle("is-loading", running > 0);
}

// A whole page sent in answer to a failed exchange is opened as a page, not poured into a corner of this one.
function keepNotes(event) {
  const { xhr } = event.detail;
  if (xhr.status >= 400 && xhr.status !== 422 && !xhr.getResponseHeader("X-Motrice-Fragment")) {
    event.detail.shouldSwap = false;
    note(say(xhr.status >= 500 ? "failed" : "refused"), "error");
  }
}

// Focus follows the content: if the element that had it is gone, it goes to the new part rather than to the top.
function restoreFocus(part) {
  if (document.activeElement && document.activeElement !== document.body) return;
  const place = (edited && part.querySelector?.(`#${CSS.escape(edited)}`)) || part;
  const choices = ["[data-focus]", ".error-summary", "[aria-invalid=true]", "h1", "h2"];
  const wanted = choices.map((choice) => place.querySelector?.(choice)).find(Boolean) ?? place;
  if (!wanted.hasAttribute("tabindex")) wanted.setAttribute("tabindex", "-1");
  wanted.focus({ preventScroll: true });
}

export function note(text, kind = "info") {
  const template = document.getElementById("motrice-note");
  const corner = document.getElementById("toasts");
  if (!template || !corner) return;
  const item = template.content.firstElementChild.cloneNode(true);
  item.classList.add(`is-${kind}`);
  item.querySelector("p").textContent = text;
  corner.append(item);
}

// Notes stay in the flow of a page without a script; with one they float, and those that ask nothing leave by themselves.
function floatNotes() {
  const corner = document.getElementById("toasts");
  if (!corner || corner.classList.contains("toasts-floating")) return;
  corner.classList.add("toasts-floating");
  const observe = () => {
    for (const item of corner.querySelectorAll(".toast-note:not([data-seen])")) {
      item.dataset.seen = "";
      if (item.matches(".is-success, .is-info") && !item.querySelector("form, a")) setTimeout(() => item.remove(), 8000);
    }
  };
  observe();
  new MutationObserver(observe).observe(corner, { childList: true });
}
