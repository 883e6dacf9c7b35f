import { useState } from "preact/hooks";
import { serverNow } from "../state/clock";
import type { Trace } from "../state/trace";
import { zone } from "../state/view";
import { windowWords } from "../words/en";
import { iso, moment, spanWords } from "../words/time";
import { countOf, isSwitch, meanOf, number, reading, unitSymbol } from "../words/units";

const PAGE = 25;

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

/** The same windows as a table, newest first. */
export function WindowsTable({ trace }: { trace: Trace }) {
  const [page, setPage] = useState(0);
  const last = Math.max(0, Math.ceil(trace.t.length / PAGE) - 1);
  const current = Math.min(page, last);
  const newest = trace.t.length - 1 - current * PAGE;
  const rows = Array.from({ length: Math.min(PAGE, newest + 1) }, (_, offset) => newest - offset);
  const unit = unitSymbol(trace.unit);
  return (
    <div class="windows">
      <div class="scroll" tabIndex={0} role="region" aria-label="Windows">
        <table class="windows">
          <caption>
            Windows of {trace.series}, newest first. One row is {spanWords(trace.windowMs)}
            {unit === "" ? "" : `, values in ${unit}`}.
          </caption>
          <thead>
            <tr>
              {["From", "Mean", "Min", "Max", "Readings", "State", "Revision"].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((index) => (
              <Row key={trace.t[index]} trace={trace} index={index} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="pager">
        <button type="button" class="button" disabled={current === 0} onClick={() => setPage(current - 1)}>
          Newer
        </button>
        <span class="figures">
          {current + 1} of {last + 1}
        </span>
        <button type="button" class="button" disabled={current === last} onClick={() => setPage(current + 1)}>
          Older
        </button>
      </p>
    </div>
  );
}
