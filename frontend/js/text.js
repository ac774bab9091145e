// Words for the reader, in the page's language: they come with the page, as data.
let words;

export function say(key, values = {}) {
  words ??= JSON.parse(document.getElementById("motrice-words")?.textContent ?? "{}");
  return (words[key] ?? key).replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

export function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}
