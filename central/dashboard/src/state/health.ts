import { computed, signal } from "@preact/signals";
import { fetchHealth } from "../api/client";
import type { Health } from "../api/contract";

// Whether the line behind central works. A page that is served well says nothing of that.

const health = signal<Health | null>(null);

let newest = 0;

export function applyHealth(heard: Health): void {
  newest++;
  health.value = heard;
}

export async function loadHealth(): Promise<void> {
  const asked = newest;
  try {
    const answer = await fetchHealth();
    // An event that came meanwhile is newer than the answer.
    if (asked === newest) health.value = answer;
  } catch {
    // Central itself cannot be reached: the page says that already.
  }
}

export interface SickPart {
  name: string;
  detail: string;
}

/** The parts that do not work, and why. */
export const sickParts = computed<SickPart[]>(() =>
  Object.entries(health.value?.parts ?? {})
    .filter(([, part]) => part.status !== "ok")
    .map(([name, part]) => ({ name, detail: part.detail ?? "" })),
);
