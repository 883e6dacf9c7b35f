import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

const PAGE = 25;

/** A table of many rows, the last first, page by page. `row` makes the one with that index. */
export function Paged({ label, caption, columns, length, row }: { label: string; caption: string; columns: string[]; length: number; row: (index: number) => ComponentChildren }) {
  const [page, setPage] = useState(0);
  const last = Math.max(0, Math.ceil(length / PAGE) - 1);
  const current = Math.min(page, last);
  const newest = length - 1 - current * PAGE;
  const rows = Array.from({ length: Math.min(PAGE, newest + 1) }, (_, offset) => newest - offset);
  return (
    <div class="windows">
      <div class="scroll" tabIndex={0} role="region" aria-label={label}>
        <table class="windows">
          <caption>{caption}</caption>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{rows.map(row)}</tbody>
        </table>
      </div>
      <p class="pager">
        <button type="button" class="button" disabled={current === 0} onClick={() => setPage(current - 1)}>
          Newer
        </button>
        <span class="figures">
          {current + 1} of {last + 1}
        </span>
        <button type="button" class="button" disabled={current === last} onClick={() => setPage(current + 1)}>
          Older
        </button>
      </p>
    </div>
  );
}
