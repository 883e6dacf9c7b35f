import type uPlot from "uplot";
import type { Trace } from "../state/trace";
import type { Colours } from "./colours";

// What is on or off is a strip and no line: between on and off there is nothing to draw a line through.

const HEIGHT = 40;

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
