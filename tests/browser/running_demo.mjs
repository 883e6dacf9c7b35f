// The demo as `./dev demo` runs it, without building anything: its own script, with the programs
// that are there. Ends with whoever started it.
import { spawn } from "node:child_process";
import fs from "node:fs/promises";
import { openSync } from "node:fs";
import path from "node:path";

const START_MAX_MS = 180_000;
const STOP_MAX_MS = 30_000;
const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");

export class RunningDemo {
  #folder;
  #programs;
  #script;

  /** Logs and data go into `folder`; leat's programs are in `programs`. */
  constructor(programs, folder) {
    this.#programs = path.resolve(programs);
    this.#folder = path.resolve(folder);
  }

  /** Waits until the demo has printed the address of its page. */
  async start() {
    const log = openSync(this.#file("demo.log"), "w");
    const script = 'die() { printf "%s\\n" "$*" >&2; exit 1; }; . tests/dev/demo.sh; run_demo "$@"';
    // setpriv becomes bash: the demo stops what it started when the test ends, however that ends.
    const words = ["--pdeathsig", "TERM", "--", "bash", "-euo", "pipefail", "-c", script, "demo", this.#programs, this.#folder];
    const environment = { ...process.env, DEMO_TIME_COLUMN: "date", DEMO_TIME_FORMAT: "unix" };
    this.#script = spawn("setpriv", words, { cwd: root, env: environment, stdio: ["ignore", log, log] });
    for (const end = performance.now() + START_MAX_MS; performance.now() < end; ) {
      const address = /^http:\S+$/m.exec(await this.log());
      if (address) return (this.url = address[0]);
      if (this.#script.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the demo did not start:\n${await this.log()}`);
  }

  async stop() {
    if (!this.#script || this.#script.exitCode !== null || this.#script.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#script.once("exit", resolve));
    this.#script.kill("SIGTERM");
    const late = setTimeout(() => this.#script.kill("SIGKILL"), STOP_MAX_MS);
    await ended;
    clearTimeout(late);
  }

  log() {
    return fs.readFile(this.#file("demo.log"), "utf8");
  }

  #file(name) {
    return path.join(this.#folder, name);
  }
}
