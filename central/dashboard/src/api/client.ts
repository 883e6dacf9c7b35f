import type { Alert, Finding, Health, List, NodeItem, ReadingsAnswer, RunsAnswer, SeriesItem, VisitsAnswer, WindowsAnswer } from "./contract";

/** Why a request gave nothing, in the words of the server when it had any (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly title: string,
    readonly detail: string,
    /** The HTTP status; 0 when there was no answer at all. */
    readonly status: number,
  ) {
    super(title);
  }

  /** Whether asking again later can help. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback = new Problem(`Central answered ${response.status}`, response.statusText, response.status);
  if (!response.headers.get("content-type")?.includes("json")) return fallback;
  try {
    const body = (await response.json()) as { title?: unknown; detail?: unknown };
    return new Problem(String(body.title ?? fallback.title), String(body.detail ?? ""), response.status);
  } catch {
    return fallback;
  }
}

async function get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  let response: Response;
  try {
    const headers = { accept: "application/json" };
    response = await fetch(path, signal ? { headers, signal } : { headers });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem("Central cannot be reached", "The page goes on trying.", 0);
  }
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Answer;
}

export function fetchNodes(): Promise<List<NodeItem>> {
  return get("/api/v1/nodes");
}

export function fetchSeries(): Promise<List<SeriesItem>> {
  return get("/api/v1/series");
}

/** The newest of the last fortnight, and those that are still open. */
export function fetchFindings(): Promise<List<Finding>> {
  return get("/api/v1/anomalies?from=-14d&limit=200");
}

/** The newest of the last fortnight, and those that hold. */
export function fetchAlerts(): Promise<List<Alert>> {
  return get("/api/v1/alerts?from=-14d&limit=200");
}

/** The newest runs: of one job, or of all. */
export function fetchRuns({ job, limit }: { job?: string; limit: number }): Promise<RunsAnswer> {
  return get(`/api/v1/jobs?${new URLSearchParams({ ...(job === undefined ? {} : { job }), limit: String(limit) })}`);
}

/** Central answers 503 when it fails, and says in the same words why. */
export async function fetchHealth(): Promise<Health> {
  const response = await fetch("/healthz", { headers: { accept: "application/json" } });
  return (await response.json()) as Health;
}

export interface WindowsQuestion {
  series: string;
  from: string;
  to: string;
  /** The width of the chart: the server picks the window length that fits it. */
  points: number;
  /** Whether to tell what was to be expected, too. */
  band: boolean;
}

export function fetchWindows(question: WindowsQuestion, signal: AbortSignal): Promise<WindowsAnswer> {
  const { series, from, to, points, band } = question;
  const query = new URLSearchParams({ series, from, to, points: String(points), ...(band ? { band: "1" } : {}) });
  return get(`/api/v1/windows?${query}`, signal);
}

export interface ReadingsQuestion {
  series: string;
  from: number;
  to: number;
}

function readingsPath(series: string): string {
  return `/api/v1/series/${encodeURIComponent(series)}/readings`;
}

/** Single readings, at most `limit`. */
export function fetchReadings({ series, from, to }: ReadingsQuestion, limit: number, signal: AbortSignal): Promise<ReadingsAnswer> {
  return get(`${readingsPath(series)}?from=${from}&to=${to}&limit=${limit}`, signal);
}

/** When a state was what, the newest first; at most `limit`. */
export function fetchVisits({ series, from, to }: ReadingsQuestion, limit: number, signal: AbortSignal): Promise<VisitsAnswer> {
  return get(`/api/v1/visits?${new URLSearchParams({ series, from: String(from), to: String(to), limit: String(limit) })}`, signal);
}

/** The address of a table of all single readings, with their times in UTC and in `zone`. */
export function readingsTable({ series, from, to }: ReadingsQuestion, zone: string): string {
  return `${readingsPath(series)}?${new URLSearchParams({ format: "csv", from: String(from), to: String(to), tz: zone })}`;
}
