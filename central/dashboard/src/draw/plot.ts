import uPlot from "uplot";
import type { Finding } from "../api/contract";
import type { Picture } from "../state/picture";
import type { Trace } from "../state/trace";
import { unitSymbol } from "../words/units";
import { axes, drawAxisNames } from "./axes";
import { readColours } from "./colours";
import { column, noColumns, plotColumns } from "./columns";
import { gapSpans, type GapSpan } from "../state/gap_spans";
import { drawGaps } from "./hatch";
import { drawFindings } from "./markers";
import { drawReadings } from "./readings";
import { drawSheet, type Sheet } from "./sheet";
import { drawStates, drawStateStrip } from "./states";
import { clearStrip, completeness, drawStrip, lowQuality } from "./strip";

/** What the chart tells its owner. */
export interface PlotEvents {
  zoomed(from: number, to: number): void;
  pointed(index: number | null): void;
}

/** A value without neighbours is on no line, so it is drawn as a dot. */
function alone(plot: uPlot, seriesIndex: number): number[] {
  const values = plot.data[seriesIndex]!;
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (values[i] != null && values[i - 1] == null && values[i + 1] == null) found.push(i);
  }
  return found;
}

function present(plot: uPlot, seriesIndex: number): number[] {
  const found: number[] = [];
  plot.data[seriesIndex]!.forEach((value, i) => value != null && found.push(i));
  return found;
}

/** For a line of nothing but zeros, such as no motion, uPlot would choose a scale up to 100. */
function valueRange(_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [null, null];
  return low === 0 && high === 0 ? [0, 1] : uPlot.rangeNum(low, high, 0.1, true);
}

/**
 * The chart of one trace: mean line, min–max band or each reading, gaps hatched, what is provisional dashed,
 * what was to be expected, and the strips of completeness and quality. What is on or off is a strip itself.
 * Holds no state of the page and asks for no data.
 */
export class Plot {
  private readonly plot: uPlot;
  private colours = readColours();
  private trace: Trace | null = null;
  private picture: Picture | null = null;
  private spans: GapSpan[] = [];
  private findings: Finding[] = [];
  private zone = "UTC";
  private now = 0;
  private beside: { canvas: HTMLCanvasElement; trace: Trace }[] = [];

  constructor(
    place: HTMLElement,
    private readonly strips: { complete: HTMLCanvasElement; quality: HTMLCanvasElement },
    size: { width: number; height: number },
    private readonly events: PlotEvents,
  ) {
    this.plot = new uPlot({ ...size, ...this.options() }, noColumns(), place);
  }

  show(picture: Picture, range: { from: number; to: number }, zone: string): void {
    const { trace } = picture;
    this.picture = picture;
    this.trace = trace;
    this.zone = zone;
    this.now = range.to;
    this.spans = gapSpans(trace);
    this.plot.batch(() => {
      this.plot.setData(plotColumns(picture), false);
      this.plot.setScale("x", { min: range.from, max: range.to });
    });
  }

  /** Marks what the detectors found in the series of the trace. */
  mark(findings: Finding[]): void {
    this.findings = findings;
    if (this.trace) this.plot.redraw(false, false);
  }

  /** Draws what was on or off beside it, each on its own canvas. */
  showBeside(strips: { canvas: HTMLCanvasElement; trace: Trace }[]): void {
    this.beside = strips;
    if (this.trace) this.plot.redraw(false, false);
  }

  /** Shows no trace: what was drawn belongs to another series. */
  clear(): void {
    if (!this.trace) return;
    this.trace = null;
    this.picture = null;
    this.spans = [];
    this.plot.setData(noColumns(), false);
    this.plot.redraw(true, false);
  }

  resize(width: number, height: number): void {
    this.plot.setSize({ width, height });
  }

  /** The colours have changed, by the theme, the contrast or the system. */
  repaint(): void {
    this.colours = readColours();
    // Before the first trace there are no scales for the axes.
    if (this.trace) this.plot.redraw(true, true);
  }

