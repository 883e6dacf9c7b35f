import { gapSpans, sentencesIn } from "../state/gap_spans";
import type { Picture } from "../state/picture";
import { firstFrom } from "../state/singles";
import type { Trace } from "../state/trace";
import { plural, windowWords } from "../words/en";
import { duration, exactMoment, lengthWords, moment, spanWords, windowTimes } from "../words/time";
import { countOf, exactly, isSwitch, meanOf, number, reading } from "../words/units";

function extremes(trace: Trace): { low: number; high: number } | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of trace.min) if (value !== null && value < low) low = value;
  for (const value of trace.max) if (value !== null && value > high) high = value;
  return low <= high ? { low, high } : null;
}

/** A reading and its time. */
export interface Newest {
  value: number;
  t: number;
}

/** The last value of the range, at the start of its window, as no window says when exactly it was. */
function lastOf(trace: Trace): Newest | null {
  for (let i = trace.t.length - 1; i >= 0; i--) {
    const value = trace.last[i] ?? trace.mean[i];
    if (value != null) return { value, t: trace.t[i]! };
  }
  return null;
}

/** The last reading before `to`, where each is known. */
export function lastSingle({ singles, shows }: Picture, to: number): Newest | undefined {
  const index = shows === "each" && singles ? firstFrom(singles.t, to) - 1 : -1;
  return index < 0 ? undefined : { value: singles!.value[index]!, t: singles!.t[index]! };
}

function gapClause(trace: Trace): string {
  const spans = gapSpans(trace);
  if (spans.length === 0) return "no known gap";
  const total = spans.reduce((sum, span) => sum + (span.to - span.from), 0);
  const records = spans.reduce((sum, span) => sum + span.records, 0);
  const size = spans.length === 1 ? `one gap of ${spanWords(total)}` : `${spans.length} gaps of ${spanWords(total)} in all`;
  return records > 0 ? `${size} (${countOf(records)} ${plural(records, "record", "records")} lost)` : size;
}

const RECENT_MS = 60_000;

function extent({ low, high }: { low: number; high: number }, { unit, quantity }: Trace): string {
  if (!isSwitch(unit, quantity)) return `${number(low, unit)} to ${reading(high, unit, quantity)}`;
  const [least, most] = [reading(low, unit, quantity), reading(high, unit, quantity)];
  return least === most ? `always ${least}` : `${least} and ${most}`;
}

/**
 * What the chart shows, in one sentence, for those who cannot see it and those in a hurry. `latest`
 * is the newest reading of the series, when the range reaches up to now, `last` the last in the range, when
 * each is known.
 */
export function captionOf(trace: Trace, span: number, now: number, zone: string, latest?: Newest, last?: Newest): string {
  const [node, series] = splitId(trace.series);
  const subject = `${series} of ${node}, ${spanWords(span)}`;
  const range = extremes(trace);
  const newest = latest ?? last ?? lastOf(trace);
  if (!range || !newest) return `${subject}: no readings; ${gapClause(trace)}.`;
  const value = reading(newest.value, trace.unit, trace.quantity);
  const recent = latest !== undefined && now - newest.t < RECENT_MS;
  const end = recent ? `now ${value}` : `last ${value} at ${moment(newest.t, now, zone)}`;
  const values = `${extent(range, trace)}, ${end}`;
  const provisional = trace.state.filter((state) => state === "p").length;
  const open = provisional > 0 ? `; ${provisional} ${plural(provisional, "window is", "windows are")} provisional` : "";
  return `${subject}: ${values}; ${gapClause(trace)}${open}.`;
}

/** "attic/climate.temperature" → ["attic", "climate.temperature"] */
export function splitId(id: string): [string, string] {
  const slash = id.indexOf("/");
  return slash < 0 ? ["", id] : [id.slice(0, slash), id.slice(slash + 1)];
}

