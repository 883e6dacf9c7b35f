import type { ComponentChildren } from "preact";
import type { JobRun } from "../../api/contract";
import { serverNow } from "../../state/clock";
import { adjust, go, zone } from "../../state/view";
import { recordsWords, runLength, runWords } from "../../words/jobs";
import { iso, moment, tookWords } from "../../words/time";
import { RunShape } from "./run_marks";

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Time({ t }: { t: number }) {
  return <time dateTime={iso(t)}>{moment(t, serverNow.peek(), zone.value)}</time>;
}

function Facts({ run, now }: { run: JobRun; now: number }) {
  return (
    <dl>
      <Fact name="Started">
        <Time t={run.started} /> {run.scheduled ? "by central, as scheduled" : "by hand, or by another program"}
      </Fact>
      <Fact name="Ended">
        {run.ended === null ? "not yet" : <Time t={run.ended} />}, {run.ended === null ? "on for" : "after"} {tookWords(runLength(run, now))}
      </Fact>
      <Fact name="Work">{recordsWords(run.records)}</Fact>
      {run.read !== null && <Fact name="Read">{run.read}</Fact>}
      {run.wrote !== null && <Fact name="Wrote">{run.wrote}</Fact>}
      {run.error !== null && <Fact name="Error">{run.error}</Fact>}
      {run.remedy !== null && <Fact name="What to do">{run.remedy}</Fact>}
    </dl>
  );
}

/** All that is known of the chosen run. `runs` has the newest first. */
export function RunDetails({ runs, chosen, now }: { runs: JobRun[]; chosen: number; now: number }) {
  const run = runs[chosen]!;
  const step = (to: number) => adjust({ run: runs[to]!.id });
  return (
    <div class="run-details" role="region" aria-labelledby="run-title">
      <h4 id="run-title" aria-live="polite">
        <RunShape status={run.status} /> Run {run.id} of {run.job}: {runWords[run.status]}
      </h4>
      <Facts run={run} now={now} />
      <p class="pager">
        <button type="button" class="button" disabled={chosen === runs.length - 1} onClick={() => step(chosen + 1)}>
          Older
        </button>
        <button type="button" class="button" disabled={chosen === 0} onClick={() => step(chosen - 1)}>
          Newer
        </button>
        <button type="button" class="button" onClick={() => go({ run: null })}>
          Close
        </button>
      </p>
    </div>
  );
}
