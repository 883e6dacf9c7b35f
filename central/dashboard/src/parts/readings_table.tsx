import { serverNow } from "../state/clock";
import type { Picture, Stop } from "../state/picture";
import { zone } from "../state/view";
import { windowWords } from "../words/en";
import { exactMoment, iso, lengthWords, windowTimes } from "../words/time";
import { countOf, exactly, meanOf, reading, unitSymbol } from "../words/units";
import { Paged } from "./paged";

function Row({ picture: { trace, singles }, stop: { window, single } }: { picture: Picture; stop: Stop }) {
  const { unit, quantity } = trace;
  const state = windowWords[trace.state[window] ?? "g"];
  const t = trace.t[window]!;
  if (single === null || !singles) {
    return (
      <tr>
        <th scope="row">
          <time dateTime={iso(t)}>{windowTimes(t, trace.windowMs, serverNow.peek(), zone.value)}</time>
        </th>
        <td>{meanOf(trace.mean[window], unit, quantity)}</td>
        <td>mean of {countOf(trace.count[window] ?? 0)}</td>
        <td>{state}</td>
      </tr>
    );
  }
  const value = singles.value[single]!;
  const word = reading(value, unit, quantity);
  return (
    <tr>
      <th scope="row">
        <time dateTime={iso(singles.t[single]!)}>{exactMoment(singles.t[single]!, serverNow.peek(), zone.value)}</time>
      </th>
      <td>{word === "on" || word === "off" ? word : exactly(value, unit)}</td>
      <td>{singles.ahead[single] ? "ahead: dated after its arrival" : "single reading"}</td>
      <td>{state}</td>
    </tr>
  );
}

/** What the chart shows where it shows single readings: each of them, and means where only these are known. */
export function ReadingsTable({ picture }: { picture: Picture }) {
  const { trace, stops } = picture;
  const unit = unitSymbol(trace.unit);
  const length = lengthWords(trace.windowMs);
  return (
    <Paged
      label="Readings"
      caption={`Readings of ${trace.series}, newest first${picture.shows === "both" ? `; means of ${length} where no single reading is known` : ""}${unit === "" ? "" : `, in ${unit}`}. The state is that of ${length}.`}
      columns={["Time", "Value", "What", "State"]}
      length={stops.length}
      row={(index) => <Row key={`${stops[index]!.window} ${stops[index]!.single}`} picture={picture} stop={stops[index]!} />}
    />
  );
}
