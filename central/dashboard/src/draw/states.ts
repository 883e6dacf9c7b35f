import type uPlot from "uplot";
import type { Visit } from "../api/contract";
import type { Trace } from "../state/trace";
import type { Colours } from "./colours";

// What is on or off is a strip and no line: between on and off there is nothing to draw a line through.

const HEIGHT = 40;
const STRIP_HEIGHT = 12;

/** The same on a canvas of its own, exactly under the plot area: dark where it was on. */
export function drawStateStrip(canvas: HTMLCanvasElement, plot: uPlot, trace: Trace, colours: Colours): void {
  const height = Math.round(STRIP_HEIGHT * devicePixelRatio);
  canvas.width = plot.ctx.canvas.width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  const { left, width } = plot.bbox;
  context.beginPath();
  context.rect(left, 0, width, height);
  context.clip();
  for (let i = 0; i < trace.t.length; i++) {
    const share = trace.mean[i];
    if (share == null) continue;
    const from = Math.round(plot.valToPos(trace.t[i]!, "x", true));
    const to = Math.max(from + 1, Math.round(plot.valToPos(trace.t[i]! + trace.windowMs, "x", true)));
    context.globalAlpha = 1;
    context.fillStyle = colours.muted;
    context.fillRect(from, height - 1, to - from, 1);
    const least = (trace.max[i] ?? 0) > 0 ? 0.25 : 0;
    context.globalAlpha = Math.max(Math.min(1, share), least);
    context.fillStyle = colours.line;
    context.fillRect(from, 0, to - from, height);
  }
}

/** A stretch of the strip: filled as high as `share`, 0 to 1. */
interface Cell {
  from: number;
  to: number;
  share: number;
  isOpen: boolean;
}

/** One for each window: the share of its readings that were on. One without readings is empty. */
function windowCells(trace: Trace): Cell[] {
  return trace.t.flatMap((t, i) => {
    const share = trace.mean[i];
    if (share == null) return [];
    // A window in which any was on shows at least a trace of it.
    const least = (trace.max[i] ?? 0) > 0 ? 0.05 : 0;
    return [{ from: t, to: t + trace.windowMs, share: Math.max(Math.min(1, share), least), isOpen: trace.state[i] === "p" }];
  });
}

/** One for each visit, as long as it lasted: on is full, off is empty, and what is not known is not there. */
function visitCells(visits: Visit[]): Cell[] {
  return visits.map(({ value, from, to, until, end, length_ms }) => {
    const known = until ?? (end === "open" ? from + length_ms : to);
    return { from, to: known, share: value === 0 ? 0 : 1, isOpen: false };
  });
}

/** A strip in the middle of the plot: of visits where these are known, else a cell for each window. */
export function drawStates(plot: uPlot, trace: Trace, visits: Visit[] | null, colours: Colours): void {
  const { ctx: context, bbox } = plot;
  const ratio = devicePixelRatio;
  const height = Math.round(HEIGHT * ratio);
  const top = Math.round(bbox.top + (bbox.height - height) / 2);
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  for (const { from, to, share, isOpen } of visits ? visitCells(visits) : windowCells(trace)) {
    const left = Math.round(plot.valToPos(from, "x", true));
    const right = Math.max(left + 1, Math.round(plot.valToPos(to, "x", true)));
    context.fillStyle = colours.muted;
    context.fillRect(left, top + height, right - left, Math.max(1, Math.round(ratio)));
    const filled = Math.round(share * height);
    context.fillStyle = colours.line;
    context.globalAlpha = isOpen ? 0.5 : 1;
    context.fillRect(left, top + height - filled, right - left, filled);
    context.globalAlpha = 1;
  }
  context.restore();
}
