import { batch, computed, effect, signal } from "@preact/signals";
import { fetchRuns, Problem } from "../api/client";
import type { JobPlan, JobRun } from "../api/contract";
import { hearAnswer } from "./clock";
import { view } from "./view";

// The jobs that are configured, and the newest runs of every job. Asked for while they are to be seen.

/** So many runs of each are shown. */
export const RUNS_SHOWN = 30;

const AGAIN_MS = 5_000;
/** A job that nobody configures any more is still told of while its runs are among the newest. */
const NEWEST_ASKED = 200;

const plans = signal<readonly JobPlan[]>([]);
/** By number. */
const known = signal<ReadonlyMap<number, JobRun>>(new Map());

/** Central's time of the newest answer; null: there was none. */
export const jobsAskedAt = signal<number | null>(null);
export const jobsProblem = signal<Problem | null>(null);

/** A job, whether it is configured or ever ran. */
export interface JobHistory {
  job: string;
  kind: string;
  /** Absent: nobody configures it any more. */
  plan?: JobPlan;
  /** The newest first. */
  runs: JobRun[];
}

function historiesOf(found: readonly JobPlan[], runs: ReadonlyMap<number, JobRun>): JobHistory[] {
  const histories = new Map<string, JobHistory>(found.map((plan) => [plan.job, { job: plan.job, kind: plan.kind, plan, runs: [] }]));
  for (const run of [...runs.values()].sort((a, b) => b.id - a.id)) {
    const history = histories.get(run.job) ?? { job: run.job, kind: run.kind, runs: [] };
    if (history.runs.length < RUNS_SHOWN) history.runs.push(run);
    histories.set(run.job, history);
  }
  return [...histories.values()];
}

export const jobHistories = computed(() => historiesOf(plans.value, known.value));

/** Those whose older runs have been asked for: frequent runs of one job leave no room for another's. */
const filled = new Set<string>();

async function olderRuns(histories: JobHistory[], seen: ReadonlySet<number>): Promise<JobRun[]> {
  // A run that is on, and that the newest answer does not tell, may have ended since.
  const wanting = histories.filter(({ job, runs }) => (runs.length < RUNS_SHOWN && !filled.has(job)) || (runs[0]?.status === "running" && !seen.has(runs[0].id)));
  const answers = await Promise.all(wanting.map(({ job }) => fetchRuns({ job, limit: RUNS_SHOWN })));
  for (const { job } of wanting) filled.add(job);
  return answers.flatMap(({ items }) => items);
}

let isAsking = false;

export async function loadJobs(): Promise<void> {
  if (isAsking) return;
  isAsking = true;
  try {
    const answer = await fetchRuns({ limit: NEWEST_ASKED });
    const runs = new Map([...known.peek(), ...answer.items.map((run) => [run.id, run] as const)]);
    if (answer.next !== null) {
      const seen = new Set(answer.items.map(({ id }) => id));
      for (const run of await olderRuns(historiesOf(answer.jobs, runs), seen)) runs.set(run.id, run);
    }
    const histories = historiesOf(answer.jobs, runs);
    batch(() => {
      hearAnswer(answer.now);
      jobsAskedAt.value = answer.now;
      jobsProblem.value = null;
      plans.value = answer.jobs;
      known.value = new Map(histories.flatMap((history) => history.runs.map((run) => [run.id, run] as const)));
    });
  } catch (error) {
    jobsProblem.value = error instanceof Problem ? error : new Problem("The answer was not understood", String(error), 200);
  } finally {
    isAsking = false;
  }
}

/** Asks at once when the jobs come to be seen, and again and again while they are. */
export function followJobs(): void {
  const isSeen = () => view.peek().page === "jobs" && !document.hidden;
  let wasSeen = false;
  effect(() => {
    const isShown = view.value.page === "jobs";
    if (isShown && !wasSeen) void loadJobs();
    wasSeen = isShown;
  });
  document.addEventListener("visibilitychange", () => isSeen() && void loadJobs());
  setInterval(() => isSeen() && void loadJobs(), AGAIN_MS);
}
