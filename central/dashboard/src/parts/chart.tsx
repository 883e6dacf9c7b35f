import { computed, effect, signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Plot } from "../draw/plot";
import { completenessKnown, qualityIsLow } from "../draw/strip";
import { type GapSpan, gapSpans } from "../state/gap_spans";
import { findingsOf } from "../state/findings";
import { tracesBeside } from "../state/beside";
import { announcement } from "../state/live";
import { type Picture, picture, type Stop } from "../state/picture";
import { paint } from "../state/theme";
import { serverNow } from "../state/clock";
import { go, goLive, view, zone } from "../state/view";
import { plotPoints, rangeEnds, trace } from "../state/windows";
import type { Trace } from "../state/trace";
import { latestOf } from "../state/nodes";
import { reading } from "../words/units";
import { splitId, stopSentence } from "./caption";

const POINTS_STEP = 100;
const SPEAK_AFTER_MS = 300;
const REFRESH_MS = 5_000;

/** The window or reading under the cursor. */
const pointed = signal<number | null>(null);

function heightFor(width: number): number {
  return width < 600 ? 220 : 320;
}

/** The plot, while it is on the page. */
const plotOnPage = signal<Plot | null>(null);

export const hasChart = computed(() => plotOnPage.value !== null);

/** The chart as a picture to keep, with the strips that are to be seen; null while there is none. */
export function chartSheet(words: { title: string; lines: string[]; legend: string }): HTMLCanvasElement | null {
  const strips = [...document.querySelectorAll<HTMLElement>(".chart .strip:not(.unknown, .good)")].map((strip) => ({
    name: strip.querySelector(".strip-name")!.textContent ?? "",
    canvas: strip.querySelector("canvas")!,
  }));
  return plotOnPage.peek()?.sheet(words, strips) ?? null;
}

/** The first and the last place that can be seen: windows reach beyond the range, and so do their readings. */
function endsOfStops({ stops, trace }: Picture): { first: number; last: number } {
  const { from, to } = rangeEnds(view.peek().range, trace);
  let [first, last] = [0, stops.length - 1];
  while (first < last && stops[first]!.single !== null && stops[first]!.x < from) first++;
  while (last > first && stops[last]!.single !== null && stops[last]!.x > to) last--;
  return { first, last };
}

/** Where an arrow key leads: by one window or reading, or to the start of the next gap. */
function target(key: string, toGap: boolean, from: number | null): number | null {
  const current = picture.peek();
  if (!current || current.stops.length === 0) return null;
  const { first, last } = endsOfStops(current);
  if (key === "Home") return first;
  if (key === "End") return last;
  const step = key === "ArrowLeft" ? -1 : 1;
  const start = from ?? (step < 0 ? last + 1 : first - 1);
  if (!toGap) return Math.min(last, Math.max(first, start + step));
  const { trace } = current;
  const isIn = (span: GapSpan, stop: Stop) => trace.t[stop.window]! + trace.windowMs > span.from;
  const starts = gapSpans(trace).map((span) => current.stops.findIndex((stop) => isIn(span, stop)));
  const ahead = starts.filter((index) => index >= 0 && (step < 0 ? index < start : index > start));
  return (step < 0 ? ahead.at(-1) : ahead[0]) ?? from;
}

function Readout() {
  const index = pointed.value;
  const current = picture.value;
  const known = current && index !== null && index < current.stops.length;
  return <p class="readout figures">{known ? stopSentence(current, index, serverNow.peek(), zone.value) : "\u00a0"}</p>;
}

