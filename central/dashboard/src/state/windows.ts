import { batch, effect, signal, untracked } from "@preact/signals";
import { fetchWindows, Problem } from "../api/client";
import type { WindowEvent } from "../api/contract";
import { serverNow } from "./clock";
import { chosenSeries } from "./series";
import { forgetBefore, place, type Trace, traceOf } from "./trace";
import { endsOf, isLive, question, type Range, view } from "./view";

// The trace on screen. The page asks for it when the view changes; events keep it current.

export const trace = signal<Trace | null>(null);
export const traceProblem = signal<Problem | null>(null);
export const traceLoading = signal(false);

/** The width of the plot in pixels, in steps, as a small change of size is no reason to ask again. */
export const plotPoints = signal(0);

const ASK_AGAIN_MS = 1_000;
/** Events tell of windows of a minute. They show that longer ones have changed, too. */
const ASK_FOR_LONGER_MS = 15_000;
let running: AbortController | undefined;
let askTimer: ReturnType<typeof setTimeout> | undefined;
/** Events that came while an answer was on its way; they are newer than the answer. */
let arrived: WindowEvent[] = [];

export async function loadWindows(): Promise<void> {
  const series = chosenSeries.peek();
  const points = plotPoints.peek();
  running?.abort();
  if (!series || points === 0) return;
  const request = new AbortController();
  running = request;
  arrived = [];
  traceLoading.value = true;
  try {
    const answer = await fetchWindows({ series, points, band: view.peek().band, ...question(view.peek().range) }, request.signal);
    if (request.signal.aborted) return;
    const fresh = traceOf(answer);
    for (const row of arrived) place(fresh, row);
    batch(() => {
      trace.value = fresh;
      traceProblem.value = null;
      traceLoading.value = false;
    });
  } catch (error) {
    if (request.signal.aborted) return;
    batch(() => {
      traceProblem.value = error instanceof Problem ? error : new Problem("The answer was not understood", String(error), 200);
      traceLoading.value = false;
    });
  }
}

function askAgainIn(pause: number): void {
  askTimer ??= setTimeout(() => {
    askTimer = undefined;
    void loadWindows();
  }, pause);
}

export function applyWindow(row: WindowEvent): void {
  if (row.s !== chosenSeries.peek()) return;
  if (traceLoading.peek()) arrived.push(row);
  const current = trace.peek();
  if (!current) return askAgainIn(ASK_AGAIN_MS);
  const range = view.peek().range;
  if (!isLive(range) && "to" in range && row.t >= range.to) return;
  if (row.w < current.windowMs) return askAgainIn(ASK_FOR_LONGER_MS);
  const outcome = place(current, row);
  if (outcome === "ask") askAgainIn(ASK_AGAIN_MS);
  if (outcome !== "placed") return;
  if (isLive(range)) forgetBefore(current, rangeEnds(range, current).from);
  trace.value = { ...current };
}

/** The two ends to draw now. */
export function rangeEnds(range: Range, current: Trace | null): { from: number; to: number } {
  const now = serverNow.peek();
  const newest = current?.t.at(-1);
  return endsOf(range, now, current?.t[0] ?? now, newest === undefined ? now : newest + current!.windowMs);
}

/** Asks for windows whenever the series, the range or the width changes. */
export function followView(): void {
  let asked = "";
  effect(() => {
    const series = chosenSeries.value;
    const { from, to } = question(view.value.range);
    const wanted = `${series} ${from} ${to} ${plotPoints.value} ${view.value.band}`;
    if (wanted === asked) return;
    asked = wanted;
    untracked(() => {
      // The old line under a new name would be a lie, however briefly.
      if (trace.value && trace.value.series !== series) trace.value = null;
      void loadWindows();
    });
  });
}
