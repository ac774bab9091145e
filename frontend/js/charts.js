// Charts: the page carries a drawing and a table; when a chart comes into view its live form is loaded and laid over.
import { say } from "./text.js";

let library;

export function startCharts() {
  startChartsIn(document);
  document.addEventListener("motrice:theme", repaint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-chart-copy]");
    if (button) copy(button);
  });
}

export function startChartsIn(part) {
  for (const figure of part.querySelectorAll?.("[data-chart]:not([data-chart-ready])") ?? []) {
    figure.dataset.chartReady = "";
    for (const button of figure.querySelectorAll("[data-chart-copy]")) button.hidden = false;
    seen.observe(figure);
  }
}

const seen = new IntersectionObserver(async (entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    library ??= import("./echarts.js");
    (await library).draw(entry.target);
  }
}, { rootMargin: "100px" });

async function repaint() {
  if (library) (await library).repaint();
}

async function copy(button) {
  const figure = button.closest("[data-chart]");
  try {
    if (button.dataset.chartCopy === "data") {
      const { csv } = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
      await navigator.clipboard.writeText(csv);
    } else {
      library ??= import("./echarts.js");
      const blob = await (await library).picture(figure);
      await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    }
    button.querySelector("span").textContent = say("copied");
  } catch {
    button.querySelector("span").textContent = say("not_copied");
  }
}
