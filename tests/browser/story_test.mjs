// Goal: the story that ./dev demo tells is on the first view of the page: nobody has to click.
// Method: the demo's own script starts the whole line, its nodes get their past, Debian's Chromium
// opens the address that it prints. Every promised thing is one row of a table.
// By hand: tests/browser/run.sh <folder of the programs> <work folder> story_test.mjs
import assert from "node:assert/strict";
import path from "node:path";
import { RunningDemo } from "./running_demo.mjs";
import { WatchedPage } from "./watched_page.mjs";

const [programs, work, modules, executable] = process.argv.slice(2);
const demo = new RunningDemo(programs, work);
let watched;
let page;

/** As long as a thing may take to come to the page. The slowest is a window that must close first. */
const PATIENCE_S = 30;

const needs = () => page.locator(".needs").allInnerTexts();
const findings = () => page.locator(".finding").allInnerTexts();
const open = () => page.locator(".finding.open").allInnerTexts();
const past = () => page.locator(".finding:not(.open)").allInnerTexts();
const nodes = () => page.locator("table.nodes tbody tr").allInnerTexts();
const caption = () => page.locator("figcaption").allInnerTexts();
const api = async (question) => (await fetch(new URL(question, demo.url))).json();

/** What the chart has written since it was watched: what stands inside a gap is only drawn. */
const written = () => page.evaluate(() => [...globalThis.written]);

/** How much of a canvas, or of its uppermost pixels, has the colour of a custom property. */
function ink(selector, name, rowsMax) {
  const probe = document.createElement("span");
  document.body.append(probe);
  probe.style.color = `var(${name})`;
  const colour = getComputedStyle(probe).color.match(/\d+/g).map(Number);
  probe.remove();
  const canvas = document.querySelector(selector);
  if (!canvas || canvas.width === 0) return 0;
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, Math.min(canvas.height, Math.round(rowsMax * devicePixelRatio)));
  let found = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 255 && colour.every((part, channel) => Math.abs(data[i + channel] - part) <= 2)) found++;
  }
  return found;
}
const inkOf = (selector, name, rowsMax = 1000) => page.evaluate(`(${ink})(${JSON.stringify(selector)}, "${name}", ${rowsMax})`);

/** Windows of a series in the hours before now, as central tells them. */
async function windows(series, from, to) {
  const now = Date.now();
  const at = (hours) => now - hours * 3_600_000;
  return api(`/api/v1/windows?series=${series}&from=${at(from)}&to=${at(to)}&span=15m`);
}
const states = async (series, from, to) => [...new Set((await windows(series, from, to)).state)];

const joined = (texts) => texts.join("\n");
const says = (words) => (texts) => words.test(joined(texts));
const tells = (words) => (texts) => texts.some((text) => words.test(text));
const only = (...wanted) => (seen) => seen.length > 0 && seen.every((one) => wanted.includes(one));

