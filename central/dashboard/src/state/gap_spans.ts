import type { Trace } from "./trace";
import { countOf } from "../words/units";

export interface GapSpan {
  from: number;
  to: number;
  records: number;
  label: string;
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
  const label = records > 0 ? `${countOf(records)} lost${because}` : `known gap${because}`;
  return { ...span, records, label };
}
