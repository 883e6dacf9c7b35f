// Goal: each question that the dashboards of central/grafana ask is answered by what leat really has.
// Method: the whole line runs as real processes, with jobs of which one fails, and a node that fails and
// is killed. A real Prometheus asks central for its metrics and answers every expression. The
// PostgreSQL that central keeps its database in answers every query, with each value that the variables
// may have.
// By hand: tests/grafana/run.sh <folder of the programs> <work folder>
import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePorts, RunningLine } from "../browser/running_line.mjs";
import { checkShape, combinations, filledIn, isSql, linksOf, questionsOf, readDashboards } from "./dashboards.mjs";
import { RunningPostgres } from "./running_postgres.mjs";
import { RunningPrometheus } from "./running_prometheus.mjs";

const [programs, work] = process.argv.slice(2);
const folder = fileURLToPath(new URL("../../central/grafana/dashboards", import.meta.url));
const documented = fileURLToPath(new URL("../../docs/grafana.md", import.meta.url));
const dashboards = await readDashboards(folder);

const jobs = `[job.proof]\nkind = "recount"\nevery = "1h"\n[job.copy]\nkind = "backup"\nfolder = "/proc/none"\nevery = "1h"\n`;
const prometheus = new RunningPrometheus();
const postgres = new RunningPostgres();
/** Begins once there is a PostgreSQL. */
let line;

/** What is there only after something went wrong that this test does not make go wrong. */
const excused = new Map([
  // "> 0" leaves out reasons for which nothing was refused.
  ["pipeline.json: Refused", "nothing is refused here"],
]);

/** Tables that may well be empty, as this test makes nothing go wrong of that kind. */
const maybeEmpty = new Set([
  "fleet.json: Alerts that hold",
  "node.json: Reads that failed",
  "node.json: Records that are gone",
  "node.json: Found in the readings",
  "node.json: Quality",
  "fleet.json: Quality",
  "series.json: Quality",
  "series.json: Why readings are missing",
  "series.json: Found in the readings",
]);

const questions = dashboards.flatMap((dashboard) => questionsOf(dashboard).map((question) => ({ ...question, dashboard })));
const sqls = questions.filter(isSql);
const expressions = questions.filter((question) => !isSql(question));

async function eventually(seconds, look) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const wrong = await look();
    if (wrong === null) return;
    assert.ok(performance.now() < end, wrong);
    await sleep(200);
  }
}

const metric = /\bleat_[a-z_]+\b/g;

/** A query with every value of its dashboard's own variables. */
function filledInAll({ dashboard, text }, chosen) {
  return [...new Set(combinations(dashboard, chosen).map((values) => filledIn(text, values)))];
}

/** The rows of all of these. */
function rowsOf(question, chosen) {
  return filledInAll(question, chosen).flatMap((sql) => {
    try {
      return postgres.query(sql);
    } catch (error) {
      throw new Error(`${question.where}: ${error.stderr ?? error.message}${sql}`);
    }
  });
}

/** The runs of jobs as they would stand in a SQLite file. */
function runsAsFile() {
  const file = path.join(work, "runs.db");
  const types = { bigint: "INTEGER", text: "TEXT" };
  const columns = postgres.query("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'etl_log' ORDER BY ordinal_position");
  const table = columns.map(([name, type]) => `${name} ${types[type]}`).join(", ");
  // `.import` would make an empty text of a NULL.
  const nulls = columns.map(([name]) => `UPDATE etl_log SET ${name} = NULL WHERE ${name} = ''`).join(";");
  const rows = path.join(work, "runs.csv");
  writeFileSync(rows, postgres.copied("etl_log"));
  execFileSync("sqlite3", [file, `CREATE TABLE etl_log (${table})`, `.import --csv ${rows} etl_log`, nulls]);
  return file;
}

function chosenValues() {
  const now = Date.now();
  return { __from: now - 86_400_000, __to: now + 60_000, node: "greenhouse", series: "room.temperature", job: ["copy", "proof"] };
}

