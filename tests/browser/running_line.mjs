// The whole line as real processes on free loopback ports: mosquitto, redis-server, bridge, central
// and three nodes. Stops only what it started.
import { spawn } from "node:child_process";
import fs from "node:fs/promises";
import { openSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const STOP_MAX_MS = 5_000;
const START_MAX_MS = 20_000;

/** This host's name as a node's name, as `./dev demo` makes it. */
export const hostNode =
  os.hostname().toLowerCase().replace(/[_.]/g, "-").replace(/[^a-z0-9-]/g, "").replace(/^-+/, "") || "host";

const room = (mean, seed) =>
  `[[sensor]]\nname = "room"\ndriver = "simulator"\nperiod = "2s"\nmean_temperature = ${mean}\nseed = ${seed}\nwarm_up = "1s"\n`;

const nodes = {
  [hostNode]: '[[sensor]]\nname = "host"\ndriver = "host"\nperiod = "2s"\n',
  // Its humidity comes in summaries only.
  greenhouse: `${room(24, 1)}[sensor.series.humidity]\nsend = "partial"\nspan = "2s"\n`,
  workshop: room(17, 2),
};

export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => net.createServer());
  // All are held at once, so that no port is given twice.
  const ports = await Promise.all(
    servers.map((server) => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)))),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function healthy(url) {
  try {
    return (await fetch(new URL("healthz", url))).ok;
  } catch {
    return false;
  }
}

export class RunningLine {
  #folder;
  #programs;
  #children = new Map();
  #shared = "";
  #central;
  #database;

  /**
   * Logs, configurations and data go into `folder`; leat's programs are in `programs`. `central` is more of
   * its configuration, and `database` a server's address; else it keeps a file.
   */
  constructor(programs, folder, { central = "", database } = {}) {
    this.#programs = programs;
    this.#folder = folder;
    this.#central = central;
    this.#database = database;
  }

  async start() {
    const [broker, redis, api] = await freePorts(3);
    this.url = `http://127.0.0.1:${api}/`;
    await this.#startServers(broker, redis);
    const shared = `[broker]\naddress = "tcp://127.0.0.1:${broker}"\n`;
    this.#shared = shared;
    const store = `[redis]\naddress = "127.0.0.1:${redis}"\n`;
    await this.#startProgram("bridge", "leat-bridge", `[bridge]\nid = "page"\n${shared}${store}`);
    const sink = this.#database ? `database = "${this.#database}"` : `path = "${this.#file("central.db")}"`;
    await this.#startProgram(
      "central",
      "leat-central",
      `[central]\nid = "page"\n${shared}${store}[sink]\n${sink}\n` +
        `[api]\nlisten = "127.0.0.1:${api}"\n${this.#central}`,
    );
    for (const [node, sensors] of Object.entries(nodes)) await this.startNode(node, sensors);
    await this.#wait("central", () => healthy(this.url));
  }

  async startNode(node, sensors) {
    const outbox = `[outbox]\npath = "${this.#file(`${node}.db`)}"\n`;
    await this.#startProgram(node, "leat-agent", `[node]\nname = "${node}"\n${this.#shared}${outbox}${sensors}`);
  }

  /** One of the first nodes, as it was. */
  async startAgain(node) {
    await this.startNode(node, nodes[node]);
  }

  /** Ends a part and waits for its end: SIGKILL is a crash, SIGTERM lets it say goodbye. */
  async stop(part, signal = "SIGTERM") {
    const child = this.#children.get(part);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_MAX_MS);
    await ended;
    clearTimeout(late);
  }

  /** Runs a program of leat with the configuration of a part, beside it; gives the exit code. */
  async run(part, words) {
    const program = path.join(this.#programs, `leat-${part}`);
    const child = spawn(program, [...words, "--config", this.#file(`${part}.toml`)], { stdio: "ignore" });
    return new Promise((resolve, reject) => child.once("exit", resolve).once("error", reject));
  }

  /** Alive but unresponsive, until it is thawed. */
  freeze(part) {
    this.#children.get(part).kill("SIGSTOP");
  }

  thaw(part) {
    this.#children.get(part).kill("SIGCONT");
  }

  /** Nodes first, so that they can say goodbye to the broker; servers last. */
  async stopAll() {
    for (const part of [...this.#children.keys()].reverse()) await this.stop(part);
  }

  async log(part) {
    return fs.readFile(this.#file(`${part}.log`), "utf8");
  }

  parts() {
    return [...this.#children.keys()];
  }

  async #startServers(broker, redis) {
    // Started by root it would become another user, and that makes it outlive the test.
    const user = process.getuid() === 0 ? "user root\n" : "";
    const listener = `listener ${broker} 127.0.0.1\nallow_anonymous true\npersistence false\n${user}`;
    const configuration = this.#file("mosquitto.conf");
    await fs.writeFile(configuration, listener);
    this.#spawn("mosquitto", "mosquitto", ["-c", configuration]);
    this.#spawn("redis", "redis-server", [
      ...["--bind", "127.0.0.1", "--port", String(redis), "--dir", this.#folder],
      ...["--save", "", "--appendonly", "yes", "--appendfsync", "always"],
    ]);
    await this.#wait("mosquitto", () => answers(broker));
    await this.#wait("redis", () => answers(redis));
  }

  async #startProgram(part, program, configuration) {
    const file = this.#file(`${part}.toml`);
    await fs.writeFile(file, configuration);
    this.#spawn(part, path.join(this.#programs, program), ["run", "--config", file]);
  }

  #spawn(part, program, words) {
    const log = openSync(this.#file(`${part}.log`), "w");
    // Debian keeps mosquitto in sbin. setpriv becomes the program: it dies with the test, however
    // the test dies.
    const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", program, ...words], {
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
      stdio: ["ignore", log, log],
    });
    this.#children.set(part, child);
  }

  async #wait(part, ready) {
    const child = this.#children.get(part);
    for (let waited = 0; waited < START_MAX_MS; waited += 100) {
      if (await ready()) return;
      if (child.exitCode !== null) break;
      await sleep(100);
    }
    throw new Error(`${part} did not start:\n${await this.log(part)}`);
  }

  #file(name) {
    return path.join(this.#folder, name);
  }
}
