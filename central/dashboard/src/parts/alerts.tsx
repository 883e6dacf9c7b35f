import { signal } from "@preact/signals";
import type { Alert } from "../api/contract";
import { openAlerts, pastAlerts } from "../state/alerts";
import { serverNow } from "../state/clock";
import { go, zone } from "../state/view";
import { alertWords } from "../words/en";
import { moment } from "../words/time";
import { countOf } from "../words/units";
import { PageLink } from "./page_link";

const PAST_SHOWN = 10;
const allShown = signal(false);

function Sentence({ alert }: { alert: Alert }) {
  const { series } = alert;
  if (alert.code === "job") return <PageLink to="jobs">{alert.sentence}</PageLink>;
  if (series === undefined) return <>{alert.sentence}</>;
  return (
    <button type="button" class="link" onClick={() => go({ series })}>
      {alert.sentence}
    </button>
  );
}

function Row({ alert }: { alert: Alert }) {
  const isOpen = alert.closed === null;
  const until = alert.closed === null ? "" : ` – ${moment(alert.closed, serverNow.peek(), zone.value)}`;
  return (
    <li class={isOpen ? "finding open" : "finding"}>
      <span class="kind">
        <span aria-hidden="true">{isOpen ? "▲" : "△"}</span> {alertWords[alert.state]}
      </span>{" "}
      <span class="muted">
        <time>{moment(alert.opened, serverNow.peek(), zone.value)}</time>
        {until}
      </span>{" "}
      <span>
        <Sentence alert={alert} />
        {alert.times > 1 && <span class="muted"> {countOf(alert.times)} times</span>}
        {alert.silenced && <span class="muted"> silenced</span>}
      </span>
    </li>
  );
}

/** What central tells people outside, open first: some of it is past, and some is silenced. */
export function Alerts() {
  const [open, past] = [openAlerts.value, pastAlerts.value];
  if (open.length + past.length === 0) return null;
  const shown = allShown.value ? past : past.slice(0, PAST_SHOWN);
  return (
    <section class="panel" id="alerts" aria-labelledby="alerts-title">
      <h2 id="alerts-title">Alerts</h2>
      <ul class="findings alerts">
        {[...open, ...shown].map((alert) => (
          <Row key={alert.id} alert={alert} />
        ))}
      </ul>
      {past.length > shown.length && (
        <button type="button" class="link" onClick={() => (allShown.value = true)}>
          Show all {countOf(open.length + past.length)} alerts
        </button>
      )}
    </section>
  );
}
