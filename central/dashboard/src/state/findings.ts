import { computed, signal } from "@preact/signals";
import { fetchFindings } from "../api/client";
import type { Finding } from "../api/contract";

// What the detectors found, as central tells it: the newest ones, and all that are open.

const KEPT_MAX = 500;

const known = signal<ReadonlyMap<string, Finding>>(new Map());

function keyOf(finding: Finding): string {
  return `${finding.series} ${finding.code} ${finding.from}`;
}

function newestFirst(a: Finding, b: Finding): number {
  return b.from - a.from || keyOf(a).localeCompare(keyOf(b));
}

export function applyFinding(finding: Finding): void {
  const next = new Map(known.value).set(keyOf(finding), finding);
  if (next.size > KEPT_MAX) {
    const oldest = [...next.values()].filter((one) => one.ended !== null).sort(newestFirst).at(-1);
    if (oldest) next.delete(keyOf(oldest));
  }
  known.value = next;
}

/** The list is less than the nodes and the chart: without it the page goes on. */
export async function loadFindings(): Promise<void> {
  try {
    const answer = await fetchFindings();
    known.value = new Map(answer.items.map((finding) => [keyOf(finding), finding]));
  } catch {
    // The next reset or heartbeat after a break asks again.
  }
}

export const openFindings = computed(() => [...known.value.values()].filter(({ ended }) => ended === null).sort(newestFirst));
export const pastFindings = computed(() => [...known.value.values()].filter(({ ended }) => ended !== null).sort(newestFirst));

export function findingsOf(series: string): Finding[] {
  return [...known.value.values()].filter((finding) => finding.series === series);
}
