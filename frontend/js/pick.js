// Fields that name a record: what is typed is looked up, and the records found are offered by the browser's own list.
const PAUSE = 180;

export function startPick() {
  document.addEventListener("input", (event) => {
    const box = event.target.closest?.("input[data-pick]");
    if (!box) return;
    another(box);
    if (event.inputType === "insertReplacementText") return;
    clearTimeout(box.pickTimer);
    box.pickTimer = setTimeout(() => look(box), PAUSE);
  });
}

async function look(box) {
  const text = box.value.trim();
  const list = document.getElementById(box.getAttribute("list"));
  if (!list || text.length < 2 || [...list.options].some((option) => option.value === box.value)) return;
  const address = new URL(box.dataset.pick, location.href);
  address.searchParams.set("q", text);
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok || box.value.trim() !== text) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("option");
  list.replaceChildren(...found);
}

// A field for several records has an empty box at its end, up to as many as it takes.
function another(box) {
  const several = box.closest("[data-several]");
  const boxes = [...(several?.querySelectorAll("input[data-pick]") ?? [])];
  if (box !== boxes.at(-1) || !box.value.trim() || boxes.length >= Number(several.dataset.several)) return;
  const row = box.parentElement.cloneNode(true);
  const [fresh, list] = [row.querySelector("input"), row.querySelector("datalist")];
  const number = boxes.length + 1;
  fresh.value = "";
  fresh.id = fresh.id.replace(/\d+$/, number);
  fresh.setAttribute("aria-label", fresh.getAttribute("aria-label").replace(/\d+$/, number));
  list.id = `${fresh.id}-found`;
  list.replaceChildren();
  fresh.setAttribute("list", list.id);
  several.append(row);
}
