import type { NodeState } from "../api/contract";

// One shape for each state. They are drawn, as the glyphs ● ◐ ○ differ in size from font to font.

function drawing(state: NodeState) {
  switch (state) {
    case "ready":
      return <circle cx="8" cy="8" r="5" fill="currentColor" />;
    case "sleeping":
      return (
        <>
          <circle cx="8" cy="8" r="5" />
          <path d="M8 3a5 5 0 0 0 0 10z" fill="currentColor" />
        </>
      );
    case "disconnected":
      return <circle cx="8" cy="8" r="5" />;
    case "lost":
      return <path d="M3.5 3.5l9 9m0-9l-9 9" stroke-width="2.5" />;
    case "init":
      return <circle cx="8" cy="8" r="5" stroke-dasharray="1.5 2.4" />;
    default:
      return <path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 12.6v.6" />;
  }
}

export function Shape({ state }: { state: NodeState }) {
  return (
    <svg class={`shape ${state}`} viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">
      {drawing(state)}
    </svg>
  );
}
