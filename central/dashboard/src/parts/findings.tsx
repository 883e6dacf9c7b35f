import { signal } from "@preact/signals";
import type { Finding } from "../api/contract";
import { serverNow } from "../state/clock";
import { openFindings, pastFindings } from "../state/findings";
import { go, zone } from "../state/view";
import { findingWords } from "../words/en";
import { countOf } from "../words/units";
import { moment, units } from "../words/time";

const PAST_SHOWN = 10;
const allShown = signal(false);

/** The finding in the middle of the chart, with as much again on either side, and an hour at least. */
function lookAt(finding: Finding): void {
  const end = finding.ended ?? Math.max(finding.to, finding.at);
  const around = Math.max(units.HOUR, end - finding.from);
  go({ series: finding.series, range: { from: finding.from - around, to: end + around } });
}

function Row({ finding }: { finding: Finding }) {
  const isOpen = finding.ended === null;
  return (
    <li class={isOpen ? "finding open" : "finding"}>
      <span class="kind">
        <span aria-hidden="true">{isOpen ? "◆" : "◇"}</span> {findingWords[finding.code] ?? finding.code}
      </span>{" "}
      <time>{moment(finding.from, serverNow.peek(), zone.value)}</time>{" "}
      <button type="button" class="link" onClick={() => lookAt(finding)}>
        {finding.sentence}
      </button>
    </li>
  );
}

/** What the detectors found, open first, with links into the chart. */
export function Findings() {
  const [open, past] = [openFindings.value, pastFindings.value];
  if (open.length + past.length === 0) return null;
  const shown = allShown.value ? past : past.slice(0, PAST_SHOWN);
  return (
    <section class="panel" id="findings" aria-labelledby="findings-title">
      <h2 id="findings-title">Found in the readings</h2>
      <ul class="findings">
        {[...open, ...shown].map((finding) => (
          <Row key={`${finding.series} ${finding.code} ${finding.from}`} finding={finding} />
        ))}
      </ul>
      {past.length > shown.length && (
        <button type="button" class="link" onClick={() => (allShown.value = true)}>
          Show all {countOf(open.length + past.length)}
        </button>
      )}
    </section>
  );
}
