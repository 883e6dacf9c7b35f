import { helpOpen, lettersOn } from "./help";
import { rangeEnds, trace } from "../state/windows";
import { go, goLive, view } from "../state/view";

/** Moves the range by its own length, or changes its length about its middle. */
function shift(by: number, zoom: number): void {
  const { from, to } = rangeEnds(view.value.range, trace.value);
  const middle = (from + to) / 2 + by * (to - from);
  const half = ((to - from) * zoom) / 2;
  go({ range: { from: Math.round(middle - half), to: Math.round(middle + half) } });
}

const everywhere: Record<string, () => void> = {
  "?": () => (helpOpen.value = true),
  j: () => go({ page: view.value.page === "jobs" ? "readings" : "jobs" }),
};

const onReadings: Record<string, () => void> = {
  "/": () => document.getElementById("filter")?.focus(),
  t: () => go({ table: !view.value.table }),
  l: goLive,
  "0": goLive,
  "[": () => shift(-1, 1),
  "]": () => shift(1, 1),
  "+": () => shift(0, 0.5),
  "-": () => shift(0, 2),
};

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, select, textarea, dialog") !== null;
}

export function listenToKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target;
    if (event.key === "Escape" && target instanceof HTMLElement && target.id === "filter") target.blur();
    const action = everywhere[event.key] ?? (view.peek().page === "readings" ? onReadings[event.key] : undefined);
    if (!action || !lettersOn.value || isTyping(target)) return;
    event.preventDefault();
    action();
  });
}
