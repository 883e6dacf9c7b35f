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
  holdover: "clock not synchronised, holding over",
  boot: "clock not set: readings wait for their time",
};

export const windowWords: Record<WindowState, string> = {
  c: "complete",
  p: "provisional",
  g: "known gap",
};

export const keys: [string, string][] = [
  ["/", "Go to the filter"],
  ["t", "Chart or table"],
  ["[ and ]", "One range back, one forward"],
  ["+ and -", "Zoom in, zoom out"],
  ["0 or l", "Back to live"],
  ["?", "This help"],
  ["← →", "In the chart: one window back or forward"],
  ["Ctrl ← →", "In the chart: to the next gap"],
  ["Home, End", "In the chart: first or last window"],
  ["Esc", "In the chart: let go"],
];

export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

export function staleSentence(since: string): string {
  return `The page has had no word from central since ${since}. Values below are of that time.`;
}

export function neverSentence(): string {
  return "The page has had no word from central yet. It goes on trying.";
}
