/** Shown before the first node reports: what to type, and what the page waits for. */
export function FirstRun() {
  return (
    <div class="first-run">
      <h3>No node has reported yet</h3>
      <p>Start an agent on a machine that reads sensors, with the address of the broker in its configuration:</p>
      <pre>
        <code>leat-agent run --config agent.toml</code>
      </pre>
      <p class="waiting" role="status">
        Waiting for the first record. It appears here by itself.
      </p>
    </div>
  );
}