/** Creates the plot once and feeds it for as long as it is on the page. */
function usePlot() {
  const place = useRef<HTMLDivElement>(null);
  const strip = useRef<HTMLCanvasElement>(null);
  const qualityStrip = useRef<HTMLCanvasElement>(null);
  const besideStrips = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  useEffect(() => {
    const element = place.current!;
    const width = element.clientWidth;
    const events = {
      zoomed: (from: number, to: number) => go({ range: { from: Math.round(from), to: Math.round(to) } }),
      pointed: (index: number | null) => (pointed.value = index),
    };
    const made = new Plot(element, { complete: strip.current!, quality: qualityStrip.current! }, { width, height: heightFor(width) }, events);
    plot.current = plotOnPage.value = made;
    const show = () => {
      if (picture.value) made.show(picture.value, rangeEnds(view.value.range, picture.value.trace), zone.value);
      else made.clear();
    };
    const measure = () => {
      const now = element.clientWidth;
      if (now === 0) return; // Just taken off the page.
      made.resize(now, heightFor(now));
      plotPoints.value = Math.max(POINTS_STEP, Math.round(made.plotWidth() / POINTS_STEP) * POINTS_STEP);
    };
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    const mark = () => made.mark(trace.value ? findingsOf(trace.value.series) : []);
    const stops = [effect(() => void show()), effect(() => void mark()), effect(() => void (paint.value, made.repaint()))];
    // Without news the right edge still moves on: a silent sensor must be seen to fall behind.
    const timer = setInterval(() => "preset" in view.peek().range && show(), REFRESH_MS);
    return () => {
      sizes.disconnect();
      clearInterval(timer);
      stops.forEach((stop) => stop());
      made.destroy();
      pointed.value = plotOnPage.value = null;
    };
  }, []);
  // After every rendering: the canvases are those of the traces now.
  useEffect(() => {
    const canvases = [...(besideStrips.current?.querySelectorAll("canvas") ?? [])];
    const shown = tracesBeside.peek().slice(0, canvases.length);
    plot.current?.showBeside(shown.map((trace, index) => ({ canvas: canvases[index]!, trace })));
  });
  return { place, strip, qualityStrip, besideStrips, plot };
}

/** What was on or off at the same node, in words for those who cannot see the strips. */
function BesideStrip({ series }: { series: Trace }) {
  const name = splitId(series.series)[1];
  const newest = latestOf(series.series);
  const value = newest ? reading(newest.value, newest.unit, newest.quantity) : "";
  return (
    <div class="strip beside" role="img" aria-label={`${name}, now ${value}`}>
      <span class="strip-name">{name}</span>
      <canvas />
    </div>
  );
}

/** The picture of the trace; what it says in words is the caption's business. */
export function Chart({ label }: { label: string }) {
  const { place, strip, qualityStrip, besideStrips, plot } = usePlot();
  const speaking = useSignal(0);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      plot.current?.point(null);
      return;
    }
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key) || event.altKey || event.metaKey) return;
    event.preventDefault();
    const index = target(event.key, event.ctrlKey, pointed.peek());
    plot.current?.point(index);
    // Of readings of the same time the plot knows one only.
    pointed.value = index;
    clearTimeout(speaking.peek());
    speaking.value = window.setTimeout(() => {
      const current = picture.peek();
      if (current && index !== null && index < current.stops.length) announcement.value = stopSentence(current, index, serverNow.peek(), zone.peek());
    }, SPEAK_AFTER_MS);
  };
  return (
    <div class="chart" tabIndex={0} role="group" aria-roledescription="chart" aria-label={label} onKeyDown={onKeyDown}>
      <div class="plot" ref={place} aria-hidden="true" onDblClick={goLive} />
      <div class={trace.value && completenessKnown(trace.value) ? "strip" : "strip unknown"} aria-hidden="true">
        <span class="strip-name">complete</span>
        <canvas ref={strip} />
      </div>
      <div class={trace.value && qualityIsLow(trace.value) ? "strip quality" : "strip quality good"} aria-hidden="true">
        <span class="strip-name">quality</span>
        <canvas ref={qualityStrip} />
      </div>
      <div ref={besideStrips}>
        {tracesBeside.value.map((series) => (
          <BesideStrip key={series.series} series={series} />
        ))}
      </div>
      <Readout />
    </div>
  );
}

export function spanOf(now = serverNow.peek()): number {
  const { from, to } = rangeEnds(view.value.range, trace.value);
  return "preset" in view.value.range ? Math.min(to, now) - from : to - from;
}
