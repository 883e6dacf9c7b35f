// The dashboards of central/grafana as this test reads them: every query, and what Grafana would put in
// place of its variables.
import assert from "node:assert/strict";
import fs from "node:fs/promises";
import path from "node:path";

const SQL = "grafana-postgresql-datasource";

export async function readDashboards(folder) {
  const names = (await fs.readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  const read = async (name) => ({ name, text: await fs.readFile(path.join(folder, name), "utf8") });
  return (await Promise.all(names.map(read))).map(({ name, text }) => ({ name, text, board: JSON.parse(text) }));
}

/** Every question that a dashboard asks: of its panels and of its variables. */
export function questionsOf({ name, board }) {
  const variables = board.templating.list.filter(({ type }) => type === "query");
  return [
    ...board.panels.flatMap((panel) => panel.targets.map((target) => ({ where: `${name}: ${panel.title}`, source: target.datasource, text: target.rawSql ?? target.expr, isSeries: target.format === "time_series" }))),
    ...variables.map((variable) => ({ where: `${name}: variable ${variable.name}`, source: variable.datasource, text: variable.query, isSeries: false })),
  ];
}

export const isSql = ({ source }) => source.type === SQL;

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

/** What Grafana puts in place of `${name}` and `${name:format}`; one that nobody gave a value is refused. */
export function filledIn(text, values) {
  return text.replaceAll(/\$\{(\w+)(?::(\w+))?\}|\$(__\w+|\w+)/g, (whole, braced, format, bare) => {
    const name = braced ?? bare;
    assert.ok(name in values, `nobody gives ${whole} a value`);
    const list = [values[name]].flat();
    return format === "sqlstring" ? list.map(quoted).join(",") : list.join("|");
  });
}

/** The values that each variable of a dashboard may have, all combined. */
export function combinations({ board }, chosen) {
  const custom = board.templating.list.filter(({ type }) => type === "custom");
  return custom.reduce((all, { name, query }) => all.flatMap((values) => query.split(",").map((value) => ({ ...values, [name]: value }))), [chosen]);
}

const places = /https?:\/\/|localhost|\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/;

/** What is wrong with a dashboard whatever the data are. */
export function checkShape({ name, text, board }) {
  assert.doesNotMatch(text, places, `${name} names a machine`);
  const variables = new Map(board.templating.list.map((variable) => [variable.name, variable]));
  const sources = [...variables.values()].filter(({ type }) => type === "datasource").map((variable) => ({ type: variable.query, uid: `\${${variable.name}}` }));
  for (const question of questionsOf({ name, board })) {
    assert.ok(sources.some(({ type, uid }) => type === question.source.type && uid === question.source.uid), `${question.where}: its data source is no variable of the dashboard`);
  }
  const ids = board.panels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, `${name}: two panels have one number`);
  for (const panel of board.panels) {
    assert.ok(panel.description.length > 10, `${name}: ${panel.title} does not say what it shows`);
    assert.ok(panel.fieldConfig.defaults.unit, `${name}: ${panel.title} has no unit`);
    assert.ok(panel.gridPos.x + panel.gridPos.w <= 24, `${name}: ${panel.title} is wider than the page`);
  }
}

/** Links to other dashboards, with the names of the variables that they give a value. */
export function linksOf({ name, board }) {
  const overrides = board.panels.flatMap((panel) => panel.fieldConfig.overrides.map((override) => ({ where: `${name}: ${panel.title}`, override })));
  const urls = overrides.flatMap(({ where, override }) => override.properties.filter(({ id }) => id === "links").flatMap(({ value }) => value.map(({ url }) => ({ where, url }))));
  return urls.map(({ where, url }) => ({ where, uid: url.match(/^\/d\/([\w-]+)\?/)?.[1], variables: [...url.matchAll(/var-(\w+)=/g)].map(([, variable]) => variable) }));
}
