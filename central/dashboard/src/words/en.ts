import type { ClockState, NodeState, WindowState } from "../api/contract";

// Every sentence of the page that is more than a label beside its element.

export const stateWords: Record<NodeState, string> = {
  init: "starting",
  ready: "ready",
  sleeping: "sleeping",
  disconnected: "disconnected",
  lost: "lost",
  unknown: "unknown",
};

export const clockWords: Record<ClockState, string> = {
  synced: "clock synced",
  holdover: "clock in holdover: not synced at the moment",
  boot: "clock not set: readings wait to be placed in time",
};

export const windowWords: Record<WindowState, string> = {
  c: "complete",
  p: "provisional",
  g: "known gap",
  n: "nothing due",
  u: "not judged",
  w: "in wider windows only",
};

/** What a detector finds, as a label. */
export const findingWords: Record<string, string> = {
  limit: "outside its limit",
  step: "step",
  flat: "no change",
  silent: "silent",
  stuck: "stuck",
  failing: "reads fail",
  odd: "unusual",
};

/** Whether an alert holds. */
export const alertWords: Record<string, string> = {
  open: "open",
  unknown: "unknown, was bad",
  closed: "over",
};

export function needsSentence(needs: number, lost: string): string {
  if (needs === 0) return `Nothing needs you; ${lost} lost`;
  return needs === 1 ? "1 thing needs you" : `${needs} things need you`;
}

/** What the silence of a part means to who looks at the page. */
export const partWords: Record<string, string> = {
  bridge: "No reading gets from the broker to the centre",
  broker: "No reading gets to the broker, and the states of the nodes are old",
  redis: "No new reading is counted",
  sink: "No new reading is stored",
};

export const quarantineWords: Record<string, string> = {
  series_limit: "has more series than central takes ([limits] series_per_node)",
};

export const keys: [string, string][] = [
  ["/", "Go to the filter"],
  ["t", "Chart or table"],
  ["[ and ]", "One range back or forward"],
  ["+ and -", "Zoom in or out"],
  ["0 or l", "Back to live"],
  ["j", "Jobs or readings"],
  ["?", "This help"],
  ["← →", "In the chart: one window or reading back or forward"],
  ["Ctrl ← →", "In the chart: the previous or next gap"],
  ["Home, End", "In the chart: the first or the last one"],
  ["← → Home End", "In the runs of a job: from one to the next"],
  ["Esc", "In the chart: hide the cursor"],
];

export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

export function staleSentence(since: string): string {
  return `Nothing has come from central since ${since}. The values below are from that time.`;
}

export function neverSentence(): string {
  return "Nothing has come from central yet. The page keeps trying.";
}
