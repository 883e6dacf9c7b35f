import type uPlot from "uplot";
import type { Colours } from "./colours";
import type { GapSpan } from "../state/gap_spans";

// Hatching is a pattern and not a colour: it survives black-and-white printing and colour blindness.

const STEP = 8;
const LABEL_WIDTH_MIN = 60;

function strokes(context: CanvasRenderingContext2D, left: number, top: number, width: number, height: number, step: number): void {
  context.beginPath();
  // Lines lie on multiples of the step, not at a distance from the edge of the span. So they stand
  // still while a gap grows.
  const first = Math.floor((left - height) / step) * step;
  for (let x = first; x < left + width; x += step) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
}

function label(context: CanvasRenderingContext2D, text: string, x: number, y: number, widthMax: number, ratio: number, colours: Colours): void {
  context.font = `${12 * ratio}px system-ui, sans-serif`;
  const padded = (words: string) => context.measureText(words).width + 12 * ratio;
  // A sentence that is too long ends where its first part does: "60 readings lost".
  const shorter = text.split(/[:;]/)[0]!;
  const fitting = [text, shorter].find((words) => padded(words) <= widthMax);
  if (fitting === undefined) return;
  const width = padded(fitting);
  const height = 20 * ratio;
  context.fillStyle = colours.surface;
  context.beginPath();
  context.roundRect(x - width / 2, y - height / 2, width, height, height / 2);
  context.fill();
  context.fillStyle = colours.text;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(fitting, x, y);
}

/** Hatches every known gap over the full height of the plot, with what was lost where it fits. */
export function drawGaps(plot: uPlot, spans: GapSpan[], colours: Colours): void {
  const { ctx: context, bbox } = plot;
  const ratio = devicePixelRatio;
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  for (const span of spans) {
    const left = Math.max(plot.valToPos(span.from, "x", true), bbox.left);
    const right = Math.min(plot.valToPos(span.to, "x", true), bbox.left + bbox.width);
    if (right <= left) continue;
    // So that one window in a week is still visible.
    const width = Math.max(right - left, 3 * ratio);
    context.save();
    context.beginPath();
    context.rect(left, bbox.top, width, bbox.height);
    context.clip();
    context.strokeStyle = colours.muted;
    context.globalAlpha = 0.55;
    context.lineWidth = ratio;
    strokes(context, left, bbox.top, width, bbox.height, STEP * ratio);
    context.restore();
    const wide = width >= LABEL_WIDTH_MIN * ratio;
    if (wide) label(context, span.label, left + width / 2, bbox.top + bbox.height / 2, width - 8 * ratio, ratio, colours);
  }
  context.restore();
}
