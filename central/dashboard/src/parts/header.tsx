import { freshness, lastWord, serverNow, silentFor } from "../state/clock";
import { nextTheme, theme } from "../state/theme";
import { sickParts } from "../state/health";
import { go, view, zone } from "../state/view";
import { neverSentence, partWords, staleSentence } from "../words/en";
import { secondTime, stopwatch, zoneName } from "../words/time";
import { helpOpen } from "./help";
import { PageLink } from "./page_link";

function LiveChip() {
  const state = freshness.value;
  if (state === "live") {
    return (
      <span class="chip live" role="status">
        <span aria-hidden="true">●</span> Live
      </span>
    );
  }
  if (state === "connecting") {
    return (
      <span class="chip" role="status">
        <span aria-hidden="true">◌</span> Connecting
      </span>
    );
  }
  return (
    <span class="chip stale">
      <span aria-hidden="true">◌</span> <span role="status">Stale</span>{" "}
      <span class="figures">{stopwatch(silentFor.value)}</span>
    </span>
  );
}

function ZoneChip() {
  const name = zoneName(zone.value, serverNow.value);
  const other = view.value.utc ? "this browser's zone" : "UTC";
  return (
    <button type="button" class="chip" aria-label={`${name}: times are in ${zone.value}. Show them in ${other}`} onClick={() => go({ utc: !view.value.utc })}>
      {name}
    </button>
  );
}

function ThemeSwitch() {
  return (
    <button type="button" class="chip" aria-label={`Colours: ${theme.value}. Change`} onClick={nextTheme}>
      <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5" />
        <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
      </svg>
      <span class="wide-only">{theme.value}</span>
    </button>
  );
}

/** After two minutes of silence from central a chip is not loud enough. */
function StaleBar() {
  if (freshness.value !== "silent") return null;
  const since = lastWord.value;
  return (
    <p class="bar" role="alert">
      {since === null ? neverSentence() : staleSentence(secondTime(since, zone.value))}
    </p>
  );
}

/** Central may be well and show the past for ever: what it depends on must be seen too. */
function HealthBar() {
  const parts = sickParts.value;
  if (parts.length === 0) return null;
  return (
    <div class="bar health" role="alert">
      {parts.map(({ name, detail }) => (
        <p key={name}>
          <span aria-hidden="true">▲ </span>
          <strong>{partWords[name] ?? "A part of central does not work"}.</strong> {name}: {detail}
        </p>
      ))}
    </div>
  );
}

export function Header() {
  return (
    <>
      <header class="top">
        <h1>
          <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M1 10c2.3-6 4.7-6 7-2s4.7 4 7-2" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />
          </svg>
          leat
        </h1>
        <nav aria-label="Pages">
          <PageLink to="readings" current={view.value.page === "readings"}>
            Readings
          </PageLink>
          <PageLink to="jobs" current={view.value.page === "jobs"}>
            Jobs
          </PageLink>
        </nav>
        <LiveChip />
        <span class="spring" />
        <ZoneChip />
        <ThemeSwitch />
        <button type="button" class="chip" aria-label="Keyboard help" onClick={() => (helpOpen.value = true)}>
          ?
        </button>
      </header>
      <StaleBar />
      <HealthBar />
    </>
  );
}
