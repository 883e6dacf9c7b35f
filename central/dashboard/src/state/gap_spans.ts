import type { Trace } from "./trace";
import { countOf } from "../words/units";

export interface GapSpan {
  from: number;
  to: number;
  records: number;
  label: string;
  /** Why, in sentences. */
  sentence: string;
}

/**
 * The spans to hatch: runs of windows that the server calls known gaps, joined with the gaps it
 * lists. Nothing is concluded from missing values here; that is the server's word to say.
 */
export function gapSpans(trace: Trace): GapSpan[] {
  // Of a gap that began before the range, only the part in the range counts here.
  const spans = trace.gaps
    .map(({ from, to }) => ({ from: Math.max(from, trace.from), to: Math.min(to, endOf(trace)) }))
    .filter(({ from, to }) => from < to);
  for (let i = 0; i < trace.t.length; i++) {
    if (trace.state[i] !== "g") continue;
    spans.push({ from: trace.t[i]!, to: trace.t[i]! + trace.windowMs });
  }
  spans.sort((a, b) => a.from - b.from);
  const joined: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else joined.push({ ...span });
  }
  return joined.map((span) => described(span, trace));
}

/** Where the trace ends now: windows have been added since the answer. */
function endOf(trace: Trace): number {
  const last = trace.t.at(-1);
  return last === undefined ? trace.to : Math.max(trace.to, last + trace.windowMs);
}

function described(span: { from: number; to: number }, trace: Trace): GapSpan {
  const causes = trace.gaps.filter((gap) => gap.from < span.to && gap.to > span.from);
  const records = causes.reduce((sum, gap) => sum + gap.records, 0);
  const reasons = [...new Set(causes.map((gap) => gap.reason).filter((reason) => reason !== ""))];
  const because = reasons.length > 0 ? ` (${reasons.join(", ")})` : "";
  const told = sentencesIn(trace, span.from, span.to);
  const label = told ?? (records > 0 ? `${countOf(records)} lost${because}` : `known gap${because}`);
  return { ...span, records, label, sentence: told ?? label };
}

/** Causes of holes; the others explain windows that have none. */
const holes = new Set(["failed", "evicted", "corrupt", "lost", "unplaced", "not_sent"]);

/** Why readings are missing between two times, in central's words; null when it does not say. */
export function sentencesIn(trace: Trace, from: number, to: number): string | null {
  const told = trace.causes.filter((cause) => cause.from < to && cause.to > from && holes.has(cause.cause));
  return told.length > 0 ? [...new Set(told.map((cause) => cause.sentence))].join("; ") : null;
}
