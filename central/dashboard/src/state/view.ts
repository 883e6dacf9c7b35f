import { computed, signal } from "@preact/signals";
import { units } from "../words/time";

// What the page shows. The address bar holds all of it, so that a link shows what its sender saw.

export const presets = ["15m", "1h", "6h", "24h", "7d", "all"] as const;
export type Preset = (typeof presets)[number];

const presetSpans: Record<Exclude<Preset, "all">, number> = {
  "15m": 15 * units.MINUTE,
  "1h": units.HOUR,
  "6h": 6 * units.HOUR,
  "24h": units.DAY,
  "7d": 7 * units.DAY,
};

/** A preset moves with time; a fixed range was chosen by dragging or by a link. */
export type Range = { preset: Preset } | { from: number; to: number };

export type NodeChoice = "all" | "attention";

export type PageName = "readings" | "jobs";

export interface View {
  page: PageName;
  /** The run of a job that is looked at. */
  run: number | null;
  series: string | null;
  range: Range;
  table: boolean;
  /** Whether the chart shows what was to be expected. */
  band: boolean;
  filter: string;
  nodes: NodeChoice;
  utc: boolean;
}

const standard: View = {
  page: "readings",
  run: null,
  series: null,
  range: { preset: "6h" },
  table: false,
  band: false,
  filter: "",
  nodes: "all",
  utc: false,
};

function readRange(query: URLSearchParams): Range {
  const from = Date.parse(query.get("from") ?? "");
  const to = Date.parse(query.get("to") ?? "");
  if (from < to) return { from, to };
  const preset = presets.find((name) => name === query.get("range"));
  return preset ? { preset } : standard.range;
}

function read(search: string): View {
  const query = new URLSearchParams(search);
  const isJobs = query.get("page") === "jobs";
  const run = Number(query.get("run") ?? "");
  return {
    page: isJobs ? "jobs" : "readings",
    run: isJobs && Number.isInteger(run) && run > 0 ? run : null,
    series: query.get("s"),
    range: readRange(query),
    table: query.get("view") === "table",
    band: query.get("band") === "1",
    filter: query.get("q") ?? "",
    nodes: query.get("nodes") === "attention" ? "attention" : "all",
    utc: query.get("tz") === "UTC",
  };
}

/** What the address bar has for a view. */
export function addressOf(view: View): string {
  const query = new URLSearchParams();
  if (view.page !== "readings") query.set("page", view.page);
  if (view.page === "jobs" && view.run !== null) query.set("run", String(view.run));
  if (view.series) query.set("s", view.series);
  if (!("preset" in view.range)) {
    query.set("from", new Date(view.range.from).toISOString());
    query.set("to", new Date(view.range.to).toISOString());
  } else if (view.series || view.range.preset !== "6h") {
    query.set("range", view.range.preset);
  }
  if (view.table) query.set("view", "table");
  if (view.band) query.set("band", "1");
  if (view.filter) query.set("q", view.filter);
  if (view.nodes !== "all") query.set("nodes", view.nodes);
  if (view.utc) query.set("tz", "UTC");
  // A slash and a colon are allowed in a query and read better than %2F and %3A.
  const text = query.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
  return text === "" ? location.pathname : `?${text}`;
}

export const view = signal<View>(read(location.search));

/** A deliberate step, which the back button undoes. */
export function go(change: Partial<View>): void {
  if ("preset" in view.value.range) lastPreset = view.value.range.preset;
  view.value = { ...view.value, ...change };
  history.pushState(null, "", addressOf(view.value));
}

/** The preset that a zoom began from. */
let lastPreset: Preset = "6h";

/** Leaves a fixed range for the one that moves with time. */
export function goLive(): void {
  go({ range: { preset: lastPreset } });
}

const asked = new URLSearchParams(location.search);

/** A range for a history of this length, unless the address or a person has chosen one. */
export function beginWith(history: number): void {
  const chosen = asked.has("range") || asked.has("from") || view.peek().range !== standard.range;
  if (!chosen && history > presetSpans["6h"]) adjust({ range: { preset: "24h" } });
}

/** A step too small for the back button: a letter in the filter. */
export function adjust(change: Partial<View>): void {
  view.value = { ...view.value, ...change };
  history.replaceState(null, "", addressOf(view.value));
}

export function followHistory(): void {
  addEventListener("popstate", () => (view.value = read(location.search)));
}

export const zone = computed(() =>
  view.value.utc ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
);

/**
 * The two ends of a range when it is `now`; `all` starts where the series does. It ends now, so that
 * silence is seen, unless the series ended so long ago that silence is all that would be seen.
 */
export function endsOf(range: Range, now: number, first: number, last: number): { from: number; to: number } {
  if (!("preset" in range)) return range;
  if (range.preset === "all") {
    const to = now - last > Math.max(last - first, units.DAY) ? last : now;
    return { from: Math.min(first, to - units.MINUTE), to };
  }
  return { from: now - presetSpans[range.preset], to: now };
}

export function isLive(range: Range): boolean {
  return "preset" in range;
}

/** The same range as words of the API. */
export function question(range: Range): { from: string; to: string } {
  if (!("preset" in range)) return { from: String(Math.round(range.from)), to: String(Math.round(range.to)) };
  return { from: range.preset === "all" ? "0" : `-${range.preset}`, to: "now" };
}
