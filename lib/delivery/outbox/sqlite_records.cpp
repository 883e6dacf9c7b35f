#include "delivery/outbox/sqlite_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/ensure.hpp"
#include "sqlite/transaction.hpp"

namespace delivery {

namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Result;
using base::Status;
using wire::ChainHash;

constexpr std::int64_t kSchemaVersion = 2;
constexpr std::int64_t kTables = 3;
constexpr std::int64_t kApplication = 0x6c656174;  // "leat"
constexpr unsigned kBitsOfKind = 8;                // Databases of leat differ in the last letter.

// The columns before `line` can be read without touching the line's overflow pages.
constexpr const char* kSchema = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE records(
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  total INTEGER NOT NULL,
  readings INTEGER NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  line TEXT NOT NULL,
  detail INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE position(sensor TEXT PRIMARY KEY, position TEXT NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA application_id = 0x6c656174;
PRAGMA user_version = 2;
)";

// A file of version 1 does not say what was sent: all of it may have been.
constexpr const char* kMigration = R"(
ALTER TABLE records ADD COLUMN detail INTEGER NOT NULL DEFAULT 0;
INSERT INTO meta VALUES('hole', ''), ('reserved', (SELECT ifnull(max(seq), 0) FROM records));
PRAGMA user_version = 2;
)";

Error damaged(const std::string& what) {
    return {Fault::malformed, "the outbox is damaged: " + what};
}

std::optional<ChainHash> read_hash(std::span<const std::uint8_t> bytes) {
    ChainHash hash;
    if (bytes.size() != hash.bytes.size()) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
    return hash;
}

}  // namespace

Status SqliteRecords::inspect(const std::string& node) {
    const auto tables = database_.number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    if (tables.value() == 0) return Done{};
    if (auto checked = check_owner(); !checked) return checked;
    const auto version = database_.number("PRAGMA user_version");
    if (!version) return version.error();
    if (version.value() > kSchemaVersion) {
        return Error{
            Fault::misconfigured,
            fmt::format("the outbox file is of version {}, this leat-agent knows up to {}; "
                        "use the newer leat-agent again, or give another [outbox] path",
                        version.value(), kSchemaVersion)};
    }
    return check_node(node);
}

Status SqliteRecords::prepare(const std::string& node, wire::Incarnation incarnation,
                              const ChainHash& start) {
    if (auto inspected = inspect(node); !inspected) return inspected;
    const auto version = database_.number("PRAGMA user_version");
    if (!version) return version.error();
    if (version.value() == 0) return create(node, incarnation, start);
    return version.value() < kSchemaVersion ? migrate() : Done{};
}

/// By what SQLite reserves for it, and by the tables: the first releases gave central's database
/// the same number.
Status SqliteRecords::check_owner() {
    const auto application = database_.number("PRAGMA application_id");
    if (!application) return application.error();
    const auto records = database_.number(
        "SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'records', 'position')");
    if (!records) return records.error();
    if (application.value() == kApplication && records.value() == kTables) return Done{};
    const bool is_leats = application.value() >> kBitsOfKind == kApplication >> kBitsOfKind;
    return Error{
        Fault::misconfigured,
        fmt::format("{} is {} and no outbox of leat-agent: give another [outbox] path",
                    database_.path(),
                    is_leats ? "the database of leat-central" : "the database of another program")};
}

Status SqliteRecords::migrate() {
    sqlite::Transaction transaction{database_};
    if (!transaction.begun()) return transaction.begun();
    if (auto changed = database_.execute(kMigration); !changed) return changed;
    return transaction.commit();
}

Status SqliteRecords::create(const std::string& node, wire::Incarnation incarnation,
                             const ChainHash& start) {
    sqlite::Transaction transaction{database_};
    if (!transaction.begun()) return transaction.begun();
    if (auto made = database_.execute(kSchema); !made) return made;
    if (auto set = set_meta("node", node); !set) return set;
    if (auto set = set_incarnation(incarnation, start); !set) return set;
    if (auto set = forget_hole(); !set) return set;
    if (auto set = set_reserved(0); !set) return set;
    return transaction.commit();
}

Status SqliteRecords::check_node(const std::string& node) {
    const auto owner = meta("node");
    if (!owner) return owner.error();
    if (owner.value() == node) return Done{};
    return Error{Fault::misconfigured,
                 fmt::format("the outbox file belongs to node \"{0}\", the configuration says "
                             "\"{1}\"; set [node] name = \"{0}\", or give another [outbox] path",
                             owner.value(), node)};
}

