import type uPlot from "uplot";
import type { Colours } from "./colours";
import type { GapSpan } from "../state/gap_spans";

// Hatching is a pattern and not a colour: it survives black-and-white printing and colour blindness.

const STEP = 8;
const LABEL_WIDTH_MIN = 60;
const LABEL_LINES_MAX = 3;
const LINE_HEIGHT = 16;

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

/** The words in lines that fit, as far as single words do. */
function wrapped(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function label(context: CanvasRenderingContext2D, text: string, x: number, y: number, widthMax: number, ratio: number, colours: Colours): void {
  context.font = `${12 * ratio}px system-ui, sans-serif`;
  const padded = (words: string) => context.measureText(words).width + 12 * ratio;
  // A sentence that is too long ends where its first part does: "60 readings lost".
  const shorter = text.split(/[:;]/)[0]!;
  const fits = (all: string[]) => all.length <= LABEL_LINES_MAX && all.every((line) => padded(line) <= widthMax);
  const lines = [text, shorter].map((words) => wrapped(words, (line) => padded(line) <= widthMax)).find(fits);
  if (lines === undefined) return;
  const width = Math.max(...lines.map(padded));
  const height = (4 + LINE_HEIGHT * lines.length) * ratio;
  context.fillStyle = colours.surface;
  context.beginPath();
  context.roundRect(x - width / 2, y - height / 2, width, height, 10 * ratio);
  context.fill();
  context.fillStyle = colours.text;
  context.textAlign = "center";
  context.textBaseline = "middle";
  lines.forEach((line, index) => context.fillText(line, x, y + (index - (lines.length - 1) / 2) * LINE_HEIGHT * ratio));
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
