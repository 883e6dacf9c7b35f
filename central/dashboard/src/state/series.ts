import { computed, signal } from "@preact/signals";
import { fetchSeries } from "../api/client";
import type { SeriesItem } from "../api/contract";
import { allNodes, standardSeries } from "./nodes";
import { view } from "./view";

const listed = signal<ReadonlyMap<string, SeriesItem>>(new Map());

export async function loadSeries(): Promise<void> {
  try {
    const answer = await fetchSeries();
    listed.value = new Map(answer.items.map((item) => [item.id, item]));
  } catch {
    // The nodes name their series too; then only series that were silent for long are missing.
  }
}

/** The chosen series, or else a good one to begin with. */
export const chosenSeries = computed(() => view.value.series ?? standardSeries.value);

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
