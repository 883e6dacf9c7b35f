// What the page says and draws of single readings, and what it saves of them. Goal and method are those
// of page_test.mjs, which runs these checks on its line.
import assert from "node:assert/strict";
import fs from "node:fs/promises";

const shown = ".shown";
const single = /^[\d:.]+ · -?\d+\.\d+\u00a0°C · single reading/;

/** Chooses from the menu by the keyboard alone, and reads the file that the browser has saved. */
async function savedAs(page, name) {
  const menu = page.locator(".export");
  await menu.locator("summary").focus();
  await page.keyboard.press("Enter");
  const download = page.waitForEvent("download", { timeout: 10_000 });
  await menu.locator(".item").filter({ hasText: name }).focus();
  await page.keyboard.press("Enter");
  const file = await download;
  return { address: file.url(), name: file.suggestedFilename(), content: await fs.readFile(await file.path()) };
}

/** A table after RFC 4180 without quotes, as lists of cells. */
function cells(content) {
  return content.toString().trimEnd().split("\r\n").map((line) => line.split(","));
}

/** Between two times that the name of a file tells. */
function rangeIn(name) {
  const [from, to] = name.match(/\d{8}T\d{6}Z/g).map((text) => Date.parse(text.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z")));
  return { from, to };
}

/** For a line with nodes that are live. */
export function readingChecks({ line, watched, page, eventually, choose, readout }) {
  const words = () => page.locator(shown).innerText();
  const asked = () => watched.requests.filter((address) => address.includes("/readings?")).length;
  const range = (name) => page.getByRole("button", { name, exact: true }).click();
  const press = async (key) => {
    await page.locator(".chart").focus();
    await page.keyboard.press(key);
  };

  return {
    async "in a short range a state is a strip of its visits, as long as each was, and no bars"() {
      const [from, to] = [Date.now() - 600_000, Date.now()];
      const visit = (value, start, until) => ({ value, from: from + start, to: from + until - 1000, until: from + until, end: "changed", certain: true, readings: 5, length_ms: until - start });
      const items = [visit(0, 300_000, 480_000), visit(1, 240_000, 300_000), visit(0, 120_000, 240_000), visit(1, 60_000, 120_000)];
      const route = /\/api\/v1\/visits\?/;
      await page.route(route, (asked) => asked.fulfill({ json: { now: to, items, next: null, truncated: false } }));
      await page.goto(`${line.url}?s=greenhouse/room.motion&from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`);
      const place = (width, start) => gutter + (start / (to - from)) * (width - gutter - padding);
      const { columns, width } = await eventually(10, () => page.evaluate(columnsOfTheLine), (seen) => {
        const expected = ((seen.width - gutter - padding) * 120_000) / (to - from);
        return Math.abs(seen.columns.length - expected) < 6;
      });
      const isOn = (x) => [[60_000, 120_000], [240_000, 300_000]].some(([start, until]) => x > place(width, start) - 3 && x < place(width, until) + 3);
      assert.deepEqual(columns.filter((x) => !isOn(x)), [], "it is on where no visit says so");
      await page.unroute(route);
      const real = page.waitForResponse((response) => response.url().includes("/visits?"));
      await range("15m");
      assert.equal((await real).status(), 200);
    },

    async "in a short range each reading is drawn and said, and new ones come by themselves"() {
      await range("6h");
      await choose("workshop", "room.temperature");
      await eventually(20, words, (seen) => seen === "Means of a minute.");
      assert.equal(asked(), 0, "readings were asked for that cannot be seen");
      await range("15m");
      await eventually(20, words, (seen) => seen === "Each reading as it was taken.");
      assert.match(await page.locator(".legend").innerText(), /single reading/);
      await press("End");
      const newest = await eventually(10, readout, (seen) => single.test(seen));
      await press("ArrowLeft");
      await eventually(10, readout, (seen) => single.test(seen) && seen < newest);
      const [began, before] = [performance.now(), asked()];
      await eventually(15, async () => (await press("End"), readout()), (seen) => single.test(seen) && seen > newest);
      const most = 2 + (performance.now() - began) / 1000;
      assert.ok(asked() - before <= most, `${asked() - before} requests, more than ${most}`);
    },

    async "where the chart shows each reading, so does its table, and new ones come by themselves"() {
      const toggle = () => page.getByRole("button", { name: "Table", exact: true }).click();
      const rows = () => page.locator("table.windows tbody tr").allInnerTexts();
      await toggle();
      const told = /^[\d:.]+\t-?\d+\.\d+\u00a0°C\tsingle reading\t(provisional|complete|known gap)$/;
      const [newest] = await eventually(10, rows, (seen) => seen.length >= 3 && seen.every((row) => told.test(row)));
      await eventually(15, rows, (seen) => seen[0] > newest && told.test(seen[0]));
      await toggle();
    },

    async "the table of readings has what the API tells"() {
      const saved = await savedAs(page, "Single readings, CSV");
      assert.match(saved.name, /^workshop\.room\.temperature\.\d{8}T\d{6}Z--\d{8}T\d{6}Z\.csv$/);
      const [header, ...rows] = cells(saved.content);
      assert.deepEqual(header, ["time", "local_time", "series", "value", "unit", "quality", "clock"]);
      const answer = await (await fetch(saved.address.replace("format=csv", "format=json"))).json();
      assert.ok(rows.length >= 3, `only ${rows.length} readings`);
      assert.deepEqual(
        rows.map((row) => ({ t: Date.parse(row[0]), value: Number(row[3]), quality: row[5] })),
        // One more may have been stored since.
        answer.readings.slice(0, rows.length).map(({ t, value, quality }) => ({ t, value, quality })),
      );
    },

    async "the table of windows has what the page was told"() {
      const saved = await savedAs(page, "Windows, CSV");
      assert.match(saved.name, /^workshop\.room\.temperature\..*\.windows\.csv$/);
      const [header, ...rows] = cells(saved.content);
      assert.deepEqual(header.slice(-8), ["count", "expected", "failed", "mean", "min", "max", "state", "quality"]);
      const { from, to } = rangeIn(saved.name);
      const answer = await (await fetch(new URL(`/api/v1/windows?series=workshop/room.temperature&from=${from}&to=${to}&span=1m`, line.url))).json();
      assert.deepEqual(rows.map((row) => Date.parse(row[0])), answer.t);
      for (const [i, row] of rows.entries()) {
        const [count, expected, failed, mean, min, max] = row.slice(-8).map(Number);
        // Some more may have been counted since.
        assert.ok(count > 0 && count <= answer.count[i] && count + 5 > answer.count[i], `${count} of ${answer.count[i]}`);
        assert.ok(min >= answer.min[i] && min <= mean && mean <= max && max <= answer.max[i], row.join());
        assert.ok(expected === answer.expected[i] && failed <= answer.failed[i], row.join());
        assert.match(row.at(-2), /^(provisional|complete|known_gap)$/);
      }
    },

    async "the picture is a PNG as wide as the chart, with room for its words"() {
      const saved = await savedAs(page, "Picture, PNG");
      assert.match(saved.name, /\.png$/);
      assert.deepEqual([...saved.content.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
      const chart = await page.locator(".plot canvas").evaluate(({ width, height }) => ({ width, height }));
      const [width, height] = [saved.content.readUInt32BE(16), saved.content.readUInt32BE(20)];
      assert.equal(width, chart.width + 32 * (await page.evaluate(() => devicePixelRatio)));
      assert.ok(height > chart.height + 80 && height < chart.height + 300, `${height} for a chart of ${chart.height}`);
    },

    async "the menu closes with Escape, and takes the keyboard back"() {
      await page.locator(".export summary").click();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Escape");
      assert.equal(await page.locator(".export[open]").count(), 0);
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "Export");
    },

    async "a series that sends summaries only has means, and the page says so"() {
      await choose("greenhouse", "room.humidity");
      await eventually(20, words, (seen) => seen === "Means of a minute: only summaries of this range are known.");
      await range("6h");
      await eventually(20, words, (seen) => seen === "Means of a minute.");
    },
  };
}

/** The columns of the chart, in CSS pixels from its left, that have the colour of its line. */
function columnsOfTheLine() {
  const probe = document.createElement("span");
  document.body.append(probe);
  probe.style.color = "var(--line)";
  const colour = getComputedStyle(probe).color.match(/\d+/g).map(Number);
  probe.remove();
  const canvas = document.querySelector(".plot canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  const columns = new Set();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 255 && colour.every((part, channel) => Math.abs(data[i + channel] - part) <= 2)) columns.add(((i / 4) % canvas.width) / devicePixelRatio);
  }
  return { columns: [...columns], width: canvas.width / devicePixelRatio };
}

/** What is left and right of the plot. */
const gutter = 58;
const padding = 20;

/** For a node with a past of at least two minutes, and a hole in it. */
export function keepingChecks({ line, page, eventually, readout }) {
  const pattern = /\/readings\?from=/;
  const newest = `${line.url}?s=workshop/room.temperature&range=15m`;
  const words = () => page.locator(shown).innerText();
  return {
    async "a hole stays a hole between single readings"() {
      const { readings } = await (await fetch(new URL("/api/v1/series/workshop%2Froom.temperature/readings?from=-15m", line.url))).json();
      const steps = readings.slice(1).map(({ t }, i) => ({ from: readings[i].t, to: t }));
      const hole = steps.reduce((widest, step) => (step.to - step.from > widest.to - widest.from ? step : widest));
      assert.ok(hole.to - hole.from > 4000, "no hole to look at");
      const [from, to] = [hole.from - 15_000, hole.to + 15_000];
      await page.goto(`${line.url}?s=workshop/room.temperature&from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`);
      await eventually(20, words, (seen) => seen === "Each reading as it was taken.");
      const { columns, width } = await eventually(10, () => page.evaluate(columnsOfTheLine), (seen) => seen.columns.length > 20);
      const place = (t) => gutter + ((t - from) / (to - from)) * (width - gutter - padding);
      const [left, right] = [place(hole.from), place(hole.to)];
      for (const edge of [left, right]) assert.ok(columns.some((x) => Math.abs(x - edge) < 4), `no reading at ${edge}`);
      assert.deepEqual(columns.filter((x) => x > left + 6 && x < right - 6), [], "a line crosses the hole");
    },

    async "a reading that is dated ahead of its arrival is marked"() {
      await page.route(pattern, async (route) => {
        const response = await route.fetch();
        const answer = await response.json();
        answer.readings.at(-1).quality = "ahead";
        await route.fulfill({ response, json: answer });
      });
      await page.goto(newest);
      await eventually(20, () => page.locator(".legend").innerText(), (seen) => seen.includes("ahead"));
      await page.locator(".chart").focus();
      await page.keyboard.press("End");
      await eventually(10, readout, (seen) => single.test(seen) && seen.includes("ahead: dated after its arrival"));
      await page.unroute(pattern);
    },

    async "where single readings are kept no longer there are means, in words and in the readout"() {
      // As if only those of the newest minute had been kept.
      await page.route(pattern, async (route) => {
        const response = await route.fetch();
        const answer = await response.json();
        const from = Math.floor(answer.readings.at(-1).t / 60_000) * 60_000;
        const readings = answer.readings.filter(({ t }) => t >= from);
        await route.fulfill({ response, json: { ...answer, kept_from: readings[0].t, readings } });
      });
      await page.goto(newest);
      const said = /^Each reading from [\d:]+ on; means of a minute before that, as single readings are kept no longer\.$/;
      await eventually(20, words, (seen) => said.test(seen));
      await page.locator(".chart").focus();
      await page.keyboard.press("Home");
      await eventually(10, readout, (seen) => /^[\d:]+–[\d:]+ · mean /.test(seen));
      await page.keyboard.press("End");
      await eventually(10, readout, (seen) => single.test(seen));
      await page.unroute(pattern);
      await page.getByRole("button", { name: "6h", exact: true }).click();
    },
  };
}
