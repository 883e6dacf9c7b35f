import { effect, signal } from "@preact/signals";
import { fetchWindows } from "../api/client";
import { seriesBeside } from "./series";
import { type Trace, traceOf } from "./trace";
import { isLive, question, view } from "./view";
import { plotPoints } from "./windows";

// What was on or off at the same node: drawn as strips under the chart. Less than the chart itself: a
// strip that cannot be had is left out, and asked for again with the next.

const AGAIN_MS = 15_000;

export const tracesBeside = signal<Trace[]>([]);
let running: AbortController | undefined;

async function load(): Promise<void> {
  running?.abort();
  const request = new AbortController();
  running = request;
  const { range } = view.peek();
  const ask = (series: string) => fetchWindows({ series, points: plotPoints.peek(), band: false, ...question(range) }, request.signal);
  const answers = await Promise.allSettled(seriesBeside.peek().map(ask));
  if (request.signal.aborted) return;
  tracesBeside.value = answers.flatMap((answer) => (answer.status === "fulfilled" ? [traceOf(answer.value)] : []));
}

/** Asks whenever the chart asks, and now and then while it is live. */
export function followBeside(): void {
  let asked = "";
  effect(() => {
    const { from, to } = question(view.value.range);
    const series = seriesBeside.value.join(" ");
    const wanted = `${series} ${from} ${to} ${plotPoints.value}`;
    if (wanted === asked || plotPoints.value === 0) return;
    asked = wanted;
    tracesBeside.value = tracesBeside.peek().filter((trace) => seriesBeside.peek().includes(trace.series));
    void load();
  });
  setInterval(() => isLive(view.peek().range) && seriesBeside.peek().length > 0 && plotPoints.peek() > 0 && void load(), AGAIN_MS);
}
