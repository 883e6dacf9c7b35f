import type uPlot from "uplot";
import type { Trace } from "../state/trace";
import { isSwitch } from "../words/units";

// The order of the series in the plot. Each state has columns of its own, because each is drawn in
// its own way. A window is in those of one state only, except where two states meet.
export const column = {
  x: 0,
  completeMin: 1,
  completeMax: 2,
  completeMean: 3,
  provisionalMin: 4,
  provisionalMax: 5,
  provisionalMean: 6,
  gapMean: 7,
  expectedMin: 8,
  expectedMax: 9,
} as const;

type Values = (number | null)[];

/** No windows. */
export const noColumns = (): uPlot.AlignedData => [[], [], [], [], [], [], [], [], [], []];

function blank(length: number): Values {
  return new Array<number | null>(length).fill(null);
}

/**
 * Windows as uPlot wants them. A window is drawn at its middle. A line joins two neighbours only if
 * both have values; a known gap breaks it even when some readings survived: those become dots.
 */
export function plotColumns(trace: Trace): uPlot.AlignedData {
  const length = trace.t.length;
  const x = trace.t.map((t) => t + trace.windowMs / 2);
  const [cMin, cMax, cMean] = [blank(length), blank(length), blank(length)];
  const [pMin, pMax, pMean, gMean] = [blank(length), blank(length), blank(length), blank(length)];
  const expected = [trace.expectedLow, trace.expectedHigh] as const;
  // What is on or off is drawn as a strip.
  if (isSwitch(trace.unit, trace.quantity)) return [x, cMin, cMax, cMean, pMin, pMax, pMean, gMean, ...expected];
  const provisional = (i: number) => {
    pMin[i] = trace.min[i] ?? null;
    pMax[i] = trace.max[i] ?? null;
    pMean[i] = trace.mean[i] ?? null;
  };
  for (let i = 0; i < length; i++) {
    const state = trace.state[i];
    if (state === "p") {
      provisional(i);
      // The dashes reach to the complete neighbours; without that there would be a hole.
      if (i > 0 && trace.state[i - 1] === "c") provisional(i - 1);
      if (trace.state[i + 1] === "c") provisional(i + 1);
    } else if (state === "g") {
      gMean[i] = trace.mean[i] ?? null;
    } else {
      cMin[i] = trace.min[i] ?? null;
      cMax[i] = trace.max[i] ?? null;
      cMean[i] = trace.mean[i] ?? null;
    }
  }
  return [x, cMin, cMax, cMean, pMin, pMax, pMean, gMean, ...expected];
}
