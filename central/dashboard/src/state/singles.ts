import type { ReadingsAnswer } from "../api/contract";
import { units } from "../words/time";
import type { Trace } from "./trace";

/** What was said of a window when its single readings were asked for. */
interface Asked {
  version: string;
  /** Whether as many single readings came as the window has. Without that some are known in sum only. */
  whole: boolean;
}

/** The single readings of a trace, as far as they are known, in the order of their times. */
export interface Singles {
  series: string;
  windowMs: number;
  t: number[];
  value: number[];
  /** Dated after its arrival. */
  ahead: boolean[];
  keptFrom: number | null;
  summarised: number;
  /** By the start of the window. */
  asked: ReadonlyMap<number, Asked>;
}

export function noSingles({ series, windowMs }: Trace): Singles {
  return { series, windowMs, t: [], value: [], ahead: [], keptFrom: null, summarised: 0, asked: new Map() };
}

const SPAN_MAX_MS = 6 * units.HOUR;
/** More points than that hide each other on any screen. */
const READINGS_MAX = 2_000;

/**
 * Whether a range is so short that each reading can be seen. Judged by what is usual or due in its windows,
 * so that a range that fills up does not change its looks on the way. `isOn`: they are drawn already.
 */
export function isShort(trace: Trace, span: number, isOn: boolean): boolean {
  if (span > SPAN_MAX_MS || trace.isState) return false;
  const counts = trace.count.filter((count) => count != null && count > 0) as number[];
  if (counts.length === 0) return false;
  const received = counts.reduce((sum, count) => sum + count, 0);
  const usual = counts.sort((a, b) => a - b)[counts.length >> 1]!;
  const due = trace.expected.reduce<number>((most, expected) => Math.max(most, expected ?? 0), 0);
  return Math.max(received, (Math.max(usual, due) * span) / trace.windowMs) <= READINGS_MAX * (isOn ? 1.2 : 1);
}

/** The readings to ask for, and the windows that are known when they have come. */
export interface Want {
  from: number;
  to: number;
  windows: { t: number; version: string; count: number }[];
}

export function versionOf(trace: Trace, index: number): string {
  return `${trace.revision[index]} ${trace.state[index]}`;
}

/** What is missing of the windows as they are now; of the newest one only what is new. */
export function wanted(trace: Trace, singles: Singles): Want | null {
  const windows: Want["windows"] = [];
  for (let i = 0; i < trace.t.length; i++) {
    const count = trace.count[i] ?? 0;
    const version = versionOf(trace, i);
    const t = trace.t[i]!;
    if (count > 0 && singles.asked.get(t)?.version !== version) windows.push({ t, version, count });
  }
  if (windows.length === 0) return null;
  const first = windows[0]!.t;
  const grows = first === trace.t.at(-1) && singles.asked.get(first)?.whole === true;
  const from = grows ? Math.max(first, singles.t.at(-1) ?? first) : first;
  return { from, to: windows.at(-1)!.t + trace.windowMs, windows };
}

/** The first of sorted times that is not before `t`. */
export function firstFrom(times: number[], t: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** With what came in place of what was there between the same two times. */
export function merge(singles: Singles, want: Want, answer: ReadingsAnswer): Singles {
  const [from, to] = [firstFrom(singles.t, want.from), firstFrom(singles.t, want.to)];
  const put = <Item>(old: Item[], fresh: Item[]) => [...old.slice(0, from), ...fresh, ...old.slice(to)];
  const { readings } = answer;
  const t = put(singles.t, readings.map((reading) => reading.t));
  const asked = new Map(singles.asked);
  for (const window of want.windows) {
    const held = firstFrom(t, window.t + singles.windowMs) - firstFrom(t, window.t);
    asked.set(window.t, { version: window.version, whole: held >= window.count });
  }
  return {
    ...singles,
    t,
    value: put(singles.value, readings.map((reading) => reading.value)),
    ahead: put(singles.ahead, readings.map((reading) => reading.quality === "ahead")),
    keptFrom: answer.kept_from,
    summarised: Math.max(singles.summarised, answer.summarised),
    asked,
  };
}

/** Without those of windows that have left the trace. */
export function forgetSingles(singles: Singles, before: number): Singles {
  const gone = firstFrom(singles.t, before);
  if (gone === 0) return singles;
  const asked = new Map([...singles.asked].filter(([t]) => t >= before));
  return { ...singles, t: singles.t.slice(gone), value: singles.value.slice(gone), ahead: singles.ahead.slice(gone), asked };
}

/**
 * How far apart two readings may be with a line between them: one and a half periods, as central judges
 * it. What comes when it changes has no period; there it is thrice the usual distance.
 */
export function reachOf(times: number[], periodMs: number | null): number {
  const distances = times.slice(1).map((t, i) => t - times[i]!).sort((a, b) => a - b);
  const usual = distances[distances.length >> 1] ?? 0;
  return periodMs !== null && usual <= 1.5 * periodMs ? 1.5 * periodMs : 3 * usual;
}
