// A Prometheus that asks one program for its metrics, every second.
import { spawn } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const START_MAX_MS = 20_000;

export class RunningPrometheus {
  #child;
  #url;

  /** Keeps everything in `folder`. */
  async start(folder, port, target) {
    this.#url = `http://127.0.0.1:${port}`;
    const file = path.join(folder, "prometheus.yml");
    await fs.writeFile(file, `global:\n  scrape_interval: 1s\nscrape_configs:\n  - job_name: leat\n    static_configs:\n      - targets: ["${target}"]\n`);
    const words = [`--config.file=${file}`, `--storage.tsdb.path=${path.join(folder, "metrics")}`, `--web.listen-address=127.0.0.1:${port}`, "--log.level=error"];
    this.#child = spawn("setpriv", ["--pdeathsig", "KILL", "--", "prometheus", ...words], { stdio: ["ignore", "ignore", "inherit"] });
    for (let waited = 0; waited < START_MAX_MS; waited += 100) {
      if (await fetch(`${this.#url}/-/ready`).then(({ ok }) => ok, () => false)) return;
      if (this.#child.exitCode !== null) break;
      await sleep(100);
    }
    throw new Error("Prometheus did not start");
  }

  /** What it answers to an expression now; an error tells what is wrong with the expression. */
  async query(expression) {
    const answer = await (await fetch(`${this.#url}/api/v1/query?${new URLSearchParams({ query: expression })}`)).json();
    if (answer.status !== "success") throw new Error(answer.error);
    return answer.data.result;
  }

  async labelValues(label, selector) {
    const answer = await (await fetch(`${this.#url}/api/v1/label/${label}/values?${new URLSearchParams({ "match[]": selector })}`)).json();
    return answer.data ?? [];
  }

  async stop() {
    if (!this.#child || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}
