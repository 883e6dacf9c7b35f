import { freshness } from "../state/clock";
import { announcement } from "../state/live";
import { view } from "../state/view";
import { Alerts } from "./alerts";
import { ChartPanel } from "./chart_panel";
import { Findings } from "./findings";
import { Header } from "./header";
import { Help } from "./help";
import { Jobs } from "./jobs/jobs";
import { Needs } from "./needs";
import { Nodes } from "./nodes";

function Readings() {
  return (
    <>
      <Needs />
      <ChartPanel />
      <Alerts />
      <Findings />
      <Nodes />
    </>
  );
}

/** Each page is a list of panels under the same header. */
export function Page() {
  const isJobs = view.value.page === "jobs";
  const stale = freshness.value === "stale" || freshness.value === "silent";
  return (
    <>
      <a class="skip" href={isJobs ? "#jobs-title" : "#nodes-title"}>
        {isJobs ? "Skip to the jobs" : "Skip to the nodes"}
      </a>
      <Header />
      <main class={stale ? "stale" : ""}>{isJobs ? <Jobs /> : <Readings />}</main>
      <footer>
        {isJobs ? <a href="/api/v1/jobs">jobs as JSON</a> : <a href="/api/v1/nodes">nodes as JSON</a>} <a href="/licences.txt">licences</a>
      </footer>
      <p class="hidden" aria-live="polite">
        {announcement.value}
      </p>
      <Help />
    </>
  );
}
