#include "postgres/batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/ensure.hpp"
#include "postgres/columns.hpp"

namespace postgres {

namespace {

constexpr std::size_t kRowsMax = 5'000;
/// From so many on the answer is waited for, so that no wait is for several of them.
constexpr std::size_t kManyRows = 500;
constexpr std::size_t kBytesMax = 16 * 1024 * 1024;

/// The parts of "INSERT INTO table (a, b) VALUES (?, ?) rest".
struct Insert {
    std::string table;
    std::string list;
    std::string rest;
};

Insert parts_of(const std::string& sql) {
    constexpr std::string_view kInto = "INSERT INTO ";
    constexpr std::string_view kValues = ") VALUES (";
    ENSURE(sql.starts_with(kInto));
    const auto open = sql.find(" (");
    const auto values = sql.find(kValues);
    ENSURE(open != std::string::npos && values != std::string::npos);
    const auto end = sql.find(')', values + kValues.size());
    return {.table = sql.substr(kInto.size(), open - kInto.size()),
            .list = sql.substr(open + 2, values - open - 2),
            .rest = sql.substr(end + 1)};
}

std::vector<std::string> names_of(std::string_view list) {
    std::vector<std::string> names;
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        names.emplace_back(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 2, list.size()));
    }
    return names;
}

bool is_ours(Oid type) {
    return type == kInteger || type == kNumber || type == kText || type == kBytes;
}

}  // namespace

void Batch::set(int place, Value value) {
    const auto at = static_cast<std::size_t>(place - 1);
    if (values_.size() <= at) values_.resize(at + 1);
    values_[at] = value;
}

base::Error Batch::misfit(const Column& column) const {
    return {base::Fault::misconfigured,
            fmt::format("{}: column {}.{} is of the type {}, which leat did not give it: change it "
                        "back by ALTER TABLE",
                        link_.server(), table_, column.name, column.type_name)};
}

base::Status Batch::find_types(const std::vector<std::string>& columns) {
    Parameters name;
    name.add(std::string_view{table_}, kText);
    auto asked = link_.run_text(
        "SELECT attname::text, atttypid::bigint, typarray::bigint, format_type(atttypid, NULL)"
        " FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid"
        " WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
        name);
    if (!asked) return asked;
    const auto answer = link_.settle();
    if (!answer) return answer.error();
    const auto* rows = answer.value().get();
    std::map<std::string, Column, std::less<>> known;
    for (int i = 0; i < PQntuples(rows); ++i) {
        const std::string column{read_bytes(rows, i, 0)};
        known[column] = {.name = column,
                         .type_name = std::string{read_bytes(rows, i, 3)},
                         .type = static_cast<Oid>(read_integer(rows, i, 1)),
                         .array = static_cast<Oid>(read_integer(rows, i, 2))};
    }
    for (const auto& column : columns) {
        const auto found = known.find(column);
        if (found == known.end()) {
            return base::Error{base::Fault::transient, fmt::format("{}: table {} has no column {}",
                                                                   link_.server(), table_, column)};
        }
        if (!is_ours(found->second.type)) return misfit(found->second);
        columns_.push_back(found->second);
    }
    return base::Done{};
}

/// A column of it that is not bound is the same in all rows, as far as we know.
void Batch::find_key(std::string_view rest) {
    constexpr std::string_view kConflict = "ON CONFLICT (";
    key_.reset();
    if (rest.find("DO UPDATE") == std::string_view::npos) return;
    key_.emplace();
    const auto begin = rest.find(kConflict);
    if (begin == std::string_view::npos) return;
    const auto list = rest.substr(begin + kConflict.size());
    for (const auto& name : names_of(list.substr(0, list.find(')')))) {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (columns_[i].name == name) key_->push_back(i);
        }
    }
}

base::Status Batch::prepare() {
    if (!name_.empty()) return base::Done{};
    const auto insert = parts_of(sql_);
    table_ = insert.table;
    columns_.clear();
    if (auto found = find_types(names_of(insert.list)); !found) return found;
    find_key(insert.rest);
    std::string places;
    std::vector<Oid> types;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        places += fmt::format("{}${}", i == 0 ? "" : ", ", i + 1);
        types.push_back(columns_[i].array);
    }
    const auto name = link_.fresh_name();
    auto sent = link_.prepare(name,
                              fmt::format("INSERT INTO {} ({}) SELECT * FROM unnest({}){}",
                                          insert.table, insert.list, places, insert.rest),
                              types);
    if (!sent) return sent;
    if (const auto taken = link_.settle(); !taken) return taken.error();
    name_ = name;
    return base::Done{};
}

base::Result<bool> Batch::next(int bound) {
    if (auto done = run(bound); !done) return done.error();
    return false;
}

/// PostgreSQL refuses a statement that changes a row twice; SQLite, row by row, does it in order.
base::Status Batch::keep_apart() {
    if (!key_) return base::Done{};
    std::string key;
    for (const auto i : *key_) {
        std::string part;
        append(part, values_[i], columns_[i].type);
        append_integer(key, part.size(), 4);
        key += part;
    }
    if (keys_.insert(key).second) return base::Done{};
    if (auto written = link_.write_pending(); !written) return written;
    keys_.insert(std::move(key));
    return base::Done{};
}

base::Status Batch::add_row() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        auto& column = columns_[i];
        const auto before = column.elements.size();
        constexpr std::uint64_t kNull = 0xFFFFFFFF;
        const bool is_null = values_[i].index() == 0;
        append_integer(column.elements, is_null ? kNull : 0, 4);
        column.has_null |= is_null;
        if (!append(column.elements, values_[i], column.type)) return misfit(column);
        if (!is_null) {
            std::string length;
            append_integer(length, column.elements.size() - before - 4, 4);
            column.elements.replace(before, 4, length);
        }
        bytes_ += column.elements.size() - before;
    }
    ++rows_;
    return base::Done{};
}

base::Status Batch::run(int bound) {
    if (auto ready = prepare(); !ready) return ready;
    ENSURE(static_cast<std::size_t>(bound) == columns_.size());
    if (auto apart = keep_apart(); !apart) return apart;
    if (rows_ == 0) link_.postpone(*this);
    if (auto added = add_row(); !added) {
        link_.discard_pending();
        return link_.lose(added.error());
    }
    const bool is_full = rows_ >= kRowsMax || bytes_ >= kBytesMax;
    if (link_.is_in_transaction && !is_full) return base::Done{};
    if (auto written = link_.write_pending(); !written || link_.is_in_transaction) return written;
    const auto settled = link_.settle();
    if (!settled) return settled.error();
    return base::Done{};
}

/// Arrays of one dimension, which count from 1.
base::Status Batch::write() {
    Parameters values;
    for (auto& column : columns_) {
        std::string array;
        array.reserve(column.elements.size() + 20);
        append_integer(array, 1, 4);
        append_integer(array, column.has_null ? 1 : 0, 4);
        append_integer(array, column.type, 4);
        append_integer(array, rows_, 4);
        append_integer(array, 1, 4);
        array += column.elements;
        values.add_bytes(std::move(array), column.array);
    }
    const bool are_many = rows_ >= kManyRows;
    discard();
    if (auto sent = link_.run(name_, values); !sent || !are_many) return sent;
    const auto settled = link_.settle();
    if (!settled) return settled.error();
    return base::Done{};
}

void Batch::discard() {
    for (auto& column : columns_) {
        column.elements.clear();
        column.has_null = false;
    }
    keys_.clear();
    rows_ = 0;
    bytes_ = 0;
}

}  // namespace postgres
