// The live form of a plot of many points. The drawing on the page is its data: nothing is sent twice, and what the
// drawing may not show is not here either.

const DOTS = "circle[class^='plot-'], path.plot-beside";

export function readPlot(figure) {
  const svg = figure.querySelector(".figure-frame svg");
  const side = svg.viewBox.baseVal;
  const points = [...svg.querySelectorAll(DOTS)].map((dot) => {
    const beside = dot.tagName === "path";
    const [x, y] = beside
      ? dot.getAttribute("d").match(/^M(-?[\d.]+) (-?[\d.]+)/).slice(1).map((value, place) => Number(value) + (place ? 0 : 3))
      : [Number(dot.getAttribute("cx")), Number(dot.getAttribute("cy"))];
    return {
      group: beside ? "beside" : dot.getAttribute("class").slice(5),
      value: [x, side.height - y],
      title: dot.querySelector("title")?.textContent ?? "",
      url: dot.closest("a")?.href.baseVal ?? "",
    };
  });
  return { kind: "plot", side: [side.width, side.height], points, hidden: new Set(), at: null };
}

// The colours are those of the legend, which follow the page's theme.
function groupsOf(figure) {
  return [...figure.querySelectorAll("[data-plot-group]")].map((line) => {
    const key = line.querySelector(".plot-key, .plot-key-beside");
    const { backgroundColor, color } = getComputedStyle(key);
    return { key: line.dataset.plotGroup, colour: line.dataset.plotGroup === "beside" ? color : backgroundColor };
  });
}

export function plotOptions(figure, data, common, colours) {
  const axis = (place) => ({ type: "value", min: 0, max: data.side[place], show: false });
  const shown = groupsOf(figure).filter(({ key }) => !data.hidden.has(key));
  const here = data.at === null ? [] : [data.points[data.at]];
  return {
    ...common,
    tooltip: {
      ...common.tooltip,
      trigger: "item",
      confine: true,
      formatter: ({ data: point }) => point.title.replace(/(.{40,60}?) /g, "$1\n"),
    },
    grid: { left: 4, right: 4, top: 4, bottom: 4 },
    xAxis: axis(0),
    yAxis: axis(1),
    dataZoom: ["xAxisIndex", "yAxisIndex"].map((name) => ({
      type: "inside", [name]: 0, zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, preventDefaultMouseMove: false, filterMode: "none",
    })),
    series: [
      ...shown.map(({ key, colour }) => ({
        type: "scatter",
        id: key,
        symbol: key === "beside" ? "path://M0 4h10v2h-10zM4 0h2v10h-2z" : "circle",
        symbolSize: 6,
        itemStyle: { color: colour, opacity: 0.85 },
        emphasis: { itemStyle: { borderColor: colours.ink, borderWidth: 1.5, opacity: 1 } },
        data: data.points.filter((point) => point.group === key),
      })),
      { type: "scatter", id: "here", silent: true, z: 5, symbol: "circle", symbolSize: 16, data: here,
        itemStyle: { color: "transparent", borderColor: colours.ink, borderWidth: 2 } },
    ],
  };
}

export function startPlot(figure, chart, data, paint) {
  // The middle of what is seen stays, on both axes.
  const zoom = (factor) => {
    chart.getOption().dataZoom.forEach(({ start, end }, dataZoomIndex) => {
      const half = Math.min(50, ((end - start) / 2) * factor);
      const middle = Math.min(100 - half, Math.max(half, (start + end) / 2));
      chart.dispatchAction({ type: "dataZoom", dataZoomIndex, start: middle - half, end: middle + half });
    });
  };
  for (const button of figure.querySelectorAll("[data-plot-zoom]")) {
    button.hidden = false;
    button.addEventListener("click", () => zoom({ in: 0.5, out: 2, all: 1000 }[button.dataset.plotZoom]));
  }
  for (const button of figure.querySelectorAll("[data-plot-group] button")) {
    button.disabled = false;
    button.addEventListener("click", () => {
      const { plotGroup } = button.closest("[data-plot-group]").dataset;
      const hides = !data.hidden.delete(plotGroup);
      if (hides) data.hidden.add(plotGroup);
      button.setAttribute("aria-pressed", String(!hides));
      paint();
    });
  }
  const frame = figure.querySelector(".figure-frame");
  frame.tabIndex = 0;
  frame.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (way) {
      event.preventDefault();
      step(data, way);
      tell(figure, data);
      paint();
    } else if (event.key === "Enter" && data.points[data.at]?.url) location.assign(data.points[data.at].url);
  });
  const help = figure.querySelector("[data-plot-help]");
  if (help) help.hidden = false;
}

// The nearest point within a quarter turn of the way pressed; the first time, that nearest the middle.
function step(data, [dx, dy]) {
  const [x, y] = data.at === null ? data.side.map((side) => side / 2) : data.points[data.at].value;
  let best = data.at;
  let least = Infinity;
  data.points.forEach((point, place) => {
    if (place === data.at || data.hidden.has(point.group)) return;
    const [ax, ay] = [point.value[0] - x, point.value[1] - y];
    const ahead = ax * dx + ay * dy;
    const aside = Math.abs(ax * dy) + Math.abs(ay * dx);
    if (data.at !== null && (ahead <= 0 || aside > ahead)) return;
    const far = Math.hypot(ax, ay);
    if (far < least) [best, least] = [place, far];
  });
  data.at = best;
}

function tell(figure, data) {
  const line = figure.querySelector("[data-plot-told]");
  const point = data.points[data.at];
  if (!line || !point) return;
  const words = document.createElement(point.url ? "a" : "span");
  words.textContent = point.title;
  if (point.url) words.href = point.url;
  line.replaceChildren(words);
}