  /** What is on screen as a picture to keep: on white, whatever the colours of the page are. */
  sheet(words: Pick<Sheet, "title" | "lines" | "legend">, strips: Sheet["strips"]): HTMLCanvasElement {
    const redraw = () => this.plot.batch(() => this.plot.redraw(true, true));
    this.colours = readColours("light");
    redraw();
    const made = drawSheet({ ...words, chart: this.plot.ctx.canvas, strips }, this.colours);
    this.colours = readColours();
    redraw();
    return made;
  }

  /** Moves the cursor to a window or a reading, or away. */
  point(index: number | null): void {
    const t = index === null ? undefined : this.plot.data[column.x][index];
    if (t === undefined) this.plot.setCursor({ left: -10, top: -10 });
    else this.plot.setCursor({ left: this.plot.valToPos(t, "x"), top: this.plot.over.clientHeight / 2 });
  }

  plotWidth(): number {
    return this.plot.bbox.width / devicePixelRatio;
  }

  destroy(): void {
    this.plot.destroy();
  }

  private options(): Omit<uPlot.Options, "width" | "height"> {
    return {
      ms: 1,
      legend: { show: false },
      padding: [24, 20, 0, null],
      tzDate: (t) => uPlot.tzDate(new Date(t), this.zone),
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 6 },
        // The page decides what a double click means: back to where the zoom began.
        bind: { dblclick: () => null },
      },
      scales: { x: { time: true, auto: false }, y: { range: (plot, low, high) => (this.isStates() ? [0, 1] : valueRange(plot, low, high)) } },
      axes: axes(() => this.colours),
      series: this.series(),
      bands: [
        { series: [column.expectedMax, column.expectedMin], fill: () => (this.colours.outlines ? "transparent" : this.colours.expected) },
        { series: [column.completeMax, column.completeMin], fill: () => (this.colours.outlines ? "transparent" : this.colours.band) },
      ],
      hooks: {
        drawAxes: [(plot) => drawGaps(plot, this.spans, this.colours)],
        draw: [(plot) => this.finish(plot)],
        setCursor: [(plot) => this.events.pointed(plot.cursor.idx ?? null)],
        setSelect: [(plot) => this.selected(plot)],
      },
    };
  }

  private series(): uPlot.Series[] {
    const edge = (): uPlot.Series => ({
      stroke: () => (this.colours.outlines ? this.colours.line : "transparent"),
      width: 1,
      points: { show: false },
    });
    const dotted: uPlot.Series = {
      stroke: () => this.colours.line,
      width: 1,
      dash: [1, 4],
      cap: "round",
      points: { show: false },
    };
    const dots = (filter: (plot: uPlot, index: number) => number[]): uPlot.Series.Points => ({
      show: false,
      size: 5,
      filter,
      fill: () => this.colours.line,
      stroke: () => this.colours.line,
    });
    const expected: uPlot.Series = { stroke: () => this.colours.muted, width: 1, dash: [6, 4], points: { show: false } };
    const line: uPlot.Series = { stroke: () => this.colours.line, width: 1.5, points: dots(alone) };
    return [
      {},
      edge(),
      edge(),
      line,
      dotted,
      dotted,
      { ...line, dash: [4, 3], cap: "butt" },
      { ...line, paths: () => null, points: dots(present) },
      expected,
      expected,
      { ...line, paths: () => null, points: { show: false } },
    ];
  }

  private isStates(): boolean {
    return this.trace?.isState === true;
  }

  private finish(plot: uPlot): void {
    if (!this.trace) return Object.values(this.strips).forEach(clearStrip);
    if (this.isStates()) drawStates(plot, this.trace, this.picture?.visits ?? null, this.colours);
    if (this.picture?.singles) drawReadings(plot, this.picture, this.colours);
    drawAxisNames(plot, unitSymbol(this.trace.unit), this.zone, this.now, this.colours);
    drawStrip(this.strips.complete, plot, this.trace, completeness, this.colours);
    drawStrip(this.strips.quality, plot, this.trace, lowQuality, this.colours);
    drawFindings(plot, this.findings, this.colours);
    for (const { canvas, trace } of this.beside) drawStateStrip(canvas, plot, trace, this.colours);
  }

  private selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width <= 0) return;
    const from = plot.posToVal(left, "x");
    const to = plot.posToVal(left + width, "x");
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.events.zoomed(from, to);
  }
}
