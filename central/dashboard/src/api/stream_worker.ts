// The script of the SharedWorker: it owns the one event stream of this browser and passes events on
// to every tab. Browsers allow six connections to a host over HTTP/1.1. With a stream in each tab,
// the seventh tab would hang without an error.
import { Feed } from "./feed";

const ports = new Set<MessagePort>();
const feed = new Feed((message) => {
  for (const port of ports) port.postMessage(message);
});

function join(port: MessagePort): void {
  ports.add(port);
  feed.open();
  const heartbeat = feed.lastHeartbeat();
  if (heartbeat) port.postMessage(heartbeat);
}

function leave(port: MessagePort): void {
  ports.delete(port);
  if (ports.size === 0) feed.close();
}

// `self` is typed as a window here: the page and this script share one compilation.
const scope = self as unknown as { onconnect: (event: MessageEvent) => void };
scope.onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  port.onmessage = (message: MessageEvent<"join" | "leave">) => {
    if (message.data === "join") join(port);
    else leave(port);
  };
  // Where it is supported, this fires when a tab dies without a goodbye.
  port.addEventListener("close", () => leave(port));
};
