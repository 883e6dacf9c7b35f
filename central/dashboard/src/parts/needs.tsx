import type { Need } from "../api/contract";
import { serverNow } from "../state/clock";
import { allNeeds, allNodes, lostRecords } from "../state/nodes";
import { go, zone } from "../state/view";
import { needsSentence } from "../words/en";
import { countOf } from "../words/units";
import { date, minuteTime } from "../words/time";

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
    </li>
  );
}

/** The first line of the page: what a person should look at, or that nothing is. */
export function Needs() {
  const needs = allNeeds.value;
  if (allNodes.value.length === 0) return null;
  return (
    <section class={needs.length > 0 ? "panel needs" : "needs"} aria-labelledby="needs-title">
      <h2 id="needs-title">{needsSentence(needs.length, countOf(lostRecords.value))}</h2>
      {needs.length > 0 && (
        <ul>
          {needs.slice(0, SHOWN_MAX).map((need) => (
            <Item key={`${need.code} ${need.sentence}`} need={need} />
          ))}
        </ul>
      )}
      {needs.length > SHOWN_MAX && <p class="muted">and {countOf(needs.length - SHOWN_MAX)} more, with their nodes</p>}
    </section>
  );
}
