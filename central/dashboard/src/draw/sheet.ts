import type { Colours } from "./colours";

// The chart as a picture that speaks for itself: what it shows, above it; how to read it, below.

const MARGIN = 16;
const TITLE_PX = 17;
const TEXT_PX = 13;
const LINE_HEIGHT = 22;
const STRIP_GAP = 6;
/** What is left of the chart for the name of a strip; a longer one is written narrower. */
const GUTTER = 58;

export interface Sheet {
  title: string;
  /** Below the title: what is shown, and of when. */
  lines: string[];
  /** How to read it, below everything. */
  legend: string;
  chart: HTMLCanvasElement;
  /** What is under the chart, with its name. */
  strips: { name: string; canvas: HTMLCanvasElement }[];
}

/** A smaller size where the text would not fit. */
function write(context: CanvasRenderingContext2D, text: string, size: number, bold: boolean, y: number, widthMax: number): void {
  const font = (px: number) => `${bold ? "600 " : ""}${px}px system-ui, sans-serif`;
  context.font = font(size);
  const width = context.measureText(text).width;
  if (width > widthMax) context.font = font((size * widthMax) / width);
  context.fillText(text, MARGIN * devicePixelRatio, y);
}

export function drawSheet({ title, lines, legend, chart, strips }: Sheet, colours: Colours): HTMLCanvasElement {
  const ratio = devicePixelRatio;
  const canvas = document.createElement("canvas");
  const margin = Math.round(MARGIN * ratio);
  const head = Math.round((MARGIN + LINE_HEIGHT * (1 + lines.length)) * ratio);
  const foot = (LINE_HEIGHT + MARGIN) * ratio;
  const stripHeights = strips.map((strip) => Math.max(strip.canvas.height, TEXT_PX * ratio) + STRIP_GAP * ratio);
  canvas.width = chart.width + 2 * margin;
  canvas.height = Math.round(head + chart.height + stripHeights.reduce((sum, height) => sum + height, 0) + foot);
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  const widthMax = canvas.width - 2 * margin;
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = "top";
  context.fillStyle = colours.text;
  write(context, title, TITLE_PX * ratio, true, MARGIN * ratio, widthMax);
  context.fillStyle = colours.muted;
  lines.forEach((line, i) => write(context, line, TEXT_PX * ratio, false, (MARGIN + LINE_HEIGHT * (i + 1)) * ratio, widthMax));
  context.drawImage(chart, margin, head);
  let y = head + chart.height;
  strips.forEach((strip, i) => {
    context.font = `${11 * ratio}px system-ui, sans-serif`;
    context.fillText(strip.name, margin, y, (GUTTER - 4) * ratio);
    context.drawImage(strip.canvas, margin, y + 3 * ratio);
    y += stripHeights[i]!;
  });
  write(context, legend, TEXT_PX * ratio, false, y + STRIP_GAP * ratio, widthMax);
  return canvas;
}
