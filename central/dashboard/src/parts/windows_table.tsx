import { serverNow } from "../state/clock";
import type { Trace } from "../state/trace";
import { zone } from "../state/view";
import { windowWords } from "../words/en";
import { iso, moment, spanWords } from "../words/time";
import { countOf, isSwitch, meanOf, number, reading, unitSymbol } from "../words/units";
import { Paged } from "./paged";

function Row({ trace, index }: { trace: Trace; index: number }) {
  const t = trace.t[index]!;
  const state = trace.state[index] ?? "g";
  const expected = trace.expected[index];
  const received = countOf(trace.count[index] ?? 0);
  const extreme = (value: number | null | undefined) =>
    isSwitch(trace.unit, trace.quantity) ? reading(value, trace.unit, trace.quantity) : number(value, trace.unit);
  return (
    <tr>
      <th scope="row">
        <time dateTime={iso(t)}>{moment(t, serverNow.peek(), zone.value)}</time>
      </th>
      <td>{isSwitch(trace.unit, trace.quantity) ? meanOf(trace.mean[index], trace.unit, trace.quantity) : number(trace.mean[index], trace.unit)}</td>
      <td>{extreme(trace.min[index])}</td>
      <td>{extreme(trace.max[index])}</td>
      <td>{expected == null ? received : `${received} of ${countOf(expected)}`}</td>
      <td>{windowWords[state]}</td>
      <td>{trace.revision[index] ?? "–"}</td>
    </tr>
  );
}

/** The windows of the chart as a table, newest first. */
export function WindowsTable({ trace }: { trace: Trace }) {
  const unit = unitSymbol(trace.unit);
  return (
    <Paged
      label="Windows"
      caption={`Windows of ${trace.series}, newest first. One row is ${spanWords(trace.windowMs)}${unit === "" ? "" : `, values in ${unit}`}.`}
      columns={["From", "Mean", "Min", "Max", "Readings", "State", "Revision"]}
      length={trace.t.length}
      row={(index) => <Row key={trace.t[index]} trace={trace} index={index} />}
    />
  );
}
