// Forms: one sending per click, drafts kept as they are typed, files checked before they travel.
import { csrfToken, say } from "./text.js";

const PAUSE_MS = 900;

export function startForms() {
  document.addEventListener("submit", guardAgainstSecondSending);
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("[data-was-enabled]")) release(button);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    for (const button of event.detail.elt.querySelectorAll?.("[data-was-enabled]") ?? []) release(button);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (form) saveSoon(form);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[type=file][data-max-bytes]")) checkFiles(event.target);
    const form = event.target.form;
    if (form?.matches("[data-submit-on-change]") && !event.target.matches("[data-no-submit]")) form.requestSubmit();
  });
  document.body.addEventListener("htmx:xhr:progress", showUpload);
  document.querySelector(".error-summary")?.focus();
}

function guardAgainstSecondSending(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.dataset.preference !== undefined) return;
  const button = event.submitter;
  if (!button) return;
  // Disabled after the browser has read the form, so that the button's own name and value are sent.
  setTimeout(() => {
    button.dataset.wasEnabled = "";
    button.setAttribute("aria-disabled", "true");
    button.classList.add("is-busy");
  });
  if (button.dataset.wasEnabled !== undefined) event.preventDefault();
}

function release(button) {
  delete button.dataset.wasEnabled;
  button.removeAttribute("aria-disabled");
  button.classList.remove("is-busy");
}

const waiting = new WeakMap();

function saveSoon(form) {
  clearTimeout(waiting.get(form));
  state(form, say("saving"));
  waiting.set(form, setTimeout(() => save(form), PAUSE_MS));
}

const running = new WeakMap();

async function save(form) {
  await running.get(form);
  const sending = send(form);
  running.set(form, sending);
  await sending;
}

async function send(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" }, credentials: "same-origin",
    });
    if (answer.status === 409) return state(form, say("changed"));
    if (!answer.ok) throw new Error(String(answer.status));
    const isTold = answer.headers.get("Content-Type")?.includes("json");
    const two = isTold && showOthers(form, body, await answer.json());
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    state(form, two ? say("two_versions") : say("saved", { time: time.format(new Date()) }));
    form.dispatchEvent(new CustomEvent("motrice:saved", { bubbles: true }));
  } catch {
    state(form, say("not_saved"));
  }
}

// What others wrote meanwhile: into the fields that were left alone, beside those where it is another version.
function showOthers(form, sent, told) {
  for (const [name, seen] of Object.entries(told.read ?? {})) {
    const field = form.elements[name];
    const isLeftAlone = field?.value === sent.get(name)?.replaceAll("\r\n", "\n");
    const theirs = told.moved?.[name];
    if (theirs !== undefined && !isLeftAlone) continue;
    if (theirs !== undefined) field.value = theirs;
    const mark = form.elements[`read-${name}`];
    if (mark) mark.value = seen;
  }
  for (const box of form.querySelectorAll("[data-clash]")) if (!told.clashes?.[box.dataset.clash]) box.remove();
  for (const [name, html] of Object.entries(told.clashes ?? {})) {
    const place = form.elements[name]?.closest(".field");
    const box = place?.querySelector("[data-clash]");
    if (box?.dataset.html === html) continue;
    box?.remove();
    place?.insertAdjacentHTML("beforeend", html);
    const fresh = place?.querySelector("[data-clash]");
    if (fresh) fresh.dataset.html = html;
  }
  return Object.keys(told.clashes ?? {}).length > 0;
}

function state(form, text) {
  const place = form.querySelector("[data-autosave-state]");
  if (place) place.textContent = text;
}

function checkFiles(input) {
  const limit = Number(input.dataset.maxBytes);
  const kinds = (input.accept || "").split(",").map((kind) => kind.trim().toLowerCase()).filter(Boolean);
  const size = (bytes) => `${(bytes / 1048576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;
  let wrong = "";
  for (const file of input.files) {
    const fits = !kinds.length || kinds.some((kind) => kind === file.type || file.name.toLowerCase().endsWith(kind)
      || (kind.endsWith("/*") && file.type.startsWith(kind.slice(0, -1))));
    if (file.size > limit) wrong = say("file_too_big", { name: file.name, size: size(file.size), limit: size(limit) });
    else if (!fits) wrong = say("file_wrong_kind", { name: file.name, kinds: kinds.join(", ") });
  }
  input.setCustomValidity(wrong);
  const place = input.closest(".field")?.querySelector("[data-upload-message]");
  if (place) place.textContent = wrong || [...input.files].map((file) => `${file.name} (${size(file.size)})`).join(", ");
  if (wrong) input.reportValidity();
}

function showUpload(event) {
  const form = event.target.closest?.("form");
  const bar = form?.querySelector("progress[data-upload]");
  if (!bar || !event.detail.lengthComputable || !form.querySelector("input[type=file]")?.files.length) return;
  bar.hidden = false;
  bar.value = Math.round((100 * event.detail.loaded) / event.detail.total);
}

