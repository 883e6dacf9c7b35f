import { serverNow } from "../../state/clock";
import { type JobHistory, jobHistories, jobsAskedAt, jobsProblem, loadJobs, RUNS_SHOWN } from "../../state/jobs";
import { view, zone } from "../../state/view";
import { averageWords, firstJob, recordsWords, runWords, successWords } from "../../words/jobs";
import { moment } from "../../words/time";
import { Moment } from "../moment";
import { ProblemNote } from "../problem_note";
import { RunDetails } from "./run_details";
import { RunMarks, RunShape } from "./run_marks";

function Next({ history }: { history: JobHistory }) {
  const { plan } = history;
  if (!plan) return <>not configured any more</>;
  if (plan.next === null) return <>when somebody runs it</>;
  return <>{moment(plan.next, serverNow.peek(), zone.value)}</>;
}

function Last({ history }: { history: JobHistory }) {
  const last = history.runs[0];
  if (!last) return <>has not run yet</>;
  return (
    <>
      <span class={`state run-${last.status}`}>
        <RunShape status={last.status} /> {runWords[last.status]}
      </span>{" "}
      <Moment t={last.started} /> <span class="sub">{recordsWords(last.records)}</span>
    </>
  );
}

function Row({ history, now }: { history: JobHistory; now: number }) {
  const { job, kind, plan, runs } = history;
  const chosen = runs.findIndex(({ id }) => id === view.value.run);
  return (
    <li class="job">
      <h3>
        {job} <span class="muted">{plan?.every ? `${kind}, every ${plan.every}` : kind}</span>
      </h3>
      <dl class="job-facts">
        <div>
          <dt>Last run</dt>
          <dd>
            <Last history={history} />
          </dd>
        </div>
        <div>
          <dt>Succeeded</dt>
          <dd class="figure">{successWords(runs)}</dd>
        </div>
        <div>
          <dt>Average duration</dt>
          <dd class="figure">{averageWords(runs)}</dd>
        </div>
        <div>
          <dt>Next run</dt>
          <dd>
            <Next history={history} />
          </dd>
        </div>
      </dl>
      <RunMarks job={job} runs={runs} now={now} />
      {chosen >= 0 && <RunDetails runs={runs} chosen={chosen} now={now} />}
    </li>
  );
}

function Legend() {
  return (
    <ul class="legend" aria-label="How to read the runs">
      {(["ok", "failed", "interrupted", "running"] as const).map((status) => (
        <li key={status}>
          <RunShape status={status} /> {runWords[status]}
        </li>
      ))}
      <li>
        <i class="key run-key" /> how long it took
      </li>
      <li>the newest {RUNS_SHOWN} runs of each, and the figures of these</li>
    </ul>
  );
}

/** What to write for a first job. */
function FirstJob() {
  return (
    <div class="first-run">
      <p>No job is configured yet. What is to be done now and then is a table in central's configuration:</p>
      <pre>
        <code>{firstJob}</code>
      </pre>
      <p>
        Then start central again: a job that never ran runs at once, and appears here. <code>leat-central job run nightly</code> runs it by hand.
      </p>
    </div>
  );
}

function Body() {
  const now = jobsAskedAt.value;
  const histories = jobHistories.value;
  if (now === null) return jobsProblem.value ? null : <div class="skeleton" aria-busy="true" />;
  if (histories.length === 0) return <FirstJob />;
  return (
    <>
      <ul class="jobs">
        {histories.map((history) => (
          <Row key={history.job} history={history} now={now} />
        ))}
      </ul>
      <Legend />
    </>
  );
}

/** What is done now and then: each job with its newest runs along time. */
export function Jobs() {
  return (
    <section class="panel" aria-labelledby="jobs-title">
      <h2 id="jobs-title" tabIndex={-1}>
        Jobs
      </h2>
      {jobsProblem.value && <ProblemNote problem={jobsProblem.value} retry={() => void loadJobs()} />}
      <Body />
    </section>
  );
}
