import { batch, effect, signal, untracked } from "@preact/signals";
import { fetchReadings, Problem } from "../api/client";
import { forgetSingles, isShort, merge, noSingles, type Singles, wanted, type Want } from "./singles";
import type { Trace } from "./trace";
import { isLive, question, view } from "./view";
import { rangeEnds, trace, traceLoading } from "./windows";

// Each reading of a short range. The windows say which readings are missing here: one request at a time
// asks for them, and none while the windows themselves are on their way.

/** null: the range is too long to show each reading, or they are not here yet. */
export const singles = signal<Singles | null>(null);
export const singlesProblem = signal<Problem | null>(null);

const HELD_MAX = 5_000;
const PAUSE_MS = 1_000;
const PAUSE_AFTER_PROBLEM_MS = 5_000;
/** Where no single reading is known, there will hardly be one in the next second. */
const PAUSE_AFTER_NOTHING_MS = 15_000;

let running: AbortController | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let earliest = 0;
/** A range with more readings than its windows say is not asked for again. */
let tooMany = "";

function keyOf(series: string): string {
  const { from, to } = question(view.peek().range);
  return `${series} ${from} ${to}`;
}

function stop(): void {
  running?.abort();
  running = undefined;
  clearTimeout(timer);
  timer = undefined;
}

function accept(want: Want, before: Singles, answer: Awaited<ReturnType<typeof fetchReadings>>): void {
  const merged = merge(before, want, answer);
  const isTooMuch = answer.next !== null || merged.t.length > HELD_MAX;
  if (isTooMuch) tooMany = keyOf(before.series);
  batch(() => {
    singles.value = isTooMuch ? null : merged;
    singlesProblem.value = null;
  });
}

async function load(current: Trace): Promise<void> {
  const before = singles.peek() ?? noSingles(current);
  const want = wanted(current, before);
  if (!want) return;
  const request = new AbortController();
  running = request;
  earliest = performance.now() + PAUSE_MS;
  try {
    const answer = await fetchReadings({ series: current.series, from: want.from, to: want.to }, HELD_MAX, request.signal);
    if (request.signal.aborted) return;
    if (answer.readings.length === 0) earliest = performance.now() + PAUSE_AFTER_NOTHING_MS;
    accept(want, before, answer);
  } catch (error) {
    if (request.signal.aborted) return;
    earliest = performance.now() + PAUSE_AFTER_PROBLEM_MS;
    singlesProblem.value = error instanceof Problem ? error : new Problem("The answer was not understood", String(error), 200);
  }
  running = undefined;
  consider();
}

/** Asks for what is missing: now, or when the pause is over. */
function consider(): void {
  const current = trace.peek();
  const { range } = view.peek();
  // Hidden: nobody sees them.
  if (!current || traceLoading.peek() || document.hidden) return stop();
  const { from, to } = rangeEnds(range, current);
  if (tooMany === keyOf(current.series) || !isShort(current, to - from, singles.peek() !== null)) {
    stop();
    singles.value = null;
    return;
  }
  const held = singles.peek();
  if (held && (held.series !== current.series || held.windowMs !== current.windowMs)) singles.value = null;
  else if (held && isLive(range)) singles.value = forgetSingles(held, current.t[0] ?? 0);
  if (running || timer !== undefined || !wanted(current, singles.peek() ?? noSingles(current))) return;
  const pause = earliest - performance.now();
  if (pause <= 0) return void load(current);
  timer = setTimeout(() => {
    timer = undefined;
    consider();
  }, pause);
}

/** Follows the trace on screen. */
export function followReadings(): void {
  let key = "";
  document.addEventListener("visibilitychange", consider);
  effect(() => {
    const now = `${trace.value?.series} ${JSON.stringify(view.value.range)}`;
    traceLoading.value;
    untracked(() => {
      if (now !== key) {
        stop();
        earliest = 0;
        singlesProblem.value = null;
      }
      key = now;
      consider();
    });
  });
}
