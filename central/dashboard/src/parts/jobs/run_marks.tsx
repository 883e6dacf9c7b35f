import type { JobRun, RunStatus } from "../../api/contract";
import { adjust, go, view, zone } from "../../state/view";
import { runLength, runSentence } from "../../words/jobs";
import { moment, units } from "../../words/time";

// One shape for each outcome, beside its colour.

function drawing(status: RunStatus) {
  switch (status) {
    case "ok":
      return <circle cx="8" cy="8" r="5" fill="currentColor" />;
    case "failed":
      return <path d="M3.5 3.5l9 9m0-9l-9 9" stroke-width="3" />;
    case "interrupted":
      return (
        <>
          <circle cx="8" cy="8" r="5" />
          <path d="M4.5 11.5l7-7" />
        </>
      );
    case "running":
      return <circle cx="8" cy="8" r="5" stroke-dasharray="1.5 2.4" />;
  }
}

export function RunShape({ status }: { status: RunStatus }) {
  return (
    <svg class={`shape run-${status}`} viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">
      {drawing(status)}
    </svg>
  );
}

/** What an arrow key leads to, in runs from the oldest to the newest. */
function target(key: string, from: number, last: number): number | null {
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (key === "ArrowLeft") return Math.max(0, from - 1);
  if (key === "ArrowRight") return Math.min(last, from + 1);
  return null;
}

/** Focus goes with the choice: the marks are one stop of the Tab key. */
function onKeyDown(event: KeyboardEvent, runs: JobRun[]): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const place = event.currentTarget as HTMLElement;
  const marks = [...place.querySelectorAll<HTMLButtonElement>("button")];
  const next = target(event.key, marks.indexOf(document.activeElement as HTMLButtonElement), runs.length - 1);
  if (next === null) return;
  event.preventDefault();
  marks[next]?.focus();
  if (view.peek().run !== null) adjust({ run: runs[next]!.id });
}

function Mark({ run, from, to, isStop }: { run: JobRun; from: number; to: number; isStop: boolean }) {
  const share = (ms: number) => `${((100 * ms) / (to - from)).toFixed(3)}%`;
  const isChosen = view.value.run === run.id;
  return (
    <button
      type="button"
      class="run"
      aria-expanded={isChosen}
      aria-label={runSentence(run, to, zone.value)}
      tabIndex={isStop ? 0 : -1}
      style={{ insetInlineStart: share(run.started - from) }}
      onClick={() => go({ run: isChosen ? null : run.id })}
    >
      <RunShape status={run.status} />
    </button>
  );
}

/** How long each run took, as a line behind its mark. */
function Length({ run, from, to }: { run: JobRun; from: number; to: number }) {
  const share = (ms: number) => `${((100 * ms) / (to - from)).toFixed(3)}%`;
  return <span class={`run-length run-${run.status}`} style={{ insetInlineStart: share(run.started - from), inlineSize: share(runLength(run, to)) }} />;
}

/** The runs of a job along time, from the oldest that is shown to now. `runs` has the newest first. */
export function RunMarks({ job, runs, now }: { job: string; runs: JobRun[]; now: number }) {
  if (runs.length === 0) return null;
  const ordered = [...runs].reverse();
  // One from ahead of now was noted by a clock that was wrong.
  const to = Math.max(now, ...runs.map(({ started }) => started));
  const from = Math.min(ordered[0]!.started, to - units.HOUR, ...runs.map(({ started }) => started));
  const chosen = runs.some(({ id }) => id === view.value.run) ? view.value.run : runs[0]!.id;
  return (
    <div class="runs">
      <div class="run-line" role="group" aria-label={`Runs of ${job}, from the oldest to the newest. Arrow keys lead from one to the next.`} onKeyDown={(event) => onKeyDown(event, ordered)}>
        {ordered.map((run) => (
          <Length key={`length ${run.id}`} run={run} from={from} to={to} />
        ))}
        {ordered.map((run) => (
          <Mark key={run.id} run={run} from={from} to={to} isStop={run.id === chosen} />
        ))}
      </div>
      <p class="run-ends muted figures" aria-hidden="true">
        <span>{moment(from, now, zone.value)}</span>
        <span>now</span>
      </p>
    </div>
  );
}
