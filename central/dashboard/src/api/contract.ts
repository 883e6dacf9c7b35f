// What central answers, field by field. Times are milliseconds since 1970 in UTC.

export type NodeState = "init" | "ready" | "sleeping" | "disconnected" | "lost" | "unknown";
export type ClockState = "synced" | "holdover" | "boot";

export interface LatestValue {
  series: string;
  quantity: string;
  unit: string;
  t: number;
  value: number;
}

/** Something about a node that a person should look at. */
export interface Need {
  code: string;
  sentence: string;
  since: number | null;
  /** What to do next. */
  advice?: string;
  /** "attic/climate.temperature" where it is about one. */
  series?: string;
}

export interface NodeItem {
  node: string;
  state: NodeState;
  state_since: number | null;
  last_record: number | null;
  last_stored: { inc: string; seq: number; at: number } | null;
  outbox: { records: number } | null;
  version: string | null;
  clock: ClockState | null;
  lost_records: number;
  /** What is wrong now, in the node's words; absent when nothing is. */
  trouble?: string[];
  quarantined?: { reason: string; records: number; detail: string }[];
  /** The newest boot that did not know the time at first: its records waited, and were placed. */
  placed?: { records: number; started: number; clock_set: number };
  /** Where its series are now, and all their tags; absent when none is known. */
  locations?: string[];
  tags?: string[];
  /** The most urgent first; empty when all is well. */
  needs: Need[];
  latest: LatestValue[];
  /** Readings from the future, by series: the farthest of them, and how many there are. */
  ahead?: { series: string; unit: string; t: number; value: number; readings: number }[];
}

/** What a detector found in a series: one event, from its beginning to its end. */
export interface Finding {
  series: string;
  code: string;
  severity: "notice" | "warning" | "critical";
  from: number;
  to: number;
  /** null while it is open. */
  ended: number | null;
  /** The most telling reading. */
  at: number;
  value: number;
  score: number;
  times: number;
  sentence: string;
  parameters: Record<string, number>;
}

/** What a person must know, from its opening to its closing. */
export interface Alert {
  id: string;
  code: string;
  /** unknown: it held when its node was heard last. */
  state: "open" | "unknown" | "closed";
  severity: "notice" | "warning" | "critical";
  /** Absent: of the whole line. */
  node?: string;
  series?: string;
  opened: number;
  updated: number;
  closed: number | null;
  /** How often it came back, the first time included. */
  times: number;
  revision: number;
  sentence: string;
  advice?: string;
  silenced: boolean;
}

export type RunStatus = "running" | "ok" | "failed" | "interrupted";

/** A job that is configured. */
export interface JobPlan {
  job: string;
  kind: string;
  /** "1d at 02:00"; null: only when somebody runs it. */
  every: string | null;
  next: number | null;
}

/** A run of a job. */
export interface JobRun {
  id: number;
  job: string;
  kind: string;
  status: RunStatus;
  started: number;
  ended: number | null;
  /** Else a person, or another program, started it. */
  scheduled: boolean;
  records: number;
  read: string | null;
  wrote: string | null;
  error: string | null;
  remedy: string | null;
}

/** What central depends on. `retrying`: it does not work at the moment; `failing`: not for long. */
export interface Health {
  status: "ok" | "degraded" | "failing";
  parts: Record<string, { status: "ok" | "retrying" | "failing"; detail?: string }>;
}

export interface SeriesItem {
  id: string;
  node: string;
  series: string;
  quantity: string;
  unit: string;
  driver: string;
  period_ms: number | null;
  first: number | null;
  last: number | null;
  location: string | null;
  tags: string[];
}

export interface List<Item> {
  now: number;
  items: Item[];
  next: string | null;
}

export interface RunsAnswer extends List<JobRun> {
  jobs: JobPlan[];
}

/**
 * c complete, p provisional (not yet complete), g known gap, n nothing due, u nothing claimed, w known
 * in wider windows only.
 */
export type WindowState = "c" | "p" | "g" | "n" | "u" | "w";

export interface Gap {
  from: number;
  to: number;
  records: number;
  reason: string;
}

/** Why neighbouring windows have not all that was due; `readings` is null where nobody knows how many. */
export interface CauseRun {
  from: number;
  to: number;
  cause: string;
  reason?: string;
  readings: number | null;
  sentence: string;
}

/** Columns of equal length, one entry for each window; null means "no value", never 0. */
export interface WindowsAnswer {
  series: string;
  quantity: string;
  unit: string;
  from: number;
  to: number;
  window_ms: number;
  t: number[];
  count: (number | null)[];
  expected: (number | null)[];
  failed: (number | null)[];
  min: (number | null)[];
  max: (number | null)[];
  first: (number | null)[];
  last: (number | null)[];
  mean: (number | null)[];
  state: WindowState[];
  /** 0 to 1; null where nothing is claimed. */
  quality: (number | null)[];
  revision: (number | null)[];
  /** What the same hour had on the days before; absent unless asked for. */
  expected_low?: (number | null)[];
  expected_high?: (number | null)[];
  /** How long a state was on, and how often it changed; absent for what is none. */
  on_ms?: (number | null)[];
  transitions?: (number | null)[];
  gaps: Gap[];
  causes: CauseRun[];
  watermark: number | null;
  truncated: boolean;
  left_off: number;
}

/** A reading as it was taken. */
export interface SingleReading {
  t: number;
  value: number;
  /** ahead: dated after its arrival. */
  quality: "good" | "ahead";
  clock: string;
}

export interface ReadingsAnswer {
  series: string;
  unit: string;
  /** The oldest that is kept, of all times; null when none is. */
  kept_from: number | null;
  /** Readings that their node had summarised: no single one of them is known. */
  summarised: number;
  readings: SingleReading[];
  /** Where the rest begins; null when this is all. */
  next: string | null;
}

/** A run of equal readings of a state. */
export interface Visit {
  value: number;
  from: number;
  /** The last reading of it. */
  to: number;
  /** The first reading of another value; null: it is open, or not known. */
  until: number | null;
  end: "open" | "changed" | "unknown";
  certain: boolean;
  readings: number;
  /** Of an open one up to the node's watermark. */
  length_ms: number;
}

export interface VisitsAnswer extends List<Visit> {
  truncated: boolean;
}

/** One window, as the event stream delivers it. */
export interface WindowEvent {
  s: string;
  t: number;
  w: number;
  count: number | null;
  expected: number | null;
  failed: number | null;
  min: number | null;
  max: number | null;
  first: number | null;
  last: number | null;
  mean: number | null;
  state: WindowState;
  quality: number | null;
  rev: number;
}
