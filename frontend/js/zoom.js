// A drawing seen closer: its viewBox changes, so that every tile stays a link. Without this script all of it is shown.

const MOST = 8;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = { "+": "in", "=": "in", "-": "out", "−": "out", 0: "all" };

export function startZoom() {
  startZoomIn(document);
}

export function startZoomIn(part) {
  for (const figure of part.querySelectorAll?.("[data-zoom]:not([data-zoom-ready])") ?? []) start(figure);
}

function start(figure) {
  const frame = figure.querySelector(".figure-frame");
  const svg = frame.querySelector("svg");
  const { width, height } = svg.viewBox.baseVal;
  const seen = { times: 1, x: width / 2, y: height / 2 };
  figure.dataset.zoomReady = "";
  frame.classList.add("is-zoomable");

  // The part shown has the form of the frame, and never leaves the drawing.
  const size = () => {
    const box = svg.getBoundingClientRect();
    const form = box.width / box.height || width / height;
    const wide = Math.max(width, height * form) / seen.times;
    return [wide, wide / form];
  };
  const show = () => {
    const [wide, high] = size();
    const within = (middle, part, whole) => (part >= whole ? whole / 2 : Math.min(whole - part / 2, Math.max(part / 2, middle)));
    [seen.x, seen.y] = [within(seen.x, wide, width), within(seen.y, high, height)];
    svg.setAttribute("viewBox", [seen.x - wide / 2, seen.y - high / 2, wide, high].map((value) => value.toFixed(2)).join(" "));
    frame.classList.toggle("is-close", seen.times > 1);
  };
  // The point under the hand, or the middle, stays where it is.
  const zoom = (factor, at = [0.5, 0.5]) => {
    const [wide, high] = size();
    const [px, py] = [seen.x + (at[0] - 0.5) * wide, seen.y + (at[1] - 0.5) * high];
    seen.times = Math.min(MOST, Math.max(1, seen.times * factor));
    const [narrow, low] = size();
    [seen.x, seen.y] = [px - (at[0] - 0.5) * narrow, py - (at[1] - 0.5) * low];
    show();
  };
  const act = (name) => {
    if (name === "in" && seen.times === 1) [seen.x, seen.y] = middleOf(svg) ?? [seen.x, seen.y];
    zoom({ in: 1.5, out: 1 / 1.5, all: 0 }[name]);
  };
  const move = (dx, dy) => {
    const [wide, high] = size();
    [seen.x, seen.y] = [seen.x + dx * wide, seen.y + dy * high];
    show();
  };
  const placeOf = ({ clientX, clientY }) => {
    const box = svg.getBoundingClientRect();
    return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
  };

  for (const button of figure.querySelectorAll("[data-zoom-by]")) {
    button.hidden = false;
    button.addEventListener("click", () => act(button.dataset.zoomBy));
  }
  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = MOVES[event.key];
    if (KEYS[event.key]) act(KEYS[event.key]);
    else if (way && seen.times > 1) move(way[0] / 5, way[1] / 5);
    else return;
    event.preventDefault();
  });
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 150), placeOf(event));
  }, { passive: false });
  drag(frame, { isClose: () => seen.times > 1, move, zoom, placeOf });
  // What the keyboard reaches is brought into sight.
  svg.addEventListener("focusin", ({ target }) => {
    if (!target.matches("a:focus-visible")) return;
    const [wide, high] = size();
    const box = target.getBBox();
    const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
    const isShown = Math.abs(cx - seen.x) + box.width / 2 <= wide / 2 && Math.abs(cy - seen.y) + box.height / 2 <= high / 2;
    if (!isShown) [seen.x, seen.y] = [cx, cy];
    show();
  });
  new ResizeObserver(show).observe(svg);
  figure.querySelector("[data-zoom-help]")?.removeAttribute("hidden");
}

// The middle of what can be opened: the first step closer goes there.
function middleOf(svg) {
  const boxes = [...svg.querySelectorAll("a")].map((link) => link.getBBox());
  const mean = (place) => boxes.reduce((sum, box) => sum + place(box), 0) / boxes.length;
  return boxes.length ? [mean((box) => box.x + box.width / 2), mean((box) => box.y + box.height / 2)] : null;
}

// One finger or the mouse moves what is seen closer, two fingers zoom; a press that moved opens nothing.
function drag(frame, { isClose, move, zoom, placeOf }) {
  const fingers = new Map();
  let moved = false;
  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (fingers.size === 0) moved = false;
    fingers.set(event.pointerId, placeOf(event));
  });
  addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before || !(isClose() || fingers.size > 1)) return;
    const now = placeOf(event);
    if (!moved && Math.hypot((now[0] - before[0]) * frame.clientWidth, (now[1] - before[1]) * frame.clientHeight) < 4) return;
    moved = true;
    fingers.set(event.pointerId, now);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return move(before[0] - now[0], before[1] - now[1]);
    const far = (place) => Math.hypot(place[0] - other[0], place[1] - other[1]) || 0.01;
    zoom(far(now) / far(before), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
  });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, (event) => fingers.delete(event.pointerId));
  frame.addEventListener("dragstart", (event) => event.preventDefault());
  frame.addEventListener("click", (event) => {
    if (moved && event.detail > 0) event.preventDefault();
  }, true);
}
