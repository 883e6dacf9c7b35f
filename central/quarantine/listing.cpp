#include "central/quarantine/listing.hpp"

#include <fmt/format.h>

#include <functional>
#include <optional>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "central/quarantine/items.hpp"
#include "central/shell/table/render.hpp"
#include "central/text/rfc3339.hpp"
#include "central/validation/set_aside.hpp"
#include "wire/record.hpp"

namespace quarantine {

namespace {

using engine::Quarantined;
using sinks::QuarantinedLine;
using validation::SetAside;

constexpr std::size_t kReasonCharactersMax = 160;

std::string time_text(base::EventTime at) {
    return text::rfc3339(at, {});
}

std::string value_text(const wire::Summary& summary) {
    if (summary.count == 1) return fmt::format("{}", summary.min);
    return fmt::format("{} readings from {} to {}", summary.count, summary.min, summary.max);
}

std::string part_text(const std::string& part) {
    return part == engine::kWholeRecord ? "all of it" : base::printable(part);
}

std::vector<shell::Column> columns() {
    return {
        {.name = "id", .title = "number"},  {.name = "received", .title = "received"},
        {.name = "node", .title = "node"},  {.name = "incarnation", .title = {}},
        {.name = "seq", .title = "record"}, {.name = "reason", .title = "reason", .is_prose = true},
        {.name = "parts", .title = {}},     {.name = "set_aside", .title = {}},
        {.name = "line", .title = {}}};
}

void write_texts(base::JsonWriter& json, const std::vector<std::string>& texts) {
    json.begin_array();
    for (const auto& text : texts) json.value(base::printable(text));
    json.end_array();
}

void write_set_aside(base::JsonWriter& json, const Quarantined& line) {
    json.begin_array();
    for_each_item(line, [&](const SetAside& aside, const Item& item) {
        json.begin_object().member("series", aside.series);
        json.member("t", base::to_milliseconds(item.at));
        json.member("readings", item.summary.count);
        json.member("min", item.summary.min).member("max", item.summary.max);
        json.member("breaks", validation::to_text(aside.breach)).end_object();
    });
    json.end_array();
}

/// For spreadsheets, as the JSON has objects.
std::string set_aside_text(const Quarantined& line) {
    std::vector<std::string> texts;
    for_each_item(line, [&](const SetAside& aside, const Item& item) {
        texts.push_back(
            fmt::format("{} {} {}", aside.series, time_text(item.at), value_text(item.summary)));
    });
    return fmt::format("{}", fmt::join(texts, "; "));
}

shell::Row row_of(const QuarantinedLine& quarantined) {
    const auto& line = quarantined.line;
    auto parts = shell::with_json(fmt::format("{}", fmt::join(line.parts, "; ")),
                                  [all = line.parts](auto& json) { write_texts(json, all); });
    auto aside =
        shell::with_json(set_aside_text(line), [line](auto& json) { write_set_aside(json, line); });
    return {static_cast<std::uint64_t>(quarantined.id),
            line.received,
            line.node,
            wire::to_text(line.incarnation),
            line.seq,
            shell::shown_as(line.reason, base::printable(line.reason, kReasonCharactersMax)),
            std::move(parts),
            std::move(aside),
            base::is_utf8(line.line) ? line.line : base::printable(line.line)};
}

}  // namespace

std::string details_of(const QuarantinedLine& quarantined) {
    const auto& [node, incarnation, seq, text, reason, received, parts] = quarantined.line;
    auto out = fmt::format(
        "number    {}\nnode      {}\nrecord    {} of incarnation {}\nreceived  {}\nreason    {}\n",
        quarantined.id, base::printable(node), seq, wire::to_text(incarnation), time_text(received),
        base::printable(reason));
    if (parts.empty()) out += "          it never counts\n";
    for (const auto& part : parts) {
        if (!validation::parse_set_aside(part)) out += "not counted  " + part_text(part) + "\n";
    }
    for_each_item(quarantined.line, [&](const SetAside& aside, const Item& item) {
        out += fmt::format("set aside {}  {}  {}, by its {}\n", aside.series, time_text(item.at),
                           value_text(item.summary), validation::to_text(aside.breach));
    });
    return out + "line      " + base::printable(text) + "\n";
}

shell::Table table_of(const std::vector<QuarantinedLine>& lines) {
    shell::Table table{.columns = columns()};
    for (const auto& line : lines) table.rows.push_back(row_of(line));
    return table;
}

std::string json_of(const QuarantinedLine& line) {
    return shell::json_row(columns(), row_of(line));
}

}  // namespace quarantine
