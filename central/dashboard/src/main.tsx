import "./words/locale"; // Must come first; the file says why.
import "./styles/app.css";
import { render } from "preact";
import { listenToKeys } from "./parts/keyboard";
import { Page } from "./parts/page";
import { startClock } from "./state/clock";
import { startLive } from "./state/live";
import { startTheme } from "./state/theme";
import { followBeside } from "./state/beside";
import { followJobs } from "./state/jobs";
import { followReadings } from "./state/readings";
import { followHistory } from "./state/view";
import { followVisits } from "./state/visits";
import { followView } from "./state/windows";

// The script is in <head> and runs before the body is read. So the colours are right from the first
// paint on, and the page starts as soon as it can.
startTheme();

addEventListener("DOMContentLoaded", () => {
  startClock();
  followHistory();
  render(<Page />, document.getElementById("page")!);
  followView();
  followReadings();
  followVisits();
  followBeside();
  followJobs();
  startLive();
  listenToKeys();
});
