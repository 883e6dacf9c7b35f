// A PostgreSQL of its own in a temporary folder, on a Unix socket: no port, no durability, gone with
// the test. Stops only what it started.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = "/usr/lib/postgresql";
const START_MAX_MS = 20_000;

/** The newest that Debian has installed here; null: none. */
export function postgresPrograms() {
  const versions = existsSync(root) ? readdirSync(root).map(Number).sort((a, b) => b - a) : [];
  const found = versions.map((version) => path.join(root, String(version), "bin")).find((folder) => existsSync(path.join(folder, "initdb")));
  return found ?? null;
}

export class RunningPostgres {
  #programs = postgresPrograms();
  #folder;
  #server;

  async start() {
    this.#folder = await fs.mkdtemp(path.join(os.tmpdir(), "leat-postgres-"));
    const data = path.join(this.#folder, "data");
    // The server refuses to run as root.
    if (process.getuid() === 0) execFileSync("chown", ["postgres", this.#folder]);
    const [program, ...words] = this.#command("initdb", ["--pgdata", data, "--username", "leat", "--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale", "C"]);
    execFileSync(program, words, { cwd: this.#folder, stdio: ["ignore", "ignore", "inherit"] });
    const options = { listen_addresses: "", unix_socket_directories: this.#folder, fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
    const settings = Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const [server, ...serverWords] = this.#command("postgres", ["-D", data, ...settings]);
    this.#server = spawn(server, serverWords, { cwd: this.#folder, stdio: "ignore" });
    for (let waited = 0; waited < START_MAX_MS; waited += 100) {
      try {
        this.query("SELECT 1");
        return;
      } catch {
        if (this.#server.exitCode !== null) break;
        await sleep(100);
      }
    }
    throw new Error("PostgreSQL did not start");
  }

  /** What libpq calls it. */
  get address() {
    return `postgresql:///postgres?host=${this.#folder}&user=leat`;
  }

  /** The rows of the last statement, each a list of texts; an error tells what the server said. */
  query(sql) {
    const text = this.#psql(["-A", "-t", "-F", "\t", "-c", sql]);
    return text.split("\n").filter((line) => line !== "").map((line) => line.split("\t"));
  }

  /** All rows of a table, as CSV. */
  copied(table) {
    return this.#psql(["-c", `COPY ${table} TO STDOUT (FORMAT csv)`]);
  }

  async stop() {
    if (this.#server && this.#server.exitCode === null && this.#server.signalCode === null) {
      const ended = new Promise((resolve) => this.#server.once("exit", resolve));
      // At once, without a word to clients.
      this.#server.kill("SIGQUIT");
      await ended;
    }
    if (this.#folder) await fs.rm(this.#folder, { recursive: true, force: true });
  }

  #psql(words) {
    const always = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", this.address];
    return execFileSync(path.join(this.#programs, "psql"), [...always, ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  /** As the user postgres where this is root; the program dies with the test, however the test dies. */
  #command(program, words) {
    const user = process.getuid() === 0 ? ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"] : [];
    return ["setpriv", ...user, "--pdeathsig", "QUIT", "--", path.join(this.#programs, program), ...words];
  }
}
