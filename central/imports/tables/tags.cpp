#include "central/imports/tables/tags.hpp"

#include <fmt/format.h>

#include <set>
#include <string_view>
#include <utility>

#include "drivers/core/names.hpp"
#include "wire/identity.hpp"

namespace imports::tables {

namespace {

constexpr std::size_t kRowsAtOnce = 500;
constexpr std::size_t kPathUnitsMax = 1'000;
constexpr std::size_t kPathsShown = 5;

}  // namespace

base::Status Tags::load(odbc::Connection& connection) {
    if (source_.tags_table.empty()) return base::Done{};
    const auto& dialect = connection.dialect();
    auto prepared = connection.prepare(
        fmt::format("SELECT {}, {} FROM {}", dialect.quoted(source_.tags_id),
                    dialect.quoted(source_.tags_path), dialect.table(source_.tags_table)));
    if (!prepared) return prepared.error();
    auto select = std::move(prepared).value();
    if (auto run = select.run(); !run) return run;
    odbc::Block rows{{{odbc::Type::text}, {odbc::Type::text, kPathUnitsMax}}, kRowsAtOnce};
    for (;;) {
        const auto fetched = select.fetch(rows);
        if (!fetched) return fetched.error();
        if (!fetched.value()) break;
        for (std::size_t i = 0; i < rows.rows(); ++i) {
            if (rows.is_null(i, 0) || rows.is_null(i, 1)) continue;
            if (auto added = add(rows.text(i, 0), rows.text(i, 1)); !added) return added;
        }
    }
    look_for_strange();
    return series_.empty() ? base::Status{none_mapped()} : base::Done{};
}

void Tags::look_for_strange() {
    std::set<std::string_view> known;
    for (const auto& tag : tags_) known.insert(tag.path);
    for (auto& path : source_.map.paths()) {
        if (!known.contains(path)) strange_.push_back(std::move(path));
    }
}

base::Error Tags::none_mapped() const {
    std::vector<std::string> paths;
    for (const auto& tag : tags_) {
        if (paths.size() < kPathsShown) paths.push_back("\"" + tag.path + "\"");
    }
    return {
        base::Fault::misconfigured,
        fmt::format("none of the {} tags in {} is mapped to a series: write lines like \"path\" "
                    "= \"sensor.quantity:unit\" into the job's table tags; there are {} …",
                    tags_.size(), source_.tags_table, fmt::join(paths, ", "))};
}

base::Result<std::uint32_t> Tags::find(const std::string& id) {
    if (const auto known = by_id_.find(id); known != by_id_.end()) return known->second;
    // One that the table of tags does not have is known by its number.
    auto path = source_.tags_table.empty() ? id : "number " + id;
    auto added = add(id, id.empty() ? "NULL" : std::move(path));
    if (!added) return added.error();
    return static_cast<std::uint32_t>(tags_.size() - 1);
}

base::Status Tags::add(std::string id, std::string path) {
    if (tags_.size() == kTagsMax) {
        return base::Error{base::Fault::exhausted,
                           fmt::format("there are more than {} tags: let the job read a view with "
                                       "those that are wanted",
                                       kTagsMax)};
    }
    const auto found = source_.map.find(path);
    if (!found) return found.error();
    Tag tag{.id = std::move(id), .path = std::move(path)};
    if (found.value()) {
        const auto& series = *found.value();
        const auto [known, is_new] =
            by_name_.emplace(series.name, std::pair{series_.size(), tag.path});
        if (is_new) series_.push_back(series);
        const auto& [index, other] = known->second;
        if (other != tag.path) {
            return base::Error{
                base::Fault::misconfigured,
                fmt::format("the tags \"{}\" and \"{}\" would both be the series {}: "
                            "give one of them a line of its own in the job's table "
                            "tags",
                            drivers::shown(other), drivers::shown(tag.path), series.name)};
        }
        tag.series = index;
    }
    if (!by_id_.emplace(tag.id, static_cast<std::uint32_t>(tags_.size())).second) {
        return base::Error{base::Fault::misconfigured,
                           fmt::format("{} has two rows with {} = {}: which path counts?",
                                       source_.tags_table, source_.tags_id, tag.id)};
    }
    tags_.push_back(std::move(tag));
    return base::Done{};
}

std::uint64_t Tags::selection() const {
    std::map<std::string, std::string> mapped;
    if (!source_.tags_table.empty()) {
        for (const auto& tag : tags_) {
            if (tag.series) mapped.emplace(tag.id, tag.path);
        }
    }
    auto text = source_.map.text();
    for (const auto& [id, path] : mapped) text += id + "\n" + path + "\n";
    return wire::fnv1a64(text);
}

}  // namespace imports::tables
