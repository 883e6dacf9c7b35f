import type { Alert, Finding, Health, NodeItem, WindowEvent } from "./contract";

/** What the event stream delivers, in one shape for a tab that owns it and for tabs that share it. */
export type FeedMessage =
  | { kind: "node"; item: NodeItem }
  | { kind: "window"; row: WindowEvent }
  | { kind: "finding"; finding: Finding }
  | { kind: "alert"; alert: Alert }
  | { kind: "health"; health: Health }
  /** `age` is how long ago it came: a tab that joins later gets an older one. */
  | { kind: "heartbeat"; now: number; age: number }
  /** The page must ask for everything again, as it does not know what it missed. */
  | { kind: "reset" };

export type FeedListener = (message: FeedMessage) => void;

const REOPEN_AFTER_MS = 5_000;
/** A connection that is silent for six heartbeats is dead, whatever the browser believes. */
const SILENCE_MAX_MS = 60_000;

/**
 * One connection to the event stream. It resumes after a short break (the browser sends the last
 * id) and opens again after a long one, then with a reset. Knows no tab and no worker.
 */
export class Feed {
  private source: EventSource | null = null;
  private reopenTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;
  private heartbeat: { now: number; heardAt: number } | null = null;
  private idIsLost = false;

  constructor(private readonly listener: FeedListener) {}

  open(): void {
    if (this.source) return;
    const source = new EventSource("/api/v1/events");
    this.source = source;
    source.addEventListener("open", () => this.opened());
    source.addEventListener("error", () => {
      // While it is CONNECTING the browser tries again by itself and remembers the last id.
      if (source.readyState === EventSource.CLOSED) this.reopenLater(REOPEN_AFTER_MS);
    });
    source.addEventListener("hb", (event) => this.heard(event, (data) => this.beat(data)));
    source.addEventListener("reset", (event) => this.heard(event, () => this.listener({ kind: "reset" })));
    source.addEventListener("node", (event) =>
      this.heard(event, (data) => this.listener({ kind: "node", item: data as NodeItem })),
    );
    source.addEventListener("window", (event) =>
      this.heard(event, (data) => this.listener({ kind: "window", row: data as WindowEvent })),
    );
    source.addEventListener("finding", (event) =>
      this.heard(event, (data) => this.listener({ kind: "finding", finding: data as Finding })),
    );
    source.addEventListener("alert", (event) =>
      this.heard(event, (data) => this.listener({ kind: "alert", alert: data as Alert })),
    );
    source.addEventListener("health", (event) =>
      this.heard(event, (data) => this.listener({ kind: "health", health: data as Health })),
    );
    this.watchSilence();
  }

  close(): void {
    clearTimeout(this.reopenTimer);
    clearTimeout(this.silenceTimer);
    this.source?.close();
    this.source = null;
    this.heartbeat = null;
  }

  /** The newest heartbeat, for a listener that came after it. */
  lastHeartbeat(): FeedMessage | null {
    if (!this.heartbeat) return null;
    const age = performance.now() - this.heartbeat.heardAt;
    return { kind: "heartbeat", now: this.heartbeat.now, age };
  }

  private opened(): void {
    this.watchSilence();
    // A new EventSource cannot send the last id, so what happened in between is unknown.
    if (this.idIsLost) this.listener({ kind: "reset" });
    this.idIsLost = false;
  }

  private heard(event: Event, use: (data: unknown) => void): void {
    this.watchSilence();
    let data: unknown;
    try {
      data = JSON.parse((event as MessageEvent<string>).data);
    } catch {
      return; // The event was cut off; the next one or a reset repairs that.
    }
    use(data);
  }

  private beat(data: unknown): void {
    const now = (data as { now: number }).now;
    this.heartbeat = { now, heardAt: performance.now() };
    this.listener({ kind: "heartbeat", now, age: 0 });
  }

  private watchSilence(): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => this.reopenLater(0), SILENCE_MAX_MS);
  }

  private reopenLater(delay: number): void {
    this.close();
    this.idIsLost = true;
    this.reopenTimer = setTimeout(() => this.open(), delay);
  }
}
