import { computed, signal } from "@preact/signals";
import { fetchAlerts } from "../api/client";
import type { Alert } from "../api/contract";

// The alerts, as central tells them: the newest ones, and all that hold.

const KEPT_MAX = 500;

const known = signal<ReadonlyMap<string, Alert>>(new Map());

function newestFirst(a: Alert, b: Alert): number {
  return b.opened - a.opened || a.id.localeCompare(b.id);
}

export function applyAlert(alert: Alert): void {
  const next = new Map(known.value).set(alert.id, alert);
  if (next.size > KEPT_MAX) {
    const oldest = [...next.values()].filter(({ closed }) => closed !== null).sort(newestFirst).at(-1);
    if (oldest) next.delete(oldest.id);
  }
  known.value = next;
}

/** The list is less than the nodes and the chart: without it the page goes on. */
export async function loadAlerts(): Promise<void> {
  try {
    const answer = await fetchAlerts();
    known.value = new Map(answer.items.map((alert) => [alert.id, alert]));
  } catch {
    // The next reset or heartbeat after a break asks again.
  }
}

export const openAlerts = computed(() => [...known.value.values()].filter(({ closed }) => closed === null).sort(newestFirst));
export const pastAlerts = computed(() => [...known.value.values()].filter(({ closed }) => closed !== null).sort(newestFirst));

/** Alerts of jobs that need a person: they are of no node. */
export const jobAlerts = computed(() => openAlerts.value.filter(({ code, silenced }) => code === "job" && !silenced));
