import type { Need } from "../api/contract";
import { jobAlerts } from "../state/alerts";
import { serverNow } from "../state/clock";
import { sickParts } from "../state/health";
import { allNeeds, allNodes, lostRecords } from "../state/nodes";
import { go, zone } from "../state/view";
import { needsSentence, partWords } from "../words/en";
import { countOf } from "../words/units";
import { date, minuteTime } from "../words/time";
import { PageLink } from "./page_link";

const SHOWN_MAX = 8;

/** Since when, without an age that changes every second. */
export function Since({ t }: { t: number }) {
  const now = serverNow.peek();
  return (
    <span class="muted">
      since {date(t, now, zone.value)} {minuteTime(t, zone.value)}
    </span>
  );
}

function Item({ need }: { need: Need }) {
  const { series } = need;
  return (
    <li>
      <span aria-hidden="true">▲</span>{" "}
      {series === undefined ? need.sentence : (
        <button type="button" class="link" onClick={() => go({ series })}>
          {need.sentence}
        </button>
      )}{" "}
      {series === undefined && need.since !== null && <Since t={need.since} />}
      {need.advice !== undefined && <span class="advice muted">{need.advice}</span>}
    </li>
  );
}

/** The first line of the page: what a person should look at, of the line and of the nodes, or that nothing is. */
export function Needs() {
  const [needs, parts, jobs] = [allNeeds.value, sickParts.value, jobAlerts.value];
  if (allNodes.value.length === 0 && jobs.length === 0) return null;
  const all = parts.length + jobs.length + needs.length;
  return (
    <section class={all > 0 ? "panel needs" : "needs"} aria-labelledby="needs-title">
      <h2 id="needs-title">{needsSentence(all, countOf(lostRecords.value))}</h2>
      {all > 0 && (
        <ul>
          {parts.map(({ name }) => (
            <li key={name}>
              <span aria-hidden="true">▲</span> {partWords[name] ?? "A part of central does not work"}
            </li>
          ))}
          {jobs.map(({ id, sentence }) => (
            <li key={id}>
              <span aria-hidden="true">▲</span> <PageLink to="jobs">{sentence}</PageLink>
            </li>
          ))}
          {needs.slice(0, SHOWN_MAX).map((need) => (
            <Item key={`${need.code} ${need.sentence}`} need={need} />
          ))}
        </ul>
      )}
      {needs.length > SHOWN_MAX && <p class="muted">and {countOf(needs.length - SHOWN_MAX)} more, with their nodes</p>}
    </section>
  );
}
