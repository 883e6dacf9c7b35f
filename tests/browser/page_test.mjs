// Goal: the page that leat-central serves shows the nodes as they are and follows them by itself.
// Method: the whole line runs as real processes; Debian's Chromium opens the page as a person would;
// then one node is killed and one is stopped. The page must know both, and never complain.
// By hand: tests/browser/run.sh <folder of the programs> <work folder>
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";
import { jobChecks, jobTables } from "./job_checks.mjs";
import { keepingChecks, readingChecks } from "./reading_checks.mjs";
import { hostNode, RunningLine } from "./running_line.mjs";
import { WatchedPage } from "./watched_page.mjs";

const [programs, work, modules, executable] = process.argv.slice(2);
const nodes = [hostNode, "greenhouse", "workshop"];
const line = new RunningLine(programs, work, { central: jobTables(path.join(work, "backup")) });
let watched;
let page;

const row = (node) => page.locator("table.nodes tbody tr").filter({ has: page.locator(".node-name", { hasText: new RegExp(`^${node}$`) }) });
const state = (node) => row(node).locator(".state").innerText();
const figures = () => page.locator("table.nodes .figure").allInnerTexts();
const value = (node, series) => row(node).locator(".value").filter({ hasText: series }).locator(".figure").innerText();
const lists = () => watched.requests.filter((address) => address.endsWith("/api/v1/nodes")).length;

/** Waits until `look` gives what `good` accepts; says what was seen instead when it never does. */
async function eventually(seconds, look, good) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (performance.now() > end) assert.fail(`still ${JSON.stringify(seen)} after ${seconds} s`);
    await page.waitForTimeout(100);
  }
}

/** How many pixels of the chart have the colour of its line. */
function inkOfTheLine() {
  const probe = document.createElement("span");
  document.body.append(probe);
  probe.style.color = "var(--line)";
  const colour = getComputedStyle(probe).color.match(/\d+/g).map(Number);
  probe.remove();
  const canvas = document.querySelector(".plot canvas");
  if (!canvas || canvas.width === 0) return 0;
  // A copy that may be read often: reading the page's own canvas twice makes the browser complain.
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  let ink = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 255 && colour.every((part, channel) => Math.abs(data[i + channel] - part) <= 2)) ink++;
  }
  return ink;
}

/** The rows of the chart, in CSS pixels from its top, that have the colour of a custom property. */
function rowsOf(name) {
  const probe = document.createElement("span");
  document.body.append(probe);
  probe.style.color = `var(${name})`;
  const colour = getComputedStyle(probe).color.match(/\d+/g).map(Number);
  probe.remove();
  const canvas = document.querySelector(".plot canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const rows = new Set();
  for (let y = 0; y < canvas.height; y++) {
    const { data } = copy.getImageData(0, y, canvas.width, 1);
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] === 255 && colour.every((part, channel) => Math.abs(data[i + channel] - part) <= 2)) rows.add(y / devicePixelRatio);
    }
  }
  return { rows: [...rows], height: canvas.height / devicePixelRatio };
}

const readout = () => page.locator(".readout").innerText();
const choose = (node, series) => row(node).locator(".value").filter({ hasText: series }).click();

