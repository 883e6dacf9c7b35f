import type uPlot from "uplot";
import type { Finding } from "../api/contract";
import type { Colours } from "./colours";

// A finding is a diamond above its most telling reading, filled while it is open, and a bracket
// along the time for which it held.

const SIZE = 5;
const TOP = 9;

function diamond(context: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.closePath();
}

export function drawFindings(plot: uPlot, findings: Finding[], colours: Colours): void {
  const context = plot.ctx;
  const ratio = devicePixelRatio;
  const { left, top, width } = plot.bbox;
  const y = top - TOP * ratio;
  const clamp = (x: number) => Math.min(left + width, Math.max(left, x));
  context.save();
  context.strokeStyle = context.fillStyle = colours.text;
  context.lineWidth = 1.5 * ratio;
  context.setLineDash([]);
  for (const finding of findings) {
    const from = plot.valToPos(finding.from, "x", true);
    const to = plot.valToPos(finding.ended ?? finding.to, "x", true);
    const at = plot.valToPos(finding.at, "x", true);
    if (to < left || from > left + width) continue;
    context.beginPath();
    context.moveTo(clamp(from), y);
    context.lineTo(clamp(to), y);
    context.stroke();
    if (at < left || at > left + width) continue;
    diamond(context, at, y, SIZE * ratio);
    if (finding.ended === null) context.fill();
    else {
      context.fillStyle = colours.surface;
      context.fill();
      context.fillStyle = colours.text;
      context.stroke();
    }
  }
  context.restore();
}
