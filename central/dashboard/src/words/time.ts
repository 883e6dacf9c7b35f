import { locale } from "./locale";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long, in the one unit that a person would choose: 12 s, 14 min, 3 h, 5 d. Never negative. */
export function duration(ms: number): string {
  const span = Math.max(0, ms);
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)} h`;
  return `${Math.floor(span / DAY)} d`;
}

/** How long something took: 0.4 s, 12.3 s, 4 min 10 s, 3 h 5 min. */
export function tookWords(ms: number): string {
  if (ms < MINUTE - 50) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms >= HOUR) return spanWords(ms);
  const seconds = Math.round(ms / SECOND);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The length of a chosen range, exactly: 15 min, 1 h, 7 d, 1 h 12 min. */
export function spanWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE));
  const parts: string[] = [];
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  // From two days on in days; below that, twenty-four hours read better than a day.
  if (days >= 2) {
    parts.push(`${days} d`);
    if (hours > 0) parts.push(`${hours} h`);
    return parts.join(" ");
  }
  if (minutes >= 60) parts.push(`${Math.floor(minutes / 60)} h`);
  if (minutes % 60 > 0) parts.push(`${minutes % 60} min`);
  return parts.join(" ");
}

/** mm:ss, growing to h:mm:ss. */
export function stopwatch(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / SECOND);
  const two = (part: number) => String(part).padStart(2, "0");
  const tail = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? tail : `${Math.floor(seconds / 3600)}:${tail}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${name} ${zone}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    formats.set(key, found);
  }
  return found;
}

const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export function minuteTime(t: number, zone: string): string {
  return format("minute", zone, clock).format(t);
}

export function secondTime(t: number, zone: string): string {
  return format("second", zone, { ...clock, second: "2-digit" }).format(t);
}

/** Day, month and year as the axis of the chart writes them: in English and in this order. */
function dateParts(t: number, zone: string): { day: string; year: string } {
  const key = `date ${zone}`;
  let dates = formats.get(key);
  if (!dates) {
    dates = new Intl.DateTimeFormat("en-US", { day: "numeric", month: "short", year: "numeric", timeZone: zone });
    formats.set(key, dates);
  }
  const parts = dates.formatToParts(t);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((found) => found.type === type)?.value ?? "";
  return { day: `${part("day")} ${part("month")}`, year: part("year") };
}

/** 14 Nov, or 10 Feb 2015 when `now` is in another year; nothing on the day of `now`. */
export function date(t: number, now: number, zone: string): string {
  const [then, today] = [dateParts(t, zone), dateParts(now, zone)];
  if (then.year !== today.year) return `${then.day} ${then.year}`;
  return then.day === today.day ? "" : then.day;
}

/** 14 Nov 2026, also today: for what is read another day. */
export function longDate(t: number, zone: string): string {
  const { day, year } = dateParts(t, zone);
  return `${day} ${year}`;
}

/** 12:31:05 on the day of `now`, else 14 Nov 08:02, or 10 Feb 2015 08:02. */
export function moment(t: number, now: number, zone: string): string {
  const day = date(t, now, zone);
  return day === "" ? secondTime(t, zone) : `${day} ${minuteTime(t, zone)}`;
}

/** A reading's own time, to the millisecond where it has any: 12:31:05.250 on the day of `now`. */
export function exactMoment(t: number, now: number, zone: string): string {
  const fraction = ((t % SECOND) + SECOND) % SECOND;
  const digits = fraction === 0 ? "" : `.${String(Math.floor(fraction)).padStart(3, "0")}`;
  return `${date(t, now, zone)} ${secondTime(t, zone)}${digits}`.trimStart();
}

/** The two ends of a window: 10:00–11:00 today, else 14 Nov 10:00–11:00, or with both dates. */
export function windowTimes(t: number, windowMs: number, now: number, zone: string): string {
  const end = t + windowMs;
  const [day, lastDay] = [date(t, now, zone), date(end, now, zone)];
  const from = `${day} ${minuteTime(t, zone)}`.trimStart();
  const sameDay = day === lastDay && windowMs < DAY;
  return `${from}–${sameDay ? "" : `${lastDay} `.trimStart()}${minuteTime(end, zone)}`;
}

/** The short name of a zone at a time: CET, UTC, GMT+1. */
export function zoneName(zone: string, t: number): string {
  const parts = format("zone", zone, { timeZoneName: "short" }).formatToParts(t);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** As the readings' table of central has it: 2026-11-14T13:31:05.250+01:00, or with a Z in UTC. */
export function rfc3339(t: number, zone: string): string {
  const parts = format("all", zone, { ...clock, second: "2-digit", day: "2-digit", month: "2-digit", year: "numeric", calendar: "gregory", numberingSystem: "latn" }).formatToParts(t);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((found) => found.type === type)?.value);
  const local = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  const ahead = Math.round((local - Math.floor(t / SECOND) * SECOND) / MINUTE);
  const text = iso(t + ahead * MINUTE).slice(0, -1);
  const two = (part: number) => String(Math.floor(part)).padStart(2, "0");
  return ahead === 0 ? `${text}Z` : `${text}${ahead < 0 ? "-" : "+"}${two(Math.abs(ahead) / 60)}:${two(Math.abs(ahead) % 60)}`;
}

/** "a minute", "15 min": how long a window is, behind "means of". */
export function lengthWords(ms: number): string {
  const names: Record<number, string> = { [MINUTE]: "a minute", [HOUR]: "an hour", [DAY]: "a day" };
  return names[ms] ?? (ms < MINUTE ? duration(ms) : spanWords(ms));
}

/** For the machine-readable attribute of <time>. */
export function iso(t: number): string {
  return new Date(t).toISOString();
}

export const units = { SECOND, MINUTE, HOUR, DAY };
