import { chosenSeries, seriesGroups } from "../state/series";
import { latestOf } from "../state/nodes";
import { go, isLive, view, zone } from "../state/view";
import { serverNow } from "../state/clock";
import { picture } from "../state/picture";
import { singlesProblem } from "../state/readings";
import { loadWindows, rangeEnds, trace, traceLoading, traceProblem } from "../state/windows";
import { captionOf, lastSingle, splitId } from "./caption";
import { countOf } from "../words/units";
import { moment } from "../words/time";
import { Chart, spanOf } from "./chart";
import { Export } from "./export";
import { ProblemNote } from "./problem_note";
import { RangeBar } from "./range_bar";
import { ReadingsTable } from "./readings_table";
import { shownWords } from "./shown";
import { WindowsTable } from "./windows_table";

function SeriesChoice() {
  const chosen = chosenSeries.value ?? "";
  const groups = seriesGroups.value;
  const [node, series] = splitId(chosen);
  const listed = groups.some((group) => group.node === node && group.series.includes(series));
  return (
    <select class="series" aria-label="Series" value={chosen} onChange={(event) => go({ series: event.currentTarget.value })}>
      {!listed && <option value={chosen}>{chosen}</option>}
      {groups.map((group) => (
        <optgroup key={group.node} label={group.node}>
          {group.series.map((name) => (
            <option key={name} value={`${group.node}/${name}`}>
              {group.node} / {name}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

function Legend() {
  const shown = picture.value;
  const isState = shown?.trace.isState === true;
  const shows = shown?.shows ?? "means";
  return (
    <ul class="legend" aria-label="How to read the chart">
      {isState && (
        <li>
          <i class="key on" /> on
        </li>
      )}
      {shows !== "means" && (
        <li>
          <i class="key single" /> single reading
        </li>
      )}
      {shows !== "each" && !isState && (
        <li>
          <i class="key mean" /> mean, with min to max
        </li>
      )}
      {shown?.singles?.ahead.includes(true) && (
        <li>
          <span aria-hidden="true">▷</span> ahead: dated after its arrival
        </li>
      )}
      <li>
        <i class="key open" /> provisional
      </li>
      <li>
        <i class="key gap" /> known gap
      </li>
      {view.value.band && (
        <li>
          <i class="key expected" /> expected: the same hour on the 14 days before
        </li>
      )}
      <li>
        <span aria-hidden="true">◆</span> found by a detector
      </li>
    </ul>
  );
}

/** What the chart shows, as a table. */
function Table() {
  const shown = picture.value;
  if (!shown) return null;
  return shown.shows === "means" ? <WindowsTable trace={shown.trace} /> : <ReadingsTable picture={shown} />;
}

function Figure() {
  const current = trace.value;
  const now = serverNow.value;
  const empty = current !== null && current.t.length === 0;
  const shown = picture.value;
  const latest = current && isLive(view.value.range) ? latestOf(current.series) : undefined;
  const last = shown ? lastSingle(shown, rangeEnds(view.value.range, current).to) : undefined;
  const caption = current ? captionOf(current, spanOf(now), now, zone.value, latest, last) : "";
  const step = { each: "reading", means: "window", both: "reading or window" }[shown?.shows ?? "means"];
  const label = current ? `Chart of ${current.series}. Arrow keys read one ${step} at a time.` : "Chart";
  const words = shown ? shownWords(shown, now, zone.value, singlesProblem.value) : "";
  return (
    <figure class={traceLoading.value ? "loading" : ""} aria-busy={traceLoading.value}>
      {view.value.table && current ? <Table /> : <Chart label={label} />}
      {empty && <p class="empty">No windows in this range.</p>}
      <figcaption>
        {caption || "\u00a0"} <span class="shown">{words}</span>
        {current?.watermark != null && (
          <span class="muted"> Known to be complete up to {moment(current.watermark, now, zone.value)}.</span>
        )}
        {current !== null && current.leftOff > 0 && <strong> {countOf(current.leftOff)} windows were left off (limit).</strong>}
      </figcaption>
    </figure>
  );
}

export function ChartPanel() {
  if (!chosenSeries.value) return null;
  return (
    <section class="panel" id="chart" aria-labelledby="chart-title">
      <div class="chart-head">
        <h2 id="chart-title">Series</h2>
        <SeriesChoice />
        <RangeBar />
        <button
          type="button"
          class="chip"
          aria-pressed={view.value.band}
          title="What the same hour had on the 14 days before"
          onClick={() => go({ band: !view.value.band })}
        >
          Expected
        </button>
        <button type="button" class="chip" aria-pressed={view.value.table} onClick={() => go({ table: !view.value.table })}>
          Table
        </button>
        <Export />
      </div>
      {traceProblem.value && <ProblemNote problem={traceProblem.value} retry={() => void loadWindows()} />}
      <Figure />
      {!view.value.table && <Legend />}
    </section>
  );
}