/** What is promised, how it is looked for, and what is good. */
const promised = [
  ["what needs a person comes first, counted", needs, says(/^\d+ things need you/)],
  ["a freezer gets too warm", needs, says(/cellar\/freezer\.temperature: -\d+\.\d+\s°C at .*; above the limit of -12\.0\s°C/)],
  ["a door stands open", needs, says(/cellar\/door\.open: on for .* since/)],
  ["a sensor is dead, and its node says why", needs, says(/garage\/parking\.distance: .* of the reads failed .*no echo/)],
  ["a house and its garden, by their places", nodes, (seen) => ["/house/attic", "/house/cellar", "/house/garage", "/garden/greenhouse", "/house/living-room"].every((place) => joined(seen).includes(place))],
  ["the chart begins with the series of which there is most to tell", () => page.locator("select.series").inputValue(), (seen) => seen === "cellar/freezer.temperature"],
  ["over a range that shows it", () => page.locator(".ranges [aria-pressed=true]").innerText(), (seen) => seen === "24h"],
  ["a gap is told in the caption", caption, says(/gaps? of .* \([\d,]+ records lost\)/)],
  ["its cause stands inside the gap", written, says(/readings\s+lost:\s+evicted\s+by\s+the\s+node/)],
  ["the finding is marked above the chart", () => inkOf(".plot canvas", "--text", 20), (seen) => seen > 20],
  ["the door is a strip under the chart", () => page.locator(".strip.beside .strip-name").allInnerTexts(), says(/door\.open/)],
  ["which is dark where it stands open", () => inkOf(".strip.beside canvas", "--line"), (seen) => seen > 100],
  ["an anomaly: it was cold in the greenhouse", past, tells(/unusual[^]*greenhouse\/climate\.temperature: [\d.]+\s°C at .*; /)],
  ["an anomaly: the heating did not stop", past, tells(/unusual[^]*living-room\/climate\.temperature: [\d.]+\s°C at .*; /)],
  ["a loose wire was mended", past, tells(/reads fail[^]*attic\/climate\.temperature: .*well again after/)],
  ["an outage has healed: without a hole", () => states("attic/climate.temperature", 30, 23), only("c")],
  ["a gap that is real: with its cause", async () => (await windows("cellar/freezer.temperature", 21, 12)).causes.map(({ sentence }) => sentence), says(/evicted by the node, its outbox was full/)],
  ["a clock that was wrong: what waited was placed", async () => (await windows("greenhouse/climate.temperature", 43, 40)).count, (seen) => seen.length > 10 && seen.every((count) => count > 0)],
  ["a clock that was wrong: its node says so", nodes, says(/greenhouse[^]*\d+ records? waited for its clock, which was not set from .* to .*, and (was|were) placed/)],
  ["nothing waits for a clock any more", async () => (await api("/api/v1/nodes")).items.map((item) => item.unplaced_records ?? 0), only(0)],
  ["all nodes are live", nodes, (seen) => seen.length === 6 && seen.every((text) => /\bready\b/.test(text))],
];

/** Both must be seen without scrolling, on a screen of 1280 by 900. */
const inSight = ["#needs-title", ".plot"];

async function eventually(name, look, good) {
  const began = performance.now();
  for (;;) {
    const seen = await look();
    if (good(seen)) return console.log(`ok ${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${name}`);
    if (performance.now() - began > PATIENCE_S * 1000) assert.fail(`${name}: still ${JSON.stringify(seen)}`);
    await page.waitForTimeout(200);
  }
}

/** From now on, what canvases write is kept: the chart draws itself again every few seconds. */
function listenToCanvases() {
  globalThis.written = new Set();
  const prototype = CanvasRenderingContext2D.prototype;
  const fillText = prototype.fillText;
  prototype.fillText = function (text, ...rest) {
    globalThis.written.add(text);
    return fillText.call(this, text, ...rest);
  };
}

async function check() {
  for (const row of promised) await eventually(...row);
  for (const place of inSight) {
    const { y, height } = await page.locator(place).boundingBox();
    assert.ok(y >= 0 && y + height <= 900, `${place} is out of sight: ${y} to ${y + height}`);
  }
  assert.deepEqual(watched.complaints, []);
}

async function finish(code) {
  if (watched) await page.screenshot({ path: path.join(work, "story.png"), fullPage: true }).catch((error) => console.log(`no picture: ${error.message}`));
  if (code !== 0 && watched) console.log(`page ${page.url()}, see ${work}/story.png`, ...watched.complaints);
  await watched?.close().catch(() => {});
  await demo.stop();
  process.exit(code);
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void finish(1));
try {
  const began = performance.now();
  await demo.start();
  console.log(`ok ${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  the demo has told its past and goes on`);
  watched = await WatchedPage.open(demo.url, { modules, executable });
  page = watched.page;
  await page.evaluate(listenToCanvases);
  await check();
  await finish(0);
} catch (error) {
  console.log(error.message ?? error);
  await finish(1);
}
