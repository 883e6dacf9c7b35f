import { useRef } from "preact/hooks";
import { readingsTable } from "../api/client";
import { serverNow } from "../state/clock";
import { fileStem, windowsTable } from "../state/export";
import { announcement } from "../state/live";
import { type Picture, picture } from "../state/picture";
import { singlesProblem } from "../state/readings";
import type { Trace } from "../state/trace";
import { view, zone } from "../state/view";
import { rangeEnds, trace } from "../state/windows";
import { lengthWords, longDate, secondTime, zoneName } from "../words/time";
import { unitSymbol } from "../words/units";
import { splitId } from "./caption";
import { chartSheet, hasChart } from "./chart";
import { shownWords } from "./shown";

const FORGET_AFTER_MS = 60_000;

/** Hands a file to the browser, as a click on a link would: the policy of the page allows nothing else. */
function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), FORGET_AFTER_MS);
  announcement.value = `Saved as ${name}.`;
}

function rangeOf(current: Trace): { series: string; from: number; to: number } {
  const { from, to } = rangeEnds(view.peek().range, current);
  return { series: current.series, from: Math.round(from), to: Math.round(to) };
}

function saveWindows(): void {
  const current = trace.peek();
  if (!current) return;
  const { series, from, to } = rangeOf(current);
  const table = windowsTable(current, from, to, zone.peek());
  save(new Blob([table], { type: "text/csv" }), `${fileStem(series, from, to)}.windows.csv`);
}

/** How to read what is drawn. */
function legendOf({ trace, shows }: Picture): string {
  const singles = "line and dots: single readings";
  const means = "line: mean, band: min to max";
  const values = trace.isState ? "dark: on" : { each: singles, means, both: `${singles}, or mean with a band from min to max` }[shows];
  const expected = view.peek().band ? ["grey: the same hour on the 14 days before"] : [];
  return [values, ...expected, "dashed: provisional", "hatched: known gap", "◆ found by a detector", "leat"].join(" · ");
}

/** What the picture says where no page is around it. */
function sheetWords(current: Trace, from: number, to: number): { title: string; lines: string[]; legend: string } {
  const [node, series] = splitId(current.series);
  const unit = unitSymbol(current.unit);
  const at = (t: number) => `${longDate(t, zone.peek())} ${secondTime(t, zone.peek())}`;
  const shown = picture.peek();
  const now = serverNow.peek();
  const words = shown ? shownWords(shown, now, zone.peek(), singlesProblem.peek()) : "";
  const name = zoneName(zone.peek(), to);
  const place = name === zone.peek() ? name : `${zone.peek()} (${name})`;
  return {
    title: `${series} of ${node}${unit === "" ? "" : `, in ${unit}`}`,
    lines: [`${at(from)} – ${at(to)}, times in ${place}`, words].filter((line) => line !== ""),
    legend: shown ? legendOf(shown) : "",
  };
}

function savePicture(): void {
  const current = trace.peek();
  if (!current) return;
  const { series, from, to } = rangeOf(current);
  chartSheet(sheetWords(current, from, to))?.toBlob((content) => {
    if (content) save(content, `${fileStem(series, from, to)}.png`);
  }, "image/png");
}

/** What is shown, as files to keep. */
export function Export() {
  const menu = useRef<HTMLDetailsElement>(null);
  const current = trace.value;
  if (!current) return null;
  serverNow.value; // The range of the link moves on with the chart.
  const close = () => menu.current?.removeAttribute("open");
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    close();
    menu.current?.querySelector("summary")?.focus();
  };
  const onFocusOut = (event: FocusEvent) => {
    if (event.relatedTarget instanceof Node && !menu.current?.contains(event.relatedTarget)) close();
  };
  const zoneWords = zone.value === "UTC" ? "UTC" : `UTC and ${zone.value}`;
  return (
    <details class="export" ref={menu} onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <summary class="chip">Export</summary>
      <ul>
        <li>
          <a class="item" download href={readingsTable(rangeOf(current), zone.value)} onClick={close}>
            Single readings, CSV <span class="sub">each reading of the range, as far as they are kept; times in {zoneWords}</span>
          </a>
        </li>
        <li>
          <button type="button" class="item" onClick={() => (saveWindows(), close())}>
            Windows, CSV <span class="sub">of {lengthWords(current.windowMs)}: count, mean, min, max, state, quality</span>
          </button>
        </li>
        <li>
          <button type="button" class="item" disabled={!hasChart.value} onClick={() => (savePicture(), close())}>
            Picture, PNG <span class="sub">{hasChart.value ? "the chart as it is, on white" : "of the chart, not of the table"}</span>
          </button>
        </li>
      </ul>
    </details>
  );
}
