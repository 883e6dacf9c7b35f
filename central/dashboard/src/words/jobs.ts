import type { JobRun, RunStatus } from "../api/contract";
import { plural } from "./en";
import { moment, tookWords } from "./time";
import { countOf } from "./units";

// What is said of jobs and of their runs.

export const runWords: Record<RunStatus, string> = {
  running: "running",
  ok: "ok",
  failed: "failed",
  interrupted: "interrupted",
};

/** How long a run took; of one that is on, how long it has been. */
export function runLength(run: JobRun, now: number): number {
  return Math.max(0, (run.ended ?? now) - run.started);
}

/** "29 of 30": of the runs that have ended. */
export function successWords(runs: JobRun[]): string {
  const ended = runs.filter(({ status }) => status !== "running");
  if (ended.length === 0) return "–";
  const good = ended.filter(({ status }) => status === "ok").length;
  return `${countOf(good)} of ${countOf(ended.length)}`;
}

/** Of the runs that went well: one that fails at once says nothing of how long the work takes. */
export function averageWords(runs: JobRun[]): string {
  const lengths = runs.filter(({ status, ended }) => status === "ok" && ended !== null).map((run) => runLength(run, run.started));
  return lengths.length === 0 ? "–" : tookWords(lengths.reduce((sum, length) => sum + length, 0) / lengths.length);
}

export function recordsWords(records: number): string {
  return `${countOf(records)} ${plural(records, "record", "records")}`;
}

/** A run in one sentence, for who cannot see its mark. */
export function runSentence(run: JobRun, now: number, zone: string): string {
  const length = tookWords(runLength(run, now));
  const took = run.status === "running" ? `for ${length}` : `took ${length}`;
  return [`${runWords[run.status]}, ${moment(run.started, now, zone)}`, took, recordsWords(run.records)].join(", ");
}

/** A first job, as the configuration has it. */
export const firstJob = `[job.nightly]
kind = "backup"
folder = "/var/lib/leat/central/backup"
every = "1d at 02:00"`;