const checks = {
  async "the page comes with its security policy"() {
    assert.equal(watched.answer.status(), 200);
    assert.match(watched.answer.headers()["content-security-policy"], /default-src 'none'.*script-src 'self'/);
  },

  async "every node is there, ready, by its name"() {
    const names = () => page.locator(".node-name").allInnerTexts();
    await eventually(30, names, (seen) => nodes.every((node) => seen.includes(node)) && seen.length === nodes.length);
    for (const node of nodes) await eventually(30, () => state(node), (seen) => seen === "ready");
  },

  async "values have their units"() {
    for (const node of ["greenhouse", "workshop"]) {
      await eventually(30, () => value(node, "room.temperature"), (seen) => /^-?\d+\.\d\u00a0°C$/.test(seen));
      await eventually(30, () => value(node, "room.humidity"), (seen) => /^\d+\u00a0% RH$/.test(seen));
      await eventually(30, () => value(node, "room.distance"), (seen) => /^\d\.\d\d\u00a0m$/.test(seen));
    }
    await eventually(30, () => value(hostNode, "host.memory_used"), (seen) => /^[01]\.\d\d$/.test(seen));
  },

  async "a value changes by itself, without a reload or a question"() {
    await eventually(20, () => page.locator(".top .chip").first().innerText(), (seen) => seen.includes("Live"));
    await page.evaluate(() => (globalThis.notReloaded = true));
    const listsBefore = lists();
    // Any of them: a DHT11 may well say the same for a while.
    const before = (await figures()).join();
    await eventually(15, figures, (seen) => seen.join() !== before);
    assert.equal(await page.evaluate(() => globalThis.notReloaded), true, "the page was loaded again");
    assert.equal(lists(), listsBefore, "the list of nodes was asked for again");
  },

  async "a chosen series is drawn and said in a sentence"() {
    await row("workshop").locator(".value").filter({ hasText: "room.temperature" }).click();
    const sentence = () => page.locator("figcaption").innerText();
    const said = /^room\.temperature of workshop, 6 h: .* to -?\d+\.\d\u00a0°C, now -?\d+\.\d\u00a0°C; /;
    await eventually(20, sentence, (seen) => said.test(seen));
    assert.match(page.url(), /\?s=workshop\/room\.temperature/);
    await eventually(10, () => page.evaluate(inkOfTheLine), (seen) => seen >= 5);
  },

  async "the table says the same windows"() {
    await page.getByRole("button", { name: "Table", exact: true }).click();
    const rows = () => page.locator("table.windows tbody tr").allInnerTexts();
    await eventually(10, rows, (seen) => /\t\d+ of \d+\t(provisional|complete)\t\d+$/.test(seen[0]));
    await page.getByRole("button", { name: "Table", exact: true }).click();
  },

  async "motion is on or off"() {
    await eventually(30, () => value("greenhouse", "room.motion"), (seen) => /^(on|off)$/.test(seen));
    await row("greenhouse").locator(".value").filter({ hasText: "room.motion" }).click();
    const said = /^room\.motion of greenhouse, 6 h: (always (on|off)|off and on), now (on|off); /;
    await eventually(20, () => page.locator("figcaption").innerText(), (seen) => said.test(seen));
  },

  async "motion is a strip and no line"() {
    // The strip has a base of the muted colour under every window, in the middle of the plot.
    await page.getByRole("button", { name: "15m", exact: true }).click();
    await eventually(20, () => page.evaluate(rowsOf, "--muted"), ({ rows, height }) => rows.some((y) => y > height * 0.4 && y < height * 0.65));
    const { rows, height } = await page.evaluate(rowsOf, "--line");
    const outside = rows.filter((y) => y < height * 0.3 || y > height * 0.65);
    assert.deepEqual(outside, [], "a line leaves the strip");
    await page.getByRole("button", { name: "6h", exact: true }).click();
  },

  async "what was to be expected is asked for by a switch, which the address holds"() {
    const asked = () => watched.requests.filter((address) => address.includes("/api/v1/windows?") && address.includes("band=1")).length;
    const before = asked();
    const answer = page.waitForResponse((response) => response.url().includes("band=1"));
    await page.getByRole("button", { name: "Expected", exact: true }).click();
    const windows = await (await answer).json();
    assert.equal(windows.expected_low.length, windows.t.length);
    assert.ok(asked() > before);
    assert.match(page.url(), /band=1/);
    await eventually(5, () => page.locator(".legend").innerText(), (seen) => seen.includes("expected"));
    await page.getByRole("button", { name: "Expected", exact: true }).click();
    assert.doesNotMatch(page.url(), /band=1/);
  },

  async "a series picked while central is away never has the curve of another"() {
    await row("workshop").locator(".value").filter({ hasText: "room.temperature" }).click();
    await eventually(20, () => page.evaluate(inkOfTheLine), (seen) => seen >= 5);
    line.freeze("central");
    await row("greenhouse").locator(".value").filter({ hasText: "room.temperature" }).click();
    await eventually(5, () => page.evaluate(inkOfTheLine), (seen) => seen === 0);
    assert.doesNotMatch(await page.locator("figcaption").innerText(), /workshop/);
    line.thaw("central");
    await eventually(20, () => page.evaluate(inkOfTheLine), (seen) => seen >= 5);
    assert.match(await page.locator("figcaption").innerText(), /of greenhouse/);
  },

  async "a part of the line that is frozen is named within seconds, until it goes on"() {
    const bar = () => page.locator(".bar.health").allInnerTexts();
    await eventually(20, bar, (seen) => seen.length === 0);
    for (const [part, words] of [
      ["bridge", /No reading gets from the broker to the centre.*bridge: .*silent/],
      ["redis", /No new reading is counted.*redis: /],
      ["mosquitto", /No reading gets to the broker.*broker: /],
    ]) {
      line.freeze(part);
      await eventually(10, bar, (seen) => words.test(seen.join(" ")));
      line.thaw(part);
      await eventually(40, bar, (seen) => seen.length === 0);
    }
    for (const node of nodes) await eventually(40, () => state(node), (seen) => /^ready/.test(seen));
  },

  async "a node whose sensor fails is ready with trouble, and says which"() {
    await line.startNode("cellar", '[[sensor]]\nname = "broken"\ndriver = "serial"\nport = "/no/such/port"\n');
    await eventually(60, () => row("cellar").locator(".state").allInnerTexts(), (seen) => seen[0] === "ready, with trouble");
    assert.match(await row("cellar").innerText(), /broken: /);
    assert.equal(await page.locator(".node-name").first().innerText(), "cellar", "the worst is not first");
    assert.match(await page.locator("#needs-title").innerText(), /things? needs? you/);
    assert.match(await page.locator(".needs li").allInnerTexts().then((texts) => texts.join(" ")), /cellar: broken: /);
    await line.stop("cellar");
  },

  async "a node that is killed is lost, and the others stay ready"() {
    await line.stop("workshop", "SIGKILL");
    // The broker says it when the connection breaks; without a word of that, at 1.5 keep-alives.
    await eventually(35, () => state("workshop"), (seen) => seen === "lost");
    for (const node of [hostNode, "greenhouse"]) assert.equal(await state(node), "ready");
    assert.equal(await page.locator(".node-name").first().innerText(), "workshop", "the worst is not first");
  },

  async "the newest window of a node that is away says so"() {
    await choose("workshop", "room.temperature");
    await eventually(20, () => page.locator("figcaption").innerText(), (seen) => /of workshop/.test(seen));
    await page.locator(".chart").focus();
    await page.keyboard.press("End");
    await eventually(10, readout, (seen) => /provisional.*the node is away/.test(seen));
  },

  async "a hole says how many readings are missing and why, and what it costs"() {
    const caption = () => page.locator("figcaption").innerText();
    await choose(hostNode, "host.memory_used");
    await eventually(20, caption, (seen) => seen.startsWith("host.memory_used of "));
    assert.equal(await page.locator(".strip.quality").isVisible(), false, "all is well, and there is a strip");
    await choose("workshop", "room.temperature");
    await eventually(20, caption, (seen) => /of workshop/.test(seen));
    // Long enough for two readings at least to be missing, on the fastest machine.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await line.startAgain("workshop");
    await eventually(30, () => state("workshop"), (seen) => seen === "ready");
    const lastHole = async () => {
      await page.locator(".chart").focus();
      await page.keyboard.press("End");
      await page.keyboard.press("Control+ArrowLeft");
      let said = await readout();
      // Windows with holes that are side by side are one, and this is where it begins.
      for (let steps = 0; steps < 3 && !/missing/.test(said); ++steps) {
        await page.keyboard.press("ArrowRight");
        said = await readout();
      }
      return said;
    };
    // Until the minute of the hole is over, and the watermark has passed it. A simulated part fails now and
    // then as a real one does, so that there may be other holes.
    await eventually(100, lastHole, (seen) => /\d+ readings? missing: never sent.*quality 0\.\d/.test(seen));
    assert.equal(await page.locator(".strip.quality").isVisible(), true, "a hole, and no strip");
    await line.stop("workshop", "SIGKILL");
    await eventually(35, () => state("workshop"), (seen) => seen === "lost");
  },

  async "a node that is stopped is disconnected"() {
    await line.stop("greenhouse", "SIGTERM");
    await eventually(15, () => state("greenhouse"), (seen) => seen === "disconnected");
    assert.equal(await state("workshop"), "lost");
    assert.equal(await state(hostNode), "ready");
  },

  async "nothing was asked of another host"() {
    const foreign = watched.requests.filter((address) => !address.startsWith(line.url) && !address.startsWith("data:"));
    assert.deepEqual(foreign, []);
    assert.ok(watched.requests.length >= 4, `only ${watched.requests.length} requests were seen`);
  },

  async "the console is empty and the security policy was kept"() {
    assert.deepEqual(watched.complaints, []);
  },
};