Result<ChainEnds> SqliteRecords::ends() {
    ChainEnds ends;
    const auto incarnation = meta("incarnation");
    const auto before = meta("before");
    if (!incarnation) return incarnation.error();
    if (!before) return before.error();
    const auto parsed_incarnation = wire::parse_incarnation(incarnation.value());
    const auto parsed_before = wire::parse_chain_hash(before.value());
    if (!parsed_incarnation || !parsed_before) return damaged("meta is not readable");
    ends.incarnation = *parsed_incarnation;
    ends.before_hash = ends.head_hash = *parsed_before;
    if (auto read = read_hole(ends); !read) return read.error();
    auto query = database_.query("SELECT count(*), min(seq), max(seq) FROM records");
    const auto row = query.next();
    if (!row) return row.error();
    const auto stored = query.count(0);
    if (stored == 0) return ends;
    ends.before_seq = query.count(1) - 1;
    ends.head = query.count(2);
    const auto missing = ends.hole ? ends.hole->upto - ends.hole->after : 0;
    if (ends.head - ends.before_seq != stored + missing) return damaged("numbers are missing");
    const auto hash = hash_of(ends.head);
    const auto total = total_of(ends.head);
    if (!hash) return hash.error();
    if (!total) return total.error();
    if (!hash.value() || !total.value()) return damaged("the newest record has no hash");
    ends.head_hash = *hash.value();
    ends.total = *total.value();
    if (auto good = check_tail(ends); !good) return good.error();
    return ends;
}

Status SqliteRecords::read_hole(ChainEnds& ends) {
    const auto reserved = meta("reserved");
    const auto hole = meta("hole");
    if (!reserved) return reserved.error();
    if (!hole) return hole.error();
    ends.reserved = std::strtoull(reserved.value().c_str(), nullptr, 10);
    if (hole.value().empty()) return Done{};
    char* rest = nullptr;
    const auto after = std::strtoull(hole.value().c_str(), &rest, 10);
    if (*rest != ' ') return damaged("meta is not readable");
    const auto upto = std::strtoull(rest + 1, &rest, 10);
    const auto hash = *rest == ' ' ? wire::parse_chain_hash(rest + 1) : std::optional<ChainHash>{};
    if (!hash || upto <= after) return damaged("meta is not readable");
    ends.hole = Hole{.after = after, .upto = upto};
    ends.hole_hash = *hash;
    return Done{};
}

Status SqliteRecords::check_tail(const ChainEnds& ends) {
    const auto newest = first_after(ends.head - 1);
    if (!newest) return newest.error();
    auto before = ends.before_hash;
    if (ends.hole && ends.head - 1 == ends.hole->upto) {
        before = ends.hole_hash;
    } else if (ends.head - 1 > ends.before_seq) {
        const auto stored = hash_of(ends.head - 1);
        if (!stored) return stored.error();
        before = stored.value().value_or(ChainHash{});
    }
    const auto& record = newest.value()->record;
    if (wire::Chain{}.next(before, record.seq, record.line) == record.hash) return Done{};
    return damaged("the newest record does not fit its chain hash");
}

Status SqliteRecords::insert(const Row& row) {
    return database_.query("INSERT INTO records VALUES(?,?,?,?,?,?,?,?)")
        .bind(row.record.seq)
        .bind(row.record.hash.bytes)
        .bind(row.total)
        .bind(row.content.readings)
        .bind(row.content.first_ms)
        .bind(row.content.last_ms)
        .bind(std::string_view{row.record.line})
        .bind(static_cast<std::int64_t>(row.detail))
        .run();
}

Status SqliteRecords::replace(std::uint64_t seq, const Row& row) {
    return database_.query("UPDATE records SET seq=?, hash=?, total=?, line=? WHERE seq=?")
        .bind(row.record.seq)
        .bind(row.record.hash.bytes)
        .bind(row.total)
        .bind(std::string_view{row.record.line})
        .bind(seq)
        .run();
}

Result<std::optional<SqliteRecords::Row>> SqliteRecords::first_after(std::uint64_t seq) {
    auto query = database_.query(
        "SELECT seq, hash, total, readings, first_ms, last_ms, line, detail FROM records "
        "WHERE seq > ? ORDER BY seq LIMIT 1");
    const auto found = query.bind(seq).next();
    if (!found) return found.error();
    if (!found.value()) return std::optional<Row>{};
    const auto hash = read_hash(query.bytes(1));
    if (!hash) return damaged("a record's hash has another length");
    const auto detail = query.count(7);
    if (detail >= kDetails) return damaged("a record has an unknown detail");
    return std::optional<Row>{
        Row{.record = {.seq = query.count(0), .hash = *hash, .line = std::string{query.text(6)}},
            .content = {.readings = query.count(3),
                        .first_ms = query.integer(4),
                        .last_ms = query.integer(5)},
            .total = query.count(2),
            .detail = static_cast<Detail>(detail)}};
}

