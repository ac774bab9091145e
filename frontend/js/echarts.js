// The live form of charts, loaded only when one is in view. Tooltips are drawn on the canvas: no markup is injected.
import { BarChart, FunnelChart, LineChart, ScatterChart } from "echarts/charts";
import { DataZoomInsideComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { plotOptions, readPlot, startPlot } from "./plot.js";

use([BarChart, LineChart, FunnelChart, ScatterChart, DataZoomInsideComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

const drawn = new Map();

function isDark() {
  const choice = document.documentElement.dataset.bsTheme;
  return choice === "dark" || (choice === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
}

function palette() {
  return isDark()
    ? { ink: "#e3eaec", quiet: "#a3b3b9", line: "#2c3b42", surface: "#172227", series: ["#4fb3c3", "#e6a06f", "#ab9ee0", "#b9c96a", "#6d7f87"] }
    : { ink: "#17252b", quiet: "#4d5d64", line: "#dde4e6", surface: "#ffffff", series: ["#0b6374", "#c2703d", "#6d5fa8", "#7b8a34", "#8a9aa1"] };
}

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const colon = () => (document.documentElement.lang === "fr" ? "\u00a0: " : ": ");
const number = (value, unit) => `${value.toLocaleString(document.documentElement.lang)}${unit ? ` ${unit}` : ""}`;

function options(figure, data, width) {
  const { kind, unit, categories, series } = data;
  const colours = palette();
  const text = { fontFamily: getComputedStyle(document.body).fontFamily, color: colours.ink, fontSize: 12 };
  const common = {
    animation: !still(),
    color: colours.series,
    textStyle: text,
    tooltip: {
      renderMode: "richText",
      trigger: kind === "funnel" ? "item" : "axis",
      backgroundColor: colours.surface,
      borderColor: colours.line,
      textStyle: text,
      valueFormatter: (value) => (value === null || value === undefined ? "–" : number(value, unit)),
      axisPointer: { type: kind === "line" ? "line" : "shadow" },
    },
  };
  if (kind === "plot") return plotOptions(figure, data, common, colours);
  if (kind === "funnel") {
    const [only] = series;
    const steps = only.values.map((value, place) => ({ value: value ?? 0, name: categories[place], url: only.links[place] }));
    // A phone has no room beside the funnel for words on one line.
    const shape = width < 560 ? { left: "46%", width: "52%" } : { left: "25%", width: "50%" };
    const room = width < 560 ? { width: Math.round(width * 0.42), overflow: "break" } : {};
    return { ...common, series: [{ type: "funnel", sort: "none", ...shape, top: 8, bottom: 8, gap: 3, minSize: "4%", data: steps,
      label: { position: "left", ...text, ...room, formatter: (step) => `${step.name}${colon()}${number(step.value, unit)}` }, itemStyle: { color: colours.series[0], borderWidth: 0 } }] };
  }
  return {
    ...common,
    legend: { show: kind !== "line" && series.length > 1, top: 0, left: 72, itemWidth: 10, itemHeight: 10, selectedMode: false, textStyle: text },
    grid: { left: 8, right: kind === "line" ? 110 : 16, top: kind !== "line" && series.length > 1 ? 46 : 24, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: categories, axisLine: { lineStyle: { color: colours.line } }, axisTick: { show: false }, axisLabel: { ...text, color: colours.quiet } },
    yAxis: { type: "value", minInterval: 1, name: unit, nameTextStyle: { ...text, color: colours.quiet, align: "left" }, splitLine: { lineStyle: { color: colours.line } }, axisLabel: { ...text, color: colours.quiet, formatter: (value) => number(value, "") } },
    series: series.map((one, place) => ({
      type: kind === "line" ? "line" : "bar",
      name: one.name,
      stack: kind === "stacked" ? "all" : undefined,
      data: one.values.map((value, at) => ({ value, url: one.links[at] })),
      symbolSize: 7,
      barMaxWidth: 48,
      lineStyle: { width: 2.25, type: ["solid", "dashed", "dotted"][place % 3] },
      endLabel: { show: kind === "line" && series.length > 1, formatter: one.name, ...text, color: colours.series[place % 5] },
      label: { show: kind !== "line" && series.length === 1 && categories.length <= 16, position: "top", ...text, formatter: (point) => (point.value === null ? "" : number(point.value, "")) },
    })),
  };
}

export function draw(figure) {
  const frame = figure.querySelector(".figure-frame");
  const still_drawing = frame.querySelector("svg");
  const data = figure.dataset.chart === "plot" ? readPlot(figure) : JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const live = document.createElement("div");
  live.className = "figure-live";
  live.setAttribute("aria-hidden", "true");
  frame.append(live);
  frame.classList.add("is-live");
  frame.removeAttribute("tabindex");
  const chart = init(live, null, { renderer: "canvas" });
  chart.setOption(options(figure, data, live.clientWidth));
  if (data.kind === "plot") startPlot(figure, chart, data, () => chart.setOption(options(figure, data), { replaceMerge: ["series"] }));
  chart.on("click", (point) => {
    if (point.data?.url) location.assign(point.data.url);
  });
  still_drawing.setAttribute("visibility", "hidden");
  new ResizeObserver(() => {
    chart.resize();
    if (data.kind === "funnel") chart.setOption(options(figure, data, live.clientWidth));
  }).observe(live);
  drawn.set(figure, { chart, data });
}

export function repaint() {
  for (const [figure, { chart, data }] of drawn) {
    if (figure.isConnected) chart.setOption(options(figure, data, chart.getWidth()), true);
    else {
      chart.dispose();
      drawn.delete(figure);
    }
  }
}

export function picture(figure) {
  const { chart } = drawn.get(figure);
  const canvas = chart.renderToCanvas({ pixelRatio: 2, backgroundColor: palette().surface });
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