async function report(name) {
  const picture = path.join(work, "page.png");
  await page.screenshot({ path: picture, fullPage: true }).catch((error) => console.log(`no picture: ${error.message}`));
  console.log(`page ${page.url()}, see ${picture}`);
  for (const complaint of watched.complaints) console.log(complaint);
  for (const part of line.parts()) console.log(`-- ${part}\n${(await line.log(part)).split("\n").slice(-8).join("\n")}`);
  console.log(`failed: ${name}`);
}

/** Those of single readings come where the line is as they need it. */
function allChecks() {
  const parts = { line, watched, page, eventually, choose, readout };
  const behind = {
    "motion is a strip and no line": jobChecks(parts),
    "what was to be expected is asked for by a switch, which the address holds": readingChecks(parts),
    "a hole says how many readings are missing and why, and what it costs": keepingChecks(parts),
  };
  return Object.entries(checks).flatMap((entry) => [entry, ...Object.entries(behind[entry[0]] ?? {})]);
}

/** Each check stands on the one before it: the first that fails is the one to look at. */
async function runChecks() {
  for (const [name, check] of allChecks()) {
    const began = performance.now();
    try {
      await check();
    } catch (error) {
      console.log(error.message);
      await report(name);
      return false;
    }
    console.log(`ok ${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${name}`);
  }
  return true;
}

async function finish(code) {
  // The page first: it would rightly complain that central has gone.
  await watched?.close().catch(() => {});
  await line.stopAll();
  process.exit(code);
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void finish(1));
try {
  await line.start();
  watched = await WatchedPage.open(line.url, { modules, executable });
  page = watched.page;
  await finish((await runChecks()) ? 0 : 1);
} catch (error) {
  console.log(error);
  await finish(1);
}
