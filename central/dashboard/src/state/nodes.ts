import { batch, computed, signal } from "@preact/signals";
import { fetchNodes, Problem } from "../api/client";
import type { LatestValue, Need, NodeItem, NodeState } from "../api/contract";
import { hearAnswer } from "./clock";
import { view } from "./view";

// The nodes as central knows them. Events are gathered and applied four times a second, so that a
// busy fleet costs one redraw and not hundreds.

const FLUSH_MS = 250;

const known = signal<ReadonlyMap<string, NodeItem>>(new Map());
export const nodesLoaded = signal(false);
export const nodesProblem = signal<Problem | null>(null);
/** Central said that the list goes on beyond what it sent. */
export const nodesCut = signal(false);

const waiting = new Map<string, NodeItem>();
let flushTimer: ReturnType<typeof setTimeout> | undefined;

function flush(): void {
  flushTimer = undefined;
  if (waiting.size === 0) return;
  const next = new Map(known.value);
  for (const [name, item] of waiting) next.set(name, item);
  waiting.clear();
  known.value = next;
}

export function applyNode(item: NodeItem): void {
  waiting.set(item.node, item);
  flushTimer ??= setTimeout(flush, FLUSH_MS);
}

let loads = 0;

export async function loadNodes(): Promise<void> {
  const load = ++loads;
  try {
    const answer = await fetchNodes();
    if (load !== loads) return;
    batch(() => {
      hearAnswer(answer.now);
      known.value = new Map(answer.items.map((item) => [item.node, item]));
      nodesCut.value = answer.next !== null;
      nodesLoaded.value = true;
      nodesProblem.value = null;
    });
  } catch (error) {
    if (load !== loads) return;
    nodesProblem.value = error instanceof Problem ? error : new Problem("The answer was not understood", String(error), 200);
  }
}

const stateRank: Record<NodeState, number> = {
  lost: 0,
  disconnected: 1,
  unknown: 2,
  init: 5,
  ready: 6,
  sleeping: 6,
};

/** Worst first. Time does not matter, as rows that change places every second cannot be read. */
function rank(item: NodeItem): number {
  const clockIsUncertain = item.clock !== null && item.clock !== "synced";
  const itself = item.needs.length > 0 ? 3 : clockIsUncertain ? 4 : 9;
  return Math.min(stateRank[item.state] ?? 2, itself);
}

/** What the state and the clock of a node say already. */
const toldByItself: ReadonlySet<string> = new Set(["lost", "disconnected", "clock"]);

/** It may be connected and well, and yet what it measures does not get here. */
export function isAiling(item: NodeItem): boolean {
  return item.needs.some(({ code }) => !toldByItself.has(code));
}

export function needsAttention(item: NodeItem): boolean {
  return rank(item) <= 3;
}

export const allNodes = computed(() =>
  [...known.value.values()].sort((a, b) => rank(a) - rank(b) || a.node.localeCompare(b.node)),
);

/** What needs a person, of all nodes, the worst node first. */
export const allNeeds = computed<Need[]>(() => allNodes.value.flatMap((item) => item.needs));

/** Records that are gone for good, of all nodes. */
export const lostRecords = computed(() => allNodes.value.reduce((sum, item) => sum + item.lost_records, 0));

/** The newest reading of a series, "node/sensor.quantity". */
export function latestOf(id: string): LatestValue | undefined {
  const node = known.value.get(id.slice(0, id.indexOf("/")));
  return node?.latest.find((value) => `${node.node}/${value.series}` === id);
}

function matches(item: NodeItem, words: string[]): boolean {
  const series = item.latest.map((value) => value.series);
  const text = [item.node, item.state, ...(item.trouble ?? []), ...series].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

export const shownNodes = computed(() => {
  const { filter, nodes } = view.value;
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return allNodes.value.filter(
    (item) => (nodes === "all" || needsAttention(item)) && matches(item, words),
  );
});

/** The series to show when there is nothing to tell of any: the first of a node that works. */
export const standardSeries = computed(() => {
  const speaking = allNodes.value.filter((item) => item.latest.length > 0);
  const node = speaking.find((item) => item.state === "ready" && !needsAttention(item)) ?? speaking[0];
  const value = node?.latest[0];
  return node && value ? `${node.node}/${value.series}` : null;
});
