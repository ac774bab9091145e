// Theme and density: the form works by itself; here the page changes at once, and the choice is kept in the background.
export function startPreferences() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-preference]");
    const choice = event.submitter;
    if (!form || !choice) return;
    event.preventDefault();
    const attribute = { theme: "data-bs-theme", density: "data-density" }[choice.name];
    document.documentElement.setAttribute(attribute, choice.value);
    for (const button of form.querySelectorAll(`button[name="${choice.name}"]`)) {
      button.setAttribute("aria-pressed", String(button === choice));
    }
    const body = new FormData(form);
    body.set(choice.name, choice.value);
    fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "manual" });
    document.dispatchEvent(new CustomEvent("motrice:theme"));
  });
}
