import type { WindowState } from "../api/contract";
import { rfc3339 } from "../words/time";
import type { Trace } from "./trace";

// What leaves the page as a file.

/** As the other tables of central call them. */
const states: Record<WindowState, string> = { c: "complete", p: "provisional", g: "known_gap", n: "nothing_due", u: "unclaimed", w: "only_wider" };

/** Names that Windows keeps for devices, whatever stands behind the first dot. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/** 20261114T123105Z: it sorts by time and has no colon. */
function compact(t: number): string {
  return `${new Date(t).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

/** "attic.climate.temperature.20261114T120000Z--20261114T130000Z": a name on every system. */
export function fileStem(series: string, from: number, to: number): string {
  const name = series.replace("/", ".").replace(/[^A-Za-z0-9._-]/g, "_");
  const isReserved = reserved.test(name.split(".")[0]!.toLowerCase());
  return `${isReserved ? "_" : ""}${name}.${compact(from)}--${compact(to)}`;
}

/** The windows between two times as a table, after RFC 4180. */
export function windowsTable(trace: Trace, from: number, to: number, zone: string): string {
  const isUtc = zone === "UTC";
  const header = ["start", ...(isUtc ? [] : ["local_start"]), "count", "expected", "failed", "mean", "min", "max", "state", "quality"];
  const rows = trace.t.flatMap((t, i) => {
    if (t + trace.windowMs <= from || t >= to) return [];
    const times = [rfc3339(t, "UTC"), ...(isUtc ? [] : [rfc3339(t, zone)])];
    const numbers = [trace.count[i], trace.expected[i], trace.failed[i], trace.mean[i], trace.min[i], trace.max[i]];
    return [[...times, ...numbers.map((number) => number ?? ""), states[trace.state[i] ?? "u"], trace.quality[i] ?? ""]];
  });
  return [header, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}
