import type { CauseRun, Gap, WindowEvent, WindowsAnswer, WindowState } from "../api/contract";
import { isSwitch } from "../words/units";

type Column = (number | null)[];

/** The windows of one series over one range: what the chart, the strip and the table draw. */
export interface Trace {
  series: string;
  quantity: string;
  unit: string;
  /** What is 0 or 1, as central sees it or as people call it: drawn as a strip and not as a line. */
  isState: boolean;
  from: number;
  to: number;
  windowMs: number;
  t: number[];
  count: Column;
  expected: Column;
  failed: Column;
  min: Column;
  max: Column;
  first: Column;
  last: Column;
  mean: Column;
  state: WindowState[];
  quality: Column;
  revision: Column;
  /** Without values unless the view wants the expected band. */
  expectedLow: Column;
  expectedHigh: Column;
  /** Without values unless the series is a state, and where it is not known. */
  on: Column;
  transitions: Column;
  gaps: Gap[];
  causes: CauseRun[];
  watermark: number | null;
  leftOff: number;
}

export function traceOf(answer: WindowsAnswer): Trace {
  const { series, quantity, unit, from, to, t, count, expected, failed, min, max, first, last, mean } = answer;
  const { state, quality, revision, gaps, causes, watermark } = answer;
  const unknown = () => new Array<number | null>(t.length).fill(null);
  return {
    ...{ series, quantity, unit, from, to, t, count, expected, failed, min, max, first, last, mean },
    ...{ state, quality, revision, gaps, causes, watermark },
    expectedLow: answer.expected_low ?? unknown(),
    expectedHigh: answer.expected_high ?? unknown(),
    on: answer.on_ms ?? unknown(),
    transitions: answer.transitions ?? unknown(),
    windowMs: answer.window_ms,
    isState: answer.on_ms !== undefined || isSwitch(unit, quantity),
    leftOff: answer.truncated ? answer.left_off : 0,
  };
}

/**
 * What an event did to a trace. `ask` means that it cannot be placed here without guessing: a hole
 * before it, or a gap whose reason only central knows.
 */
export type Placed = "placed" | "elsewhere" | "ask";

/** Puts a window into the columns, in place, as they are long and only one window changes. */
export function place(trace: Trace, row: WindowEvent): Placed {
  if (row.s !== trace.series || row.w !== trace.windowMs) return "elsewhere";
  const newest = trace.t.at(-1);
  if (newest === undefined) return "ask";
  const index = trace.t.length - 1 - Math.round((newest - row.t) / row.w);
  if (index < 0) return "elsewhere";
  if (index > trace.t.length) return "ask";
  if (index < trace.t.length && trace.t[index] !== row.t) return "ask";
  if ((trace.revision[index] ?? -1) > row.rev) return "elsewhere";
  const becameGap = row.state === "g" && trace.state[index] !== "g";
  trace.t[index] = row.t;
  trace.count[index] = row.count;
  trace.expected[index] = row.expected;
  trace.failed[index] = row.failed;
  trace.min[index] = row.min;
  trace.max[index] = row.max;
  trace.first[index] = row.first;
  trace.last[index] = row.last;
  trace.mean[index] = row.mean;
  trace.state[index] = row.state;
  trace.quality[index] = row.quality;
  // An event does not tell them.
  trace.on[index] = null;
  trace.transitions[index] = null;
  trace.revision[index] = row.rev;
  for (const edge of [trace.expectedLow, trace.expectedHigh]) edge[index] ??= sameHour(trace, index) ? (edge[index - 1] ?? null) : null;
  return becameGap ? "ask" : "placed";
}

/** What is expected changes with the hour only. */
function sameHour(trace: Trace, index: number): boolean {
  const hour = (i: number) => Math.floor((trace.t[i] ?? NaN) / 3_600_000);
  return hour(index - 1) === hour(index);
}

/** Drops windows that have left the range, so that a page that is open for a week stays small. */
export function forgetBefore(trace: Trace, from: number): void {
  trace.from = Math.max(trace.from, from);
  let gone = 0;
  while (gone < trace.t.length && trace.t[gone]! + trace.windowMs <= from) gone++;
  // All at once and not at every window, as cutting the head of ten long columns is not free.
  if (gone < 32) return;
  const columns = [trace.t, trace.count, trace.expected, trace.failed, trace.min, trace.max, trace.first, trace.last];
  const judged = [trace.state, trace.quality, trace.revision, trace.expectedLow, trace.expectedHigh, trace.on, trace.transitions];
  for (const column of [...columns, trace.mean, ...judged]) column.splice(0, gone);
}
