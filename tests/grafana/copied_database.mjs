// What a real central has written into its SQLite file, as a PostgreSQL with the tables of docs/schema.md.
import { execFileSync } from "node:child_process";

const types = { INTEGER: "bigint", REAL: "double precision", TEXT: "text", BLOB: "bytea" };

/** Its types and its words; a table keeps its columns, keys and names. */
function translated(sql) {
  return sql
    .replace(/\bpartition\b/g, '"partition"')
    .replaceAll(" WITHOUT ROWID", "")
    .replaceAll(" AUTOINCREMENT", "")
    .replaceAll(/\b(INTEGER|REAL|TEXT|BLOB)\b/g, (type) => types[type])
    .replaceAll(/ REFERENCES \w+( \(\w+\))?/g, "");
}

/** Single readings unpacked, as the view of docs/schema.md has them. */
const factReading = `CREATE VIEW fact_reading AS
SELECT block.series_id, block.first_at AS block_at, block.first_at + reading.key::bigint * coalesce(block.step, 1) AS at,
       reading.value::double precision AS value
FROM reading_block AS block CROSS JOIN LATERAL (
  SELECT (key - 1)::text AS key, value FROM json_array_elements_text(CASE WHEN block.readings LIKE '[%' THEN block.readings::json ELSE '[]' END) WITH ORDINALITY AS list (value, key)
  UNION ALL
  SELECT key, value FROM json_each_text(CASE WHEN block.readings LIKE '{%' THEN block.readings::json ELSE '{}' END)) AS reading;`;

export function copyDatabase(file, postgres) {
  const ask = (sql, mode = "-json") => execFileSync("sqlite3", ["-readonly", mode, file, sql], { encoding: "utf8", maxBuffer: 1 << 28 });
  const tables = JSON.parse(ask("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid"));
  const script = tables.map(({ name, sql }) => {
    const columns = JSON.parse(ask(`SELECT name, type FROM pragma_table_info('${name}')`));
    const values = columns.map((column) => (column.type === "BLOB" ? `'\\x' || hex("${column.name}")` : `"${column.name}"`));
    const rows = ask(`SELECT ${values.join(", ")} FROM "${name}"`, "-csv");
    return `${translated(sql)};\nCOPY "${name}" FROM STDIN (FORMAT csv);\n${rows.replaceAll("\r\n", "\n")}\\.\n`;
  });
  postgres.query("", `${script.join("")}${factReading}\n`);
}
