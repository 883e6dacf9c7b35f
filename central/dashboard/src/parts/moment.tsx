import { serverNow } from "../state/clock";
import { zone } from "../state/view";
import { date, duration, iso, moment } from "../words/time";

/** A time and its age, both by central's clock. The one part of a row that changes every second. */
export function Moment({ t }: { t: number | null }) {
  if (t === null) return <span class="muted">never</span>;
  const now = serverNow.value;
  // A reading from the future means a wrong clock, not a negative age.
  const age = now - t < 1000 ? "now" : duration(now - t);
  const far = date(t, now, zone.value) !== "";
  return (
    <time dateTime={iso(t)} class={far ? "moment far" : "moment"}>
      {moment(t, now, zone.value)} <span class="age">{age}</span>
    </time>
  );
}
