import { computed, signal } from "@preact/signals";

// Central's time, never the browser's: a phone with a wrong clock must not turn "2 s ago" into
// "3 days ago". And how long central has been silent, since a frozen page that stays green is
// worse than none.

const STALE_AFTER_MS = 8_000;
const WARN_AFTER_MS = 120_000;

interface Heard {
  serverNow: number;
  /** For time that passes. */
  mono: number;
  /** For silence: it also counts the hours a laptop was asleep, which `mono` does not. */
  wall: number;
}

const started: Heard = { serverNow: Date.now(), mono: performance.now(), wall: Date.now() };
const heard = signal<Heard | null>(null);
const answered = signal<Heard | null>(null);

/** Rises once a second; everything that shows an age reads it. */
const second = signal(0);

export function startClock(): void {
  setInterval(() => second.value++, 1000);
}

function heardAt(serverNow: number, age: number): Heard {
  return { serverNow, mono: performance.now() - age, wall: Date.now() - age };
}

export function hearHeartbeat(serverNow: number, age: number): void {
  heard.value = heardAt(serverNow, age);
}

/** Until the first heartbeat an answer gives the time too; it does not prove that the stream works. */
export function hearAnswer(serverNow: number): void {
  answered.value = heardAt(serverNow, 0);
}

export const serverNow = computed(() => {
  second.value;
  const basis = heard.value ?? answered.value ?? started;
  return basis.serverNow + (performance.now() - basis.mono);
});

export const silentFor = computed(() => {
  second.value;
  const basis = heard.value ?? started;
  return Math.max(performance.now() - basis.mono, Date.now() - basis.wall);
});

/** When central was last heard, in its own time; null if never. */
export const lastWord = computed(() => heard.value?.serverNow ?? null);

export type Freshness = "connecting" | "live" | "stale" | "silent";

export const freshness = computed<Freshness>(() => {
  const silence = silentFor.value;
  if (silence >= WARN_AFTER_MS) return "silent";
  if (silence >= STALE_AFTER_MS) return "stale";
  return heard.value ? "live" : "connecting";
});
