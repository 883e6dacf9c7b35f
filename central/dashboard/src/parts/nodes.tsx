import { signal } from "@preact/signals";
import { allNodes, loadNodes, needsAttention, nodesCut, nodesLoaded, nodesProblem, shownNodes } from "../state/nodes";
import { adjust, go, type NodeChoice, view } from "../state/view";
import { plural } from "../words/en";
import { countOf } from "../words/units";
import { FirstRun } from "./first_run";
import { NodeRow } from "./node_row";
import { ProblemNote } from "./problem_note";

/** More rows than this are slow to draw, and nobody reads them. A button shows the rest. */
const ROWS_MAX = 100;
const rowsMax = signal(ROWS_MAX);

const columns = ["Node", "State", "Last record", "Last stored", "Outbox", "Latest values"];

function Choice({ name, label, count }: { name: NodeChoice; label: string; count: number }) {
  return (
    <button type="button" class="chip" aria-pressed={view.value.nodes === name} onClick={() => go({ nodes: name })}>
      {label} <span class="figures">{countOf(count)}</span>
    </button>
  );
}

function Tools() {
  const attention = allNodes.value.filter(needsAttention).length;
  return (
    <div class="tools">
      <Choice name="all" label="All" count={allNodes.value.length} />
      <Choice name="attention" label="Needs attention" count={attention} />
      <input
        id="filter"
        type="search"
        placeholder="Filter: name, series, state"
        aria-label="Filter nodes by name, series or state"
        autocomplete="off"
        spellcheck={false}
        value={view.value.filter}
        onInput={(event) => adjust({ filter: event.currentTarget.value })}
      />
    </div>
  );
}

function Tally() {
  const shown = Math.min(shownNodes.value.length, rowsMax.value);
  const matching = shownNodes.value.length;
  const all = allNodes.value.length;
  const noun = plural(all, "node", "nodes");
  return (
    <p class="tally" role="status">
      {matching === all ? `${countOf(shown)} of ${countOf(all)} ${noun}` : `${countOf(matching)} of ${countOf(all)} ${noun} match`}, worst first.
      {nodesCut.value && " Central knows more nodes than it sent."}{" "}
      {matching > shown && (
        <button type="button" class="link" onClick={() => (rowsMax.value = Infinity)}>
          Show all {countOf(matching)}
        </button>
      )}
    </p>
  );
}

function Table() {
  return (
    <table role="table" class="nodes">
      <caption class="hidden">Nodes, worst first</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column} scope="col" role="columnheader">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {shownNodes.value.slice(0, rowsMax.value).map((item) => (
          <NodeRow key={item.node} item={item} />
        ))}
      </tbody>
    </table>
  );
}

function Body() {
  if (!nodesLoaded.value) return nodesProblem.value ? null : <div class="skeleton" aria-busy="true" />;
  if (allNodes.value.length === 0) return <FirstRun />;
  return (
    <>
      <Tools />
      {shownNodes.value.length > 0 && <Table />}
      <Tally />
    </>
  );
}

export function Nodes() {
  return (
    <section class="panel" aria-labelledby="nodes-title">
      <h2 id="nodes-title">Nodes</h2>
      {nodesProblem.value && <ProblemNote problem={nodesProblem.value} retry={() => void loadNodes()} />}
      <Body />
    </section>
  );
}
