import type { Problem } from "../api/client";

/** What went wrong in one part of the page; the rest stays usable. */
export function ProblemNote({ problem, retry }: { problem: Problem; retry: () => void }) {
  return (
    <div class="note bad" role="alert">
      <p>
        <strong>{problem.title}</strong> {problem.detail}
      </p>
      <button type="button" class="button" onClick={retry}>
        Retry
      </button>
    </div>
  );
}