const checks = {
  async "the dashboards are whole: data sources as variables, units, descriptions, no machine's name"() {
    assert.deepEqual(dashboards.map(({ name }) => name), ["fleet.json", "jobs.json", "node.json", "pipeline.json", "series.json"]);
    for (const dashboard of dashboards) checkShape(dashboard);
    const uids = dashboards.map(({ board }) => board.uid);
    assert.equal(new Set(uids).size, uids.length);
    const provisioned = await fs.readFile(path.join(folder, "../provisioning/datasources/leat.yaml"), "utf8");
    const sources = dashboards.flatMap(({ board }) => board.templating.list.filter(({ type }) => type === "datasource"));
    for (const { query, current } of sources) assert.match(provisioned, new RegExp(`uid: ${current.value}\\n +type: ${query}\\n`));
  },

  async "links lead from the fleet to a node and from a node to a series, with what these ask for"() {
    const boards = new Map(dashboards.map(({ board }) => [board.uid, board]));
    const ways = dashboards.flatMap((dashboard) => linksOf(dashboard).map((link) => ({ ...link, from: dashboard.board.uid })));
    for (const { where, uid, variables } of ways) {
      const known = boards.get(uid)?.templating.list.map(({ name }) => name);
      for (const variable of variables) assert.ok(known?.includes(variable), `${where}: ${uid} has no variable ${variable}`);
    }
    for (const [from, to] of [["leat-fleet", "leat-node"], ["leat-node", "leat-series"]]) assert.ok(ways.some((way) => way.from === from && way.uid === to), `no way from ${from} to ${to}`);
  },

  async "the line runs, its jobs have run, and a metric of both is there"() {
    const [port] = await freePorts(1);
    line = new RunningLine(programs, work, { central: jobs, database: postgres.address });
    await line.start();
    await prometheus.start(work, port, new URL(line.url).host);
    await eventually(40, async () => ((await prometheus.query("sum by (exported_job) (leat_central_job_runs_total)")).length === 2 ? null : "the jobs have not run"));
  },

  async "every metric of a panel is one of central's"() {
    const exported = new Set([...(await (await fetch(new URL("metrics", line.url))).text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    for (const { where, text } of expressions) for (const [name] of text.matchAll(metric)) assert.ok(exported.has(name), `${where}: central has no ${name}`);
  },

  async "every expression has an answer"() {
    for (const { where, text } of expressions) {
      const labels = text.match(/^label_values\((\w+), (\w+)\)$/);
      const values = { __rate_interval: "10s", __range: "1m", instance: ".*" };
      const ask = () => (labels ? prometheus.labelValues(labels[2], labels[1]) : prometheus.query(filledIn(text, values)));
      if (excused.has(where)) await ask();
      else await eventually(15, async () => ((await ask()).length > 0 ? null : `${where} has no answer: ${text}`));
    }
  },

  async "every query is answered from what central has written"() {
    await eventually(20, async () => ((await fetch(new URL("/api/v1/series/greenhouse%2Froom.temperature/readings", line.url)).then((answer) => answer.json())).readings.length > 3 ? null : "no readings"));
    for (const question of sqls) {
      const rows = rowsOf(question, chosenValues());
      if (!maybeEmpty.has(question.where)) assert.ok(rows.length > 0, `${question.where} has no rows`);
    }
  },

  async "a panel over time gets its times in order, and in the range"() {
    const chosen = chosenValues();
    const { __from, __to } = chosen;
    for (const question of sqls.filter(({ isSeries }) => isSeries)) {
      for (const sql of filledInAll(question, chosen)) {
        // A day begins before the first run in it.
        const [[first, last, inOrder]] = postgres.query(
          `WITH asked AS (${sql}), numbered AS (SELECT extract(epoch FROM time) * 1000 AS t, row_number() OVER () AS n FROM asked)
           SELECT coalesce(min(t), ${__from}), coalesce(max(t), ${__from}), coalesce(bool_and(t >= before), true) FROM (SELECT t, lag(t) OVER (ORDER BY n) AS before FROM numbered) AS pair`,
        );
        assert.ok(Number(first) >= __from - 86_400_000 && Number(last) < __to, `${question.where}: ${first} to ${last}`);
        assert.equal(inOrder, "t", `${question.where}: the times are not in order`);
      }
    }
  },

  async "the jobs' dashboard says what central says of its runs"() {
    const { items } = await (await fetch(new URL("/api/v1/jobs?limit=200", line.url))).json();
    const ended = items.filter(({ ended: end }) => end !== null);
    const [panel] = sqls.filter(({ where }) => where === "jobs.json: Share of failures");
    const shares = Object.fromEntries(rowsOf(panel, chosenValues()).map(([, job, share]) => [job, Number(share)]));
    for (const job of ["copy", "proof"]) {
      const runs = ended.filter((run) => run.job === job);
      assert.equal(shares[job], runs.filter(({ status }) => status !== "ok").length / runs.length, job);
    }
    assert.equal(shares.copy, 1);
  },

  async "the queries of docs/grafana.md run, in both dialects, with the same rows"() {
    // No job ends while the rows of both are compared.
    await line.stop("central");
    const file = runsAsFile();
    const blocks = [...(await fs.readFile(documented, "utf8")).matchAll(/```sql\n-- (SQLite|PostgreSQL): (.*)\n([^]*?)```/g)];
    assert.equal(blocks.length, 6);
    for (const title of new Set(blocks.map(([, , about]) => about))) {
      const of = (dialect) => blocks.find(([, is, about]) => is === dialect && about === title)[3];
      const lite = execFileSync("sqlite3", ["-readonly", "-tabs", file, of("SQLite")], { encoding: "utf8" }).trimEnd().split("\n").map((row) => row.split("\t"));
      const rows = postgres.query(of("PostgreSQL"));
      assert.ok(rows.length > 0, title);
      const plain = (cells) => cells.map((cell) => (cell === "" || Number.isNaN(Number(cell)) ? cell : Number(cell)));
      assert.deepEqual(rows.map(plain), lite.map(plain), title);
    }
  },
};

async function finish(code) {
  await line?.stopAll();
  await prometheus.stop();
  await postgres.stop();
  process.exit(code);
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void finish(1));
try {
  await postgres.start();
  for (const [name, check] of Object.entries(checks)) {
    const began = performance.now();
    try {
      await check();
    } catch (error) {
      console.log(error.message);
      console.log(`failed: ${name}`);
      await finish(1);
    }
    console.log(`ok ${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${name}`);
  }
  await finish(0);
} catch (error) {
  console.log(error);
  await finish(1);
}
