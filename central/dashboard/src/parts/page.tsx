import { freshness } from "../state/clock";
import { announcement } from "../state/live";
import { Alerts } from "./alerts";
import { ChartPanel } from "./chart_panel";
import { Findings } from "./findings";
import { Header } from "./header";
import { Help } from "./help";
import { Needs } from "./needs";
import { Nodes } from "./nodes";

/** The only page so far. Another page is another list of panels under the same header. */
export function Page() {
  const stale = freshness.value === "stale" || freshness.value === "silent";
  return (
    <>
      <a class="skip" href="#nodes-title">
        Skip to the nodes
      </a>
      <Header />
      <main class={stale ? "stale" : ""}>
        <Needs />
        <ChartPanel />
        <Alerts />
        <Findings />
        <Nodes />
      </main>
      <footer>
        <a href="/api/v1/nodes">nodes as JSON</a> <a href="/licences.txt">licences</a>
      </footer>
      <p class="hidden" aria-live="polite">
        {announcement.value}
      </p>
      <Help />
    </>
  );
}
