import type { ComponentChildren } from "preact";
import type { LatestValue, NodeItem } from "../api/contract";
import { chosenSeries } from "../state/series";
import { zone, go } from "../state/view";
import { serverNow } from "../state/clock";
import { isAiling } from "../state/nodes";
import { clockWords, plural, quarantineWords, stateWords } from "../words/en";
import { moment, units } from "../words/time";
import { countOf, reading } from "../words/units";
import { Moment } from "./moment";
import { Shape } from "./shape";

const VALUES_MAX = 6;
const TROUBLE_MAX = 3;

function showSeries(id: string): void {
  go({ series: id });
  const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.getElementById("chart")?.scrollIntoView({ behavior: smooth ? "smooth" : "auto", block: "nearest" });
}

function ValueButton({ node, value }: { node: string; value: LatestValue }) {
  const id = `${node}/${value.series}`;
  // A long name breaks after the sensor, not in the middle of a word.
  const dot = value.series.indexOf(".") + 1;
  const [sensor, quantity] = [value.series.slice(0, dot), value.series.slice(dot)];
  return (
    <button type="button" class="value" aria-pressed={chosenSeries.value === id} onClick={() => showSeries(id)}>
      <span class="name">
        {sensor}
        <wbr />
        {quantity}
      </span>
      <span class="figure">{reading(value.value, value.unit, value.quantity)}</span>
    </button>
  );
}

function Since({ t }: { t: number | null }) {
  if (t === null) return null;
  return <span class="sub">since {moment(t, serverNow.value, zone.value)}</span>;
}

function ClockNote({ item }: { item: NodeItem }) {
  if (item.clock === null || item.clock === "synced") return null;
  return <Warning>{clockWords[item.clock] ?? item.clock}</Warning>;
}

/** For a week: what it measured without knowing the time has its place now. */
function Placed({ item }: { item: NodeItem }) {
  const { placed } = item;
  const now = serverNow.value;
  if (!placed || now - placed.clock_set > 7 * units.DAY) return null;
  return (
    <span class="sub">
      {countOf(placed.records)} {plural(placed.records, "record", "records")} waited for its clock, which was not set from{" "}
      {moment(placed.started, now, zone.value)} to {moment(placed.clock_set, now, zone.value)}, and {plural(placed.records, "was", "were")} placed
    </span>
  );
}

function Warning({ children }: { children: ComponentChildren }) {
  return (
    <span class="sub warn">
      <span aria-hidden="true">▲ </span>
      {children}
    </span>
  );
}

/** "ready" is only half of the truth when what the node measures does not get here. */
function Trouble({ item }: { item: NodeItem }) {
  return (
    <>
      {(item.trouble ?? []).slice(0, TROUBLE_MAX).map((words) => (
        <Warning key={words}>{words}</Warning>
      ))}
      {(item.quarantined ?? []).map(({ reason, records, detail }) => (
        <Warning key={reason}>
          {quarantineWords[reason] ?? detail}: {countOf(records)} {plural(records, "record", "records")} in quarantine
        </Warning>
      ))}
    </>
  );
}

/** Readings from the future are no latest values; that there are some shows a wrong clock. */
function Ahead({ item }: { item: NodeItem }) {
  return (
    <>
      {(item.ahead ?? []).slice(0, TROUBLE_MAX).map(({ series, t, readings }) => (
        <Warning key={series}>
          {series}: {countOf(readings)} {plural(readings, "reading", "readings")} from the future, up to {moment(t, serverNow.value, zone.value)}
        </Warning>
      ))}
    </>
  );
}

function Outbox({ item }: { item: NodeItem }) {
  const waiting = item.outbox === null ? "unknown" : `${countOf(item.outbox.records)} waiting`;
  return (
    <>
      <span class={item.outbox === null ? "muted" : "waiting-records"}>{waiting}</span>
      {item.lost_records > 0 && (
        <span class="sub bad">
          {countOf(item.lost_records)} {plural(item.lost_records, "record", "records")} lost
        </span>
      )}
    </>
  );
}

/** Where its series are; nothing when nobody said. */
function Place({ item }: { item: NodeItem }) {
  const [first, ...others] = item.locations ?? [];
  if (first === undefined) return null;
  return (
    <span class="sub">
      {first}
      {others.length > 0 && ` and ${others.length} more ${plural(others.length, "place", "places")}`}
    </span>
  );
}

/** One node. The roles are explicit because the cards of a narrow screen take them from a table. */
export function NodeRow({ item }: { item: NodeItem }) {
  const more = item.latest.length - VALUES_MAX;
  return (
    <tr role="row">
      <th scope="row" role="rowheader">
        <span class="node-name">{item.node}</span>
        <Place item={item} />
        {item.version && <span class="sub">{item.version}</span>}
      </th>
      <td role="cell" data-label="State">
        <span class={isAiling(item) ? `state ${item.state} ailing` : `state ${item.state}`}>
          <Shape state={item.state} /> {stateWords[item.state] ?? item.state}
          {isAiling(item) && ", with trouble"}
        </span>
        <Since t={item.state_since} />
        <ClockNote item={item} />
        <Placed item={item} />
        <Trouble item={item} />
      </td>
      <td role="cell" data-label="Last record" class="figures">
        <Moment t={item.last_record} />
      </td>
      <td role="cell" data-label="Last stored" class="figures">
        <Moment t={item.last_stored?.at ?? null} />
        {item.last_stored && <span class="sub">record {countOf(item.last_stored.seq)}</span>}
      </td>
      <td role="cell" data-label="Outbox" class="figures">
        <Outbox item={item} />
      </td>
      <td role="cell" data-label="Latest values" class="values">
        {item.latest.slice(0, VALUES_MAX).map((value) => (
          <ValueButton key={value.series} node={item.node} value={value} />
        ))}
        {more > 0 && <span class="sub">and {more} more in the chart's list</span>}
        {item.latest.length === 0 && <span class="muted">none yet</span>}
        <Ahead item={item} />
      </td>
    </tr>
  );
}
