import { batch, computed, signal } from "@preact/signals";
import { fetchSeries } from "../api/client";
import type { SeriesItem } from "../api/contract";
import { isSwitch } from "../words/units";
import { serverNow } from "./clock";
import { openFindings, pastFindings } from "./findings";
import { allNodes, latestOf, nodesLoaded, standardSeries } from "./nodes";
import { beginWith, view } from "./view";

const listed = signal<ReadonlyMap<string, SeriesItem>>(new Map());

export async function loadSeries(): Promise<void> {
  try {
    const answer = await fetchSeries();
    listed.value = new Map(answer.items.map((item) => [item.id, item]));
  } catch {
    // The nodes name their series too; then only series that were silent for long are missing.
  }
}

const SPEAKS_MS = 3_600_000;

/** The measure of which the detectors have most to tell, and that still has readings. */
function tellingSeries(): string | null {
  const weights = new Map<string, number>();
  const add = (id: string, weight: number) => {
    const latest = latestOf(id);
    if (!latest || isSwitch(latest.unit, latest.quantity) || serverNow.peek() - latest.t > SPEAKS_MS) return;
    weights.set(id, (weights.get(id) ?? 0) + weight);
  };
  for (const { series } of openFindings.peek()) add(series, 3);
  for (const { series } of pastFindings.peek()) add(series, 1);
  return [...weights].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))[0]?.[0] ?? null;
}

/** null: there is nothing to tell of any. undefined: not all has been read yet. */
const first = signal<string | null | undefined>(undefined);

/** The chosen series, or else a good one to begin with. */
export const chosenSeries = computed(() => view.value.series ?? (first.value === undefined ? null : (first.value ?? standardSeries.value)));

/** Once, when all has been read: a chart that changes its series by itself cannot be read. */
export function chooseFirst(): void {
  if (first.peek() !== undefined || !nodesLoaded.peek()) return;
  batch(() => {
    first.value = tellingSeries();
    const begins = listed.peek().get(chosenSeries.peek() ?? "")?.first;
    if (begins != null) beginWith(serverNow.peek() - begins);
  });
}

const BESIDE_MAX = 2;

/** States of the same node: an open door says why it gets warm. */
export const seriesBeside = computed<string[]>(() => {
  const chosen = chosenSeries.value ?? "";
  const node = allNodes.value.find((item) => chosen.startsWith(`${item.node}/`));
  return (node?.latest ?? [])
    .filter(({ unit, quantity }) => isSwitch(unit, quantity))
    .map(({ series }) => `${node!.node}/${series}`)
    .filter((id) => id !== chosen)
    .slice(0, BESIDE_MAX);
});

export interface SeriesGroup {
  node: string;
  series: string[];
}

/** Every known series by node, to choose from. */
export const seriesGroups = computed<SeriesGroup[]>(() => {
  const groups = new Map<string, Set<string>>();
  const add = (node: string, series: string) => {
    const group = groups.get(node) ?? new Set();
    groups.set(node, group.add(series));
  };
  for (const item of listed.value.values()) add(item.node, item.series);
  for (const item of allNodes.value) for (const value of item.latest) add(item.node, value.series);
  return [...groups]
    .map(([node, series]) => ({ node, series: [...series].sort() }))
    .sort((a, b) => a.node.localeCompare(b.node));
});

export function isListed(id: string): boolean {
  return listed.value.has(id);
}

/** How often the series is read; null where it does not say. */
export function periodOf(id: string): number | null {
  return listed.value.get(id)?.period_ms ?? null;
}
