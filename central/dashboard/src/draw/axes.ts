import type uPlot from "uplot";
import { zoneName } from "../words/time";
import type { Colours } from "./colours";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// uPlot's table of tick formats: the distance of ticks from which a format applies, the format, and
// what to add when the year, the day or the minute changes. Twenty-four hours, day before month.
const formats: (string | number | null)[][] = [
  [365 * DAY, "{YYYY}", null, null, null, null, null, null, 1],
  [28 * DAY, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [DAY, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [MINUTE, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  [SECOND, "{HH}:{mm}:{ss}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
];

/** Wide enough for the name of the strip below. */
const GUTTER_MIN = 58;

/** The width of the y axis: "1 013.2" is not cut off, and "19" wastes no space. */
function gutter(plot: uPlot, values: string[] | null, axisIndex: number, cycle: number): number {
  const axis = plot.axes[axisIndex] as uPlot.Axis & { _size?: number };
  if (cycle > 1) return axis._size ?? GUTTER_MIN;
  const longest = (values ?? []).reduce((most, value) => Math.max(most, value.length), 0);
  return Math.max(GUTTER_MIN, 20 + longest * 7.5);
}

export function axes(colours: () => Colours): uPlot.Axis[] {
  const shared: uPlot.Axis = {
    stroke: () => colours().muted,
    font: "12px system-ui, sans-serif",
    ticks: { show: false },
  };
  return [
    { ...shared, grid: { show: false }, space: 70, values: formats, gap: 6 },
    {
      ...shared,
      grid: { stroke: () => colours().grid, width: 1 },
      size: gutter,
      space: 40,
      gap: 6,
    },
  ];
}

/** The unit above the y axis, and the zone of the times. An axis without them says nothing. */
export function drawAxisNames(plot: uPlot, unit: string, zone: string, now: number, colours: Colours): void {
  const { ctx: context, bbox } = plot;
  const ratio = devicePixelRatio;
  context.save();
  context.font = `${12 * ratio}px system-ui, sans-serif`;
  context.fillStyle = colours.muted;
  context.textAlign = "right";
  context.textBaseline = "bottom";
  context.fillText(unit, bbox.left - 6 * ratio, bbox.top - 4 * ratio);
  // Not in the gutter beside the ticks: "GMT+5:30" would run into the first of them. Not at the right,
  // where the newest findings are.
  context.textAlign = "left";
  context.fillText(`times in ${zoneName(zone, now)}`, bbox.left, bbox.top - 4 * ratio);
  context.restore();
}
