import { Feed, type FeedListener, type FeedMessage } from "./feed";

const HIDDEN_GRACE_MS = 10_000;

/** The policy that the server's Content-Security-Policy names. It admits one script only. */
function workerAddress(): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (!types) return STREAM_WORKER_PATH;
  const policy = types.createPolicy("leat", {
    createScriptURL(url: string) {
      if (url !== STREAM_WORKER_PATH) throw new TypeError(`Not a script of leat: ${url}`);
      return url;
    },
  });
  return policy.createScriptURL(STREAM_WORKER_PATH) as unknown as string;
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

/** Listens through the worker that all tabs of this browser share. */
function listenShared(listener: FeedListener): void {
  const worker = new SharedWorker(workerAddress(), { name: "leat" });
  worker.port.onmessage = (event: MessageEvent<FeedMessage>) => listener(event.data);
  worker.port.postMessage("join");
  addEventListener("pagehide", () => worker.port.postMessage("leave"));
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    // Back from the history cache: the tab was asleep, and what it missed is unknown.
    worker.port.postMessage("join");
    listener({ kind: "reset" });
  });
}

/** One stream for this tab. It is closed while the tab is hidden, so that other tabs can have one. */
function listenAlone(listener: FeedListener): void {
  const feed = new Feed(listener);
  let hiding: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  feed.open();
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) {
      hiding = setTimeout(() => {
        feed.close();
        closed = true;
      }, HIDDEN_GRACE_MS);
    } else if (closed) {
      closed = false;
      feed.open();
      listener({ kind: "reset" });
    }
  });
}

export function listen(listener: FeedListener): void {
  if (typeof SharedWorker === "function") {
    try {
      listenShared(listener);
      return;
    } catch {
      // Some browsers refuse it in private windows; then this tab gets a stream of its own.
    }
  }
  listenAlone(listener);
}
