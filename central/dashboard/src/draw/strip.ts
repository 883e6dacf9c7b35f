import type uPlot from "uplot";
import type { Trace } from "../state/trace";
import type { Colours } from "./colours";

// The completeness strip shows how much of what was expected has come: by luminance and by height, so
// that nothing depends on colour alone.

const HEIGHTS = [2, 3, 4, 5, 6];
const STRENGTHS = [0.25, 0.4, 0.55, 0.75, 1];

/** 0: nothing · 1: less than half · 2: less than nine tenths · 3: nearly all · 4: all. */
export function completenessLevel(ratio: number): number {
  if (ratio <= 0) return 0;
  if (ratio < 0.5) return 1;
  if (ratio < 0.9) return 2;
  return ratio < 1 ? 3 : 4;
}

/** The share that came, or null when central did not say what it expected. */
export function completeness(trace: Trace, index: number): number | null {
  const expected = trace.expected[index];
  if (expected != null && expected > 0) return Math.min(1, (trace.count[index] ?? 0) / expected);
  return trace.state[index] === "g" ? 0 : null;
}

/** Whether any window can be judged; without one the strip has nothing to show. */
export function completenessKnown(trace: Trace): boolean {
  return trace.t.some((_, index) => completeness(trace, index) !== null);
}

/** The quality where it is below 1: where all is well there is nothing to show. */
export function lowQuality(trace: Trace, index: number): number | null {
  const quality = trace.quality[index];
  return quality != null && quality < 1 ? quality : null;
}

export function qualityIsLow(trace: Trace): boolean {
  return trace.t.some((_, index) => lowQuality(trace, index) !== null);
}

/** What a strip shows of a window, 0 to 1; null for nothing. */
type Share = (trace: Trace, index: number) => number | null;

/** The level of every pixel column; -1 where nothing is known. The worst window of a pixel wins. */
function levels(plot: uPlot, trace: Trace, share: Share, left: number, width: number): Int8Array {
  const columns = new Int8Array(width).fill(-1);
  for (let i = 0; i < trace.t.length; i++) {
    const ratio = share(trace, i);
    if (ratio === null) continue;
    const level = completenessLevel(ratio);
    const start = Math.floor(plot.valToPos(trace.t[i]!, "x", true) - left);
    const end = Math.ceil(plot.valToPos(trace.t[i]! + trace.windowMs, "x", true) - left);
    for (let x = Math.max(0, start); x < Math.min(width, Math.max(end, start + 1)); x++) {
      const before = columns[x]!;
      columns[x] = before < 0 ? level : Math.min(before, level);
    }
  }
  return columns;
}

/** Assigning a canvas its size empties it. */
export function clearStrip(canvas: HTMLCanvasElement): void {
  canvas.width = canvas.width;
}

/** Paints the strip on its own canvas, exactly under the plot area of the chart. */
export function drawStrip(canvas: HTMLCanvasElement, plot: uPlot, trace: Trace, share: Share, colours: Colours): void {
  const ratio = devicePixelRatio;
  canvas.width = plot.ctx.canvas.width;
  canvas.height = Math.round(HEIGHTS.at(-1)! * ratio);
  const context = canvas.getContext("2d");
  if (!context) return;
  const { left, width } = plot.bbox;
  const columns = levels(plot, trace, share, left, Math.round(width));
  context.fillStyle = colours.line;
  for (let x = 0; x < columns.length; ) {
    const level = columns[x]!;
    let end = x + 1;
    while (end < columns.length && columns[end] === level) end++;
    if (level >= 0) {
      const height = Math.round(HEIGHTS[level]! * ratio);
      context.globalAlpha = STRENGTHS[level]!;
      context.fillRect(left + x, canvas.height - height, end - x, height);
    }
    x = end;
  }
}
