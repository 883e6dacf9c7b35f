import { computed } from "@preact/signals";
import type { Visit } from "../api/contract";
import { singles, singlesProblem } from "./readings";
import { periodOf } from "./series";
import { firstFrom, reachOf, type Singles, versionOf } from "./singles";
import type { Trace } from "./trace";
import { visits } from "./visits";
import { trace } from "./windows";

/** A place in the chart that can be pointed at: a window in its middle, or a reading at its time. */
export interface Stop {
  x: number;
  /** In the trace; of a reading the window that it is in. */
  window: number;
  /** Which of the single readings; null for a window. */
  single: number | null;
}

/** What the chart shows of a trace, from left to right: each reading where it is known, else windows. */
export interface Picture {
  trace: Trace;
  singles: Singles | null;
  stops: Stop[];
  /** When a state was what; null where that is not known, or for what is none. */
  visits: Visit[] | null;
  /** Readings that are farther apart have no line between them. */
  reach: number;
  shows: "each" | "means" | "both";
  /** Some readings are on their way. */
  isPending: boolean;
}

/** Tells of a window whether it is shown by its readings: what has only begun will be, once they are here. */
function wholeness(trace: Trace, singles: Singles, isBroken: boolean): (index: number) => boolean {
  const newestAsked = Math.max(...singles.asked.keys());
  return (index) => {
    const t = trace.t[index]!;
    const asked = singles.asked.get(t);
    if (isBroken) return asked?.whole === true && asked.version === versionOf(trace, index);
    return asked?.whole ?? t > newestAsked;
  };
}

function windowsOf(trace: Trace): Stop[] {
  return trace.t.map((t, window) => ({ x: t + trace.windowMs / 2, window, single: null }));
}

/** `isBroken`: readings are asked for in vain, and what is not here must not be waited for. */
export function pictureOf(trace: Trace, singles: Singles | null, periodMs: number | null, isBroken: boolean, visits: Visit[] | null): Picture {
  const isOf = singles !== null && singles.series === trace.series && singles.windowMs === trace.windowMs;
  if (!isOf || singles.asked.size === 0) return { trace, singles: null, stops: windowsOf(trace), visits, reach: 0, shows: "means", isPending: false };
  const isWhole = wholeness(trace, singles, isBroken);
  const received = trace.t.map((_, i) => i).filter((i) => (trace.count[i] ?? 0) > 0);
  const whole = new Set(received.filter(isWhole));
  const stops: Stop[] = [];
  for (const [i, t] of trace.t.entries()) {
    const end = firstFrom(singles.t, t + trace.windowMs);
    // A window without readings says something where one was due, and beside means, where it breaks their line.
    const isQuiet = (trace.count[i] ?? 0) === 0 && "nu".includes(trace.state[i] ?? "u") && whole.size === received.length;
    if (!whole.has(i) && !isQuiet) stops.push({ x: t + trace.windowMs / 2, window: i, single: null });
    if (whole.has(i)) for (let k = firstFrom(singles.t, t); k < end; k++) stops.push({ x: singles.t[k]!, window: i, single: k });
  }
  const shows = whole.size === 0 ? "means" : whole.size === received.length ? "each" : "both";
  const isPending = received.some((i) => !singles.asked.has(trace.t[i]!));
  return { trace, singles, stops, visits, reach: reachOf(singles.t, periodMs), shows, isPending };
}

export const picture = computed<Picture | null>(() => {
  const current = trace.value;
  const held = visits.value?.series === current?.series ? (visits.value?.items ?? null) : null;
  return current && pictureOf(current, singles.value, periodOf(current.series), singlesProblem.value !== null, held);
});
