// What the page says of jobs. Goal and method are those of page_test.mjs, which runs these checks on its
// line: one job of it succeeds, one fails.
import assert from "node:assert/strict";

/** For central's configuration. `folder` is one that may be written. */
export function jobTables(folder) {
  return (
    `[job.nightly]\nkind = "backup"\nfolder = "${folder}"\nevery = "1d at 02:00"\n` +
    `[job.files]\nkind = "export-csv"\nfolder = "/proc/none"\nevery = "1h"\n` +
    `[job.proof]\nkind = "recount"\n`
  );
}

const pattern = /\/api\/v1\/jobs\?/;

export function jobChecks({ line, page, eventually }) {
  const row = (job) => page.locator("li.job").filter({ has: page.locator("h3", { hasText: new RegExp(`^${job}\\b`) }) });
  const facts = (job) => row(job).locator(".job-facts").innerText();
  const marks = (job) => row(job).locator("button.run");
  const details = page.locator(".run-details");
  const link = (name) => page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true });
  const answer = async (question = "") => (await fetch(new URL(`/api/v1/jobs${question}`, line.url))).json();

  /** As if central answered so. */
  async function answering(change, look) {
    await page.route(pattern, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: change(await response.json()) });
    });
    await look();
    await page.unroute(pattern);
  }

  return {
    async "a job that failed needs a person, and what says so leads to the jobs"() {
      const need = page.locator(".needs li").filter({ hasText: "files" }).getByRole("link");
      await eventually(40, () => need.count(), (seen) => seen === 1);
      await need.click();
      await eventually(5, () => page.locator("#jobs-title").count(), (seen) => seen === 1);
      assert.match(page.url(), /\?page=jobs/);
      assert.equal(await link("Jobs").getAttribute("aria-current"), "page");
      assert.equal(await page.locator("table.nodes").count(), 0, "the nodes are still there");
    },

    async "every job has a row: what became of it, how often it succeeded, how long it takes, when it is next"() {
      const { jobs } = await answer();
      await eventually(10, () => page.locator("li.job").count(), (seen) => seen === jobs.length && seen === 3);
      await eventually(10, () => facts("nightly"), (seen) => /ok[^]*\d+ records?[^]*Succeeded\s+1 of 1[^]*Average duration\s+\d+\.\d s[^]*Next run\s+\S/.test(seen));
      await eventually(10, () => facts("files"), (seen) => /failed[^]*Succeeded\s+0 of \d+[^]*Average duration\s+–/.test(seen));
      assert.match(await facts("proof"), /has not run yet[^]*Next run\s+when somebody runs it/);
      assert.match(await row("nightly").locator("h3").innerText(), /backup, every 1d at 02:00/);
    },

    async "a run's details come on a click: its times, its work, its error and what to do"() {
      const [run] = (await answer("?job=files&limit=1")).items;
      await marks("files").last().click();
      const said = await details.innerText();
      assert.match(said, new RegExp(`Run ${run.id} of files: failed`));
      for (const part of ["Started", "Ended", "by central, as scheduled", run.error, run.remedy]) assert.ok(said.includes(part), `${part} is not in ${said}`);
      assert.match(page.url(), new RegExp(`run=${run.id}`));
      await page.goBack();
      await eventually(5, () => details.count(), (seen) => seen === 0);
    },

    async "by the keyboard alone the marks are one stop, and arrow keys lead along them"() {
      // Runs that are seldom, made of the one that was: a job's past takes days.
      const past = ({ items, ...rest }) => {
        const made = items.find(({ job }) => job === "nightly");
        const states = ["running", "ok", "failed", "interrupted"];
        const runs = states.map((status, i) => ({ ...made, id: 1000 - i, status, started: rest.now - i * 3_600_000 - 60_000, ended: status === "running" ? null : rest.now - i * 3_600_000 }));
        return { ...rest, items: runs, next: null };
      };
      await answering(past, async () => {
        await eventually(15, () => marks("nightly").count(), (seen) => seen >= 4);
        assert.equal(await row("nightly").locator("button.run[tabindex='0']").count(), 1);
        await row("nightly").locator("button.run[tabindex='0']").focus();
        await page.keyboard.press("Enter");
        await eventually(5, () => details.innerText(), (seen) => /Run 1000 of nightly: running/.test(seen));
        await page.keyboard.press("ArrowLeft");
        await eventually(5, () => details.innerText(), (seen) => /Run 999 of nightly: ok/.test(seen));
        await page.keyboard.press("ArrowLeft");
        await eventually(5, () => details.innerText(), (seen) => /Run 998 of nightly: failed/.test(seen));
        const names = await marks("nightly").evaluateAll((buttons) => buttons.map((button) => button.getAttribute("aria-label")));
        for (const status of ["running", "ok", "failed", "interrupted"]) assert.ok(names.some((name) => name.startsWith(`${status}, `)), `${status} is not in ${names}`);
        const shapes = await marks("nightly").evaluateAll((buttons) => buttons.slice(-4).map((button) => button.querySelector("svg").innerHTML));
        assert.equal(new Set(shapes).size, 4, "two outcomes have one shape");
        await page.getByRole("button", { name: "Close", exact: true }).click();
        assert.equal(await details.count(), 0);
      });
    },

    async "a run that comes to be is there by itself"() {
      const before = await marks("proof").count();
      const ended = await line.run("central", ["job", "run", "proof"]);
      assert.ok([0, 1].includes(ended), `job run ended with ${ended}`);
      await eventually(15, () => marks("proof").count(), (seen) => seen === before + 1);
    },

    async "on a phone the rows fit, and a mark can be hit with a finger"() {
      await page.setViewportSize({ width: 320, height: 700 });
      const wider = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await eventually(5, wider, (seen) => seen <= 0);
      assert.ok((await marks("nightly").last().boundingBox()).width >= 24);
      await page.setViewportSize({ width: 1280, height: 900 });
    },

    async "without a job the page says how to make a first one"() {
      await answering(({ now }) => ({ now, jobs: [], items: [], next: null }), async () => {
        await page.goto(`${line.url}?page=jobs`);
        await eventually(10, () => page.locator(".first-run").innerText(), (seen) => /\[job\.nightly\]\s+kind = "backup"/.test(seen));
      });
      await link("Readings").click();
      await eventually(10, () => page.locator("table.nodes").count(), (seen) => seen === 1);
      assert.doesNotMatch(page.url(), /page=/);
    },
  };
}