/** Only where it says more than the state does. */
function qualityWords(quality: number | null | undefined): string {
  return quality == null || quality >= 1 ? "" : `quality ${number(quality, "/")}`;
}

/** Why the newest windows may stay provisional. */
function awayWords(trace: Trace, t: number): string {
  const told = trace.causes.find((cause) => (cause.cause === "away" || cause.cause === "silent") && t >= cause.from && t < cause.to);
  return told?.sentence ?? "";
}

/** How long it was on, and how often it changed; where that is not known, what the readings say. */
function switchWords(trace: Trace, index: number): string {
  const on = trace.on[index];
  const changes = trace.transitions[index] ?? 0;
  if (on == null) return `${meanOf(trace.mean[index], trace.unit, trace.quantity)} of the readings`;
  const changed = `${countOf(changes)} ${plural(changes, "change", "changes")}`;
  const length = on < 60_000 ? duration(on) : spanWords(on);
  return on === 0 ? `off · ${changed}` : `on for ${length} · ${changed}`;
}

/** What a person must know of a window beside its values. */
function windowNotes(trace: Trace, index: number): string[] {
  const t = trace.t[index]!;
  const state = trace.state[index];
  return [
    state === "p" ? "provisional" : "",
    state === "g" ? (sentencesIn(trace, t, t + trace.windowMs) ?? "known gap") : "",
    qualityWords(trace.quality[index]),
    awayWords(trace, t),
  ].filter((note) => note !== "");
}

function windowNoun(windowMs: number): string {
  const [article, noun] = lengthWords(windowMs).split(" ");
  return /^an?$/.test(article!) ? noun! : "window";
}

/** One reading in one sentence. */
function singleSentence({ trace, singles }: Picture, window: number, single: number, now: number, zone: string): string {
  const value = exactly(singles?.value[single] ?? NaN, trace.unit);
  const ahead = singles?.ahead[single] ? ["ahead: dated after its arrival"] : [];
  const notes = windowNotes(trace, window).join(", ");
  const beside = notes === "" ? [] : [`in its ${windowNoun(trace.windowMs)}: ${notes}`];
  return [exactMoment(singles?.t[single] ?? NaN, now, zone), value, "single reading", ...ahead, ...beside].join(" · ");
}

/** What is at a place of the chart in one sentence: shown under the chart, and spoken. */
export function stopSentence(picture: Picture, index: number, now: number, zone: string): string {
  const { window, single } = picture.stops[index]!;
  return single === null ? windowSentence(picture.trace, window, now, zone) : singleSentence(picture, window, single, now, zone);
}

/** One window in one sentence. */
function windowSentence(trace: Trace, index: number, now: number, zone: string): string {
  const t = trace.t[index]!;
  const when = windowTimes(t, trace.windowMs, now, zone);
  const mean = trace.mean[index];
  const state = trace.state[index];
  const received = trace.count[index] ?? 0;
  const expected = trace.expected[index];
  const tally = expected == null ? `${countOf(received)} ${plural(received, "reading", "readings")}` : `${countOf(received)} of ${countOf(expected)} readings`;
  if (mean == null) {
    const gap = gapSpans(trace).find((span) => t < span.to && t + trace.windowMs > span.from);
    const silent = state === "n" || state === "w" ? windowWords[state] : "no readings";
    const why = state === "g" ? (gap?.sentence ?? "known gap") : silent;
    return `${when} · ${why}`;
  }
  const unit = trace.unit;
  const quantity = trace.quantity;
  const values = isSwitch(unit, quantity)
    ? switchWords(trace, index)
    : `mean ${meanOf(mean, unit, quantity)} · min ${number(trace.min[index], unit)} · max ${number(trace.max[index], unit)}`;
  const revision = trace.revision[index] ?? 1;
  return [when, values, tally, ...windowNotes(trace, index), ...(revision > 1 ? [`revision ${revision}`] : [])].join(" · ");
}
