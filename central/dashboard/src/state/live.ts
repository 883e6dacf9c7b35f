import { signal } from "@preact/signals";
import type { FeedMessage } from "../api/feed";
import { listen } from "../api/stream";
import { applyAlert, loadAlerts } from "./alerts";
import { hearHeartbeat } from "./clock";
import { applyFinding, loadFindings } from "./findings";
import { applyHealth, loadHealth } from "./health";
import { applyNode, loadNodes, nodesProblem } from "./nodes";
import { chooseFirst, isListed, loadSeries } from "./series";
import { applyWindow, loadWindows, traceProblem } from "./windows";

// Joins the event stream to the state of the page.

const FIRST_WORD_MAX_MS = 400;
const RETRY_MS = 5_000;
const SERIES_AGAIN_MS = 2_000;

/** What a screen reader says when something changes on screen. */
export const announcement = signal("");

let loaded = false;
let seriesTimer: ReturnType<typeof setTimeout> | undefined;

export function loadAll(): void {
  loaded = true;
  void loadHealth();
  void Promise.all([loadNodes(), loadSeries(), loadFindings()]).then(chooseFirst);
  void loadAlerts();
  void loadWindows();
}

function learnSeriesSoon(): void {
  seriesTimer ??= setTimeout(() => {
    seriesTimer = undefined;
    void loadSeries();
  }, SERIES_AGAIN_MS);
}

function hear(message: FeedMessage): void {
  switch (message.kind) {
    case "heartbeat":
      hearHeartbeat(message.now, message.age);
      if (!loaded) loadAll();
      break;
    case "node":
      applyNode(message.item);
      if (message.item.latest.some((value) => !isListed(`${message.item.node}/${value.series}`))) learnSeriesSoon();
      break;
    case "window":
      applyWindow(message.row);
      break;
    case "finding":
      applyFinding(message.finding);
      break;
    case "alert":
      applyAlert(message.alert);
      break;
    case "health":
      applyHealth(message.health);
      break;
    case "reset":
      loadAll();
      announcement.value = "Reconnected. Everything was read again.";
      break;
  }
}

export function startLive(): void {
  listen(hear);
  // First the stream, then the question: no change between the two is lost. When the stream is slow
  // to open, the page shows what there is, and asks once more when it opens.
  setTimeout(() => {
    if (loaded) return;
    loadAll();
    loaded = false;
  }, FIRST_WORD_MAX_MS);
  setInterval(() => {
    if (nodesProblem.peek()?.passing) void loadNodes();
    if (traceProblem.peek()?.passing) void loadWindows();
  }, RETRY_MS);
}
