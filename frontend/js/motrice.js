// The whole script of Motrice: htmx, configured for a strict content security policy, and small behaviours that add
// comfort to pages which already work without any script.
import htmx from "htmx.org";
import { startCharts } from "./charts.js";
import { startForms } from "./forms.js";
import { startLists } from "./lists.js";
import { startMenus } from "./menus.js";
import { startPick } from "./pick.js";
import { startPreferences } from "./preferences.js";
import { startSearch } from "./search.js";
import { startSwaps } from "./swaps.js";
import { startZoom } from "./zoom.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // confidential pages are not copied into the browser's storage
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: true, error: true, target: "#toasts", swapOverride: "beforeend" },
  ],
});

document.documentElement.classList.add("has-script");
startSwaps();
startMenus();
startPick();
startPreferences();
startSearch();
startForms();
startLists();
startCharts();
startZoom();
