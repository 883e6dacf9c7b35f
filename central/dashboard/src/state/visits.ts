import { effect, signal, untracked } from "@preact/signals";
import { fetchVisits } from "../api/client";
import type { Visit } from "../api/contract";
import type { Trace } from "./trace";
import { view } from "./view";
import { rangeEnds, trace } from "./windows";

// When a state was what, in a range so short that it can be seen. Central says it: from its readings alone
// nobody knows how far each of them holds. Less than the windows: without them these are drawn.

const SPAN_MAX_MS = 6 * 3_600_000;
/** More than these hide each other. */
const VISITS_MAX = 500;
const PAUSE_MS = 2_000;

export interface Visits {
  series: string;
  items: Visit[];
}

/** null: not known, or too many. */
export const visits = signal<Visits | null>(null);

let running: AbortController | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let earliest = 0;

async function load(current: Trace): Promise<void> {
  running?.abort();
  const request = new AbortController();
  running = request;
  earliest = performance.now() + PAUSE_MS;
  const { series } = current;
  const { from, to } = rangeEnds(view.peek().range, current);
  try {
    const answer = await fetchVisits({ series, from: Math.round(from), to: Math.round(to) }, VISITS_MAX, request.signal);
    if (request.signal.aborted) return;
    visits.value = answer.next !== null || answer.truncated ? null : { series, items: answer.items };
  } catch {
    // The next window asks again.
    if (!request.signal.aborted) visits.value = null;
  }
}

function consider(): void {
  const current = trace.peek();
  const { from, to } = rangeEnds(view.peek().range, current);
  if (visits.peek()?.series !== current?.series) visits.value = null;
  if (!current?.isState || to - from > SPAN_MAX_MS || document.hidden) {
    visits.value = null;
    return;
  }
  if (timer !== undefined) return;
  const pause = earliest - performance.now();
  if (pause <= 0) return void load(current);
  timer = setTimeout(() => {
    timer = undefined;
    consider();
  }, pause);
}

/** Follows the trace on screen. */
export function followVisits(): void {
  let key = "";
  document.addEventListener("visibilitychange", consider);
  effect(() => {
    const now = `${trace.value?.series} ${JSON.stringify(view.value.range)}`;
    untracked(() => {
      if (now !== key) earliest = 0;
      key = now;
      consider();
    });
  });
}
