import type uPlot from "uplot";
import type { Picture } from "../state/picture";

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
  // Drawn by readings.ts; here so that the scale has room for them.
  single: 10,
} as const;

type Values = (number | null)[];

/** No windows. */
export const noColumns = (): uPlot.AlignedData => [[], [], [], [], [], [], [], [], [], [], []];

function blank(length: number): Values {
  return new Array<number | null>(length).fill(null);
}

/**
 * Windows and readings as uPlot wants them. A window is drawn at its middle. A line joins two neighbours only
 * if both have values; a known gap breaks it even when some readings survived: those become dots.
 */
export function plotColumns({ trace, singles, stops }: Picture): uPlot.AlignedData {
  const length = stops.length;
  const x = stops.map((stop) => stop.x);
  const [cMin, cMax, cMean, single] = [blank(length), blank(length), blank(length), blank(length)];
  const [pMin, pMax, pMean, gMean] = [blank(length), blank(length), blank(length), blank(length)];
  const expectedAt = (edge: Values) => stops.map(({ window }) => edge[window] ?? null);
  const columns: uPlot.AlignedData = [x, cMin, cMax, cMean, pMin, pMax, pMean, gMean, expectedAt(trace.expectedLow), expectedAt(trace.expectedHigh), single];
  // What is on or off is drawn as a strip.
  if (trace.isState) return columns;
  const stateAt = (i: number) => (stops[i] && stops[i].single === null ? trace.state[stops[i].window] : undefined);
  const put = (i: number, min: Values, max: Values, mean: Values) => {
    const { window } = stops[i]!;
    min[i] = trace.min[window] ?? null;
    max[i] = trace.max[window] ?? null;
    mean[i] = trace.mean[window] ?? null;
  };
  for (const [i, stop] of stops.entries()) {
    const state = stateAt(i);
    if (stop.single !== null) {
      single[i] = singles?.value[stop.single] ?? null;
    } else if (state === "p") {
      put(i, pMin, pMax, pMean);
      // The dashes reach to the complete neighbours; without that there would be a hole.
      if (stateAt(i - 1) === "c") put(i - 1, pMin, pMax, pMean);
      if (stateAt(i + 1) === "c") put(i + 1, pMin, pMax, pMean);
    } else if (state === "g") {
      gMean[i] = trace.mean[stop.window] ?? null;
    } else {
      put(i, cMin, cMax, cMean);
    }
  }
  return columns;
}
