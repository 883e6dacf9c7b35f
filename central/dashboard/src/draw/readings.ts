import type uPlot from "uplot";
import type { Picture } from "../state/picture";
import type { Colours } from "./colours";

// Single readings, each at its time: dots where there is room for them, and a line between those that are
// no farther apart than is usual. What is provisional is dashed and hollow.

const DOT = 2.5;
const DOT_BESIDE = 6;
const AHEAD = 5;

interface Dot {
  x: number;
  y: number;
  t: number;
  isOpen: boolean;
  isAhead: boolean;
  /** Whether a line leads to it from the one before. */
  isJoined: boolean;
}

function dotsOf(plot: uPlot, { trace, singles, stops, reach }: Picture): Dot[] {
  const dots: Dot[] = [];
  let before: Dot | null = null;
  for (const { window, single } of stops) {
    const state = trace.state[window];
    if (single === null || !singles) {
      // The mean of a window, or a gap: no line leads past it.
      if (state === "g" || trace.mean[window] != null) before = null;
      continue;
    }
    const t = singles.t[single]!;
    const place = { x: plot.valToPos(t, "x", true), y: plot.valToPos(singles.value[single]!, "y", true) };
    const isJoined: boolean = before !== null && t - before.t <= reach;
    before = { ...place, t, isOpen: state === "p", isAhead: singles.ahead[single] === true, isJoined };
    dots.push(before);
  }
  return dots;
}

function drawLines(context: CanvasRenderingContext2D, dots: Dot[], ratio: number): void {
  for (const isOpen of [false, true]) {
    context.beginPath();
    context.setLineDash(isOpen ? [4 * ratio, 3 * ratio] : []);
    dots.forEach((dot, i) => {
      const before = dots[i - 1];
      if (!before || !dot.isJoined || (dot.isOpen || before.isOpen) !== isOpen) return;
      context.moveTo(before.x, before.y);
      context.lineTo(dot.x, dot.y);
    });
    context.stroke();
  }
  context.setLineDash([]);
}

function drawDot(context: CanvasRenderingContext2D, { x, y, isOpen }: Dot, radius: number, colours: Colours): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = isOpen ? colours.surface : colours.line;
  context.fill();
  if (isOpen) context.stroke();
}

/** Points to the right: it is dated after it came. */
function drawAhead(context: CanvasRenderingContext2D, { x, y }: Dot, size: number, colours: Colours): void {
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x - size, y + size);
  context.closePath();
  context.fillStyle = colours.surface;
  context.fill();
  context.stroke();
}

export function drawReadings(plot: uPlot, picture: Picture, colours: Colours): void {
  const { ctx: context, bbox } = plot;
  const ratio = devicePixelRatio;
  const dots = dotsOf(plot, picture);
  const seen = dots.filter(({ x }) => x >= bbox.left && x <= bbox.left + bbox.width);
  if (seen.length === 0) return;
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  context.strokeStyle = colours.line;
  context.lineWidth = 1.5 * ratio;
  drawLines(context, dots, ratio);
  // As many as would be beside each other if they came all the time as they come mostly.
  const steps = seen.slice(1).map(({ x }, i) => x - seen[i]!.x).sort((a, b) => a - b);
  const hasRoom = (steps[steps.length >> 1] ?? Infinity) >= DOT_BESIDE * ratio;
  dots.forEach((dot, i) => {
    const isAlone = !dot.isJoined && dots[i + 1]?.isJoined !== true;
    if (dot.isAhead) drawAhead(context, dot, AHEAD * ratio, colours);
    else if (hasRoom || isAlone) drawDot(context, dot, DOT * ratio, colours);
  });
  context.restore();
}