Result<std::optional<ChainHash>> SqliteRecords::hash_of(std::uint64_t seq) {
    auto query = database_.query("SELECT hash FROM records WHERE seq=?");
    const auto found = query.bind(seq).next();
    if (!found) return found.error();
    if (!found.value()) return std::optional<ChainHash>{};
    return read_hash(query.bytes(0));
}

Result<std::optional<std::uint64_t>> SqliteRecords::total_of(std::uint64_t seq) {
    auto query = database_.query("SELECT total FROM records WHERE seq=?");
    const auto found = query.bind(seq).next();
    if (!found) return found.error();
    if (!found.value()) return std::optional<std::uint64_t>{};
    return std::optional{query.count(0)};
}

Status SqliteRecords::erase_upto(std::uint64_t seq, const ChainHash& hash) {
    auto erased = database_.query("DELETE FROM records WHERE seq <= ?").bind(seq).run();
    if (!erased) return erased;
    return set_meta("before", wire::to_text(hash));
}

Status SqliteRecords::erase_hole(const Hole& hole, const ChainHash& hash) {
    auto erased = database_.query("DELETE FROM records WHERE seq > ? AND seq <= ?")
                      .bind(hole.after)
                      .bind(hole.upto)
                      .run();
    if (!erased) return erased;
    return set_meta("hole", fmt::format("{} {} {}", hole.after, hole.upto, wire::to_text(hash)));
}

Status SqliteRecords::forget_hole() {
    return set_meta("hole", "");
}

Status SqliteRecords::set_reserved(std::uint64_t upto) {
    return set_meta("reserved", std::to_string(upto));
}

Result<Inventory> SqliteRecords::inventory_after(std::uint64_t seq) {
    Inventory inventory;
    auto query = database_.query(
        "SELECT seq, detail, readings, first_ms, last_ms, line FROM records WHERE seq > ?");
    query.bind(seq);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return inventory;
        if (query.count(1) >= kDetails) return damaged("a record has an unknown detail");
        inventory.add(
            query.count(0), static_cast<Detail>(query.count(1)),
            {.readings = query.count(2), .first_ms = query.integer(3), .last_ms = query.integer(4)},
            query.text(5));
    }
}

Status SqliteRecords::set_incarnation(wire::Incarnation incarnation, const ChainHash& start) {
    if (auto set = set_meta("incarnation", wire::to_text(incarnation)); !set) return set;
    return set_meta("before", wire::to_text(start));
}

Status SqliteRecords::set_position(const std::string& sensor, const std::string& position) {
    if (position.empty()) {
        return database_.query("DELETE FROM position WHERE sensor=?")
            .bind(std::string_view{sensor})
            .run();
    }
    return database_.query("INSERT OR REPLACE INTO position VALUES(?,?)")
        .bind(std::string_view{sensor})
        .bind(std::string_view{position})
        .run();
}

SqliteRecords::Positions SqliteRecords::positions() {
    Positions positions;
    auto query = database_.query("SELECT sensor, position FROM position");
    for (auto row = query.next(); row && row.value(); row = query.next()) {
        positions.emplace(query.text(0), query.text(1));
    }
    return positions;
}

Result<std::optional<std::string>> SqliteRecords::position(const std::string& sensor) {
    auto query = database_.query("SELECT position FROM position WHERE sensor=?");
    const auto found = query.bind(std::string_view{sensor}).next();
    if (!found) return found.error();
    if (!found.value()) return std::optional<std::string>{};
    return std::optional{std::string{query.text(0)}};
}

Result<std::uint64_t> SqliteRecords::pages_used() {
    const auto pages = database_.number("PRAGMA page_count");
    const auto unused = database_.number("PRAGMA freelist_count");
    if (!pages) return pages.error();
    if (!unused) return unused.error();
    ENSURE(unused.value() <= pages.value());
    return static_cast<std::uint64_t>(pages.value() - unused.value());
}

Result<std::string> SqliteRecords::meta(std::string_view key) {
    auto query = database_.query("SELECT value FROM meta WHERE key=?");
    const auto found = query.bind(key).next();
    if (!found) return found.error();
    if (!found.value()) return damaged(fmt::format("{} is missing", key));
    return std::string{query.text(0)};
}

Status SqliteRecords::set_meta(std::string_view key, std::string_view value) {
    return database_.query("INSERT OR REPLACE INTO meta VALUES(?,?)").bind(key).bind(value).run();
}

}  // namespace delivery
