import type uPlot from "uplot";
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

/**
 * A strip in the middle of the plot, one cell for each window, filled as high as the share of its readings
 * that were on. A window in which any was on shows at least a trace of it; one without readings is empty.
 */
export function drawStates(plot: uPlot, trace: Trace, colours: Colours): void {
  const { ctx: context, bbox } = plot;
  const ratio = devicePixelRatio;
  const height = Math.round(HEIGHT * ratio);
  const top = Math.round(bbox.top + (bbox.height - height) / 2);
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  for (let i = 0; i < trace.t.length; i++) {
    const share = trace.mean[i];
    if (share == null) continue;
    const left = Math.round(plot.valToPos(trace.t[i]!, "x", true));
    const right = Math.max(left + 1, Math.round(plot.valToPos(trace.t[i]! + trace.windowMs, "x", true)));
    context.fillStyle = colours.muted;
    context.fillRect(left, top + height, right - left, Math.max(1, Math.round(ratio)));
    const least = (trace.max[i] ?? 0) > 0 ? 2 * ratio : 0;
    const filled = Math.round(Math.max(Math.min(1, share) * height, least));
    context.fillStyle = colours.line;
    context.globalAlpha = trace.state[i] === "p" ? 0.5 : 1;
    context.fillRect(left, top + height - filled, right - left, filled);
    context.globalAlpha = 1;
  }
  context.restore();
}
