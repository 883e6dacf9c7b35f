#include "central/quarantine/listing.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <optional>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "central/validation/set_aside.hpp"
#include "wire/record.hpp"

namespace quarantine {

namespace {

using engine::Quarantined;
using sinks::QuarantinedLine;
using validation::SetAside;

constexpr std::size_t kReasonCharactersMax = 160;

/// "2026-11-20T08:31:00.000Z"
std::string time_text(base::EventTime at) {
    const std::chrono::sys_time<std::chrono::milliseconds> time{
        std::chrono::milliseconds{base::to_milliseconds(at)}};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const auto within = (time - day).count();
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       within / 3'600'000, within / 60'000 % 60, within / 1'000 % 60,
                       within % 1'000);
}

/// A reading, or a partial that stands for several.
struct Item {
    base::EventTime at;
    wire::Summary summary;
};

Item item_of(const wire::RawColumn& column, base::EventTime at, std::size_t place) {
    return {.at = at + base::Duration{column.dt_ms[place]},
            .summary = wire::Summary::of(column.values[place])};
}

Item item_of(const wire::PartialColumn& column, base::EventTime at, std::size_t place) {
    return {.at = at + base::Duration{column.dt_ms[place]}, .summary = column.summaries[place]};
}

/// The readings that a part means; none when the record cannot be read.
std::vector<Item> items_of(const base::Result<wire::Record>& record, const SetAside& aside) {
    std::vector<Item> items;
    const auto* data = record ? std::get_if<wire::Data>(&record.value().body) : nullptr;
    if (data == nullptr) return items;
    for (const auto& column : data->columns) {
        if (column.series != aside.series) continue;
        std::visit(
            [&](const auto& points) {
                for (const auto place : aside.places) {
                    if (place >= points.dt_ms.size()) continue;
                    items.push_back(item_of(points, aside.at, place));
                }
            },
            column.points);
    }
    return items;
}

using Visit = std::function<void(const SetAside& aside, const Item& item)>;

void for_each_item(const Quarantined& line, const Visit& visit) {
    const auto record = wire::decode_record(line.line);
    for (const auto& part : line.parts) {
        const auto aside = validation::parse_set_aside(part);
        if (!aside) continue;
        for (const auto& item : items_of(record, *aside)) visit(*aside, item);
    }
}

std::string value_text(const wire::Summary& summary) {
    if (summary.count == 1) return fmt::format("{}", summary.min);
    return fmt::format("{} readings from {} to {}", summary.count, summary.min, summary.max);
}

std::string part_text(const std::string& part) {
    return part == engine::kWholeRecord ? "all of it" : base::printable(part);
}

}  // namespace

std::string summary_of(const QuarantinedLine& line) {
    return fmt::format("{:>6}  {}  {}  record {}  {}\n", line.id, time_text(line.line.received),
                       base::printable(line.line.node), line.line.seq,
                       base::printable(line.line.reason, kReasonCharactersMax));
}

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

std::string json_of(const QuarantinedLine& quarantined) {
    const auto& line = quarantined.line;
    base::JsonWriter json;
    json.begin_object().member("id", quarantined.id).member("node", line.node);
    json.member("incarnation", wire::to_text(line.incarnation)).member("seq", line.seq);
    json.member("received", base::to_milliseconds(line.received));
    json.member("reason", base::printable(line.reason));
    json.key("parts").begin_array();
    for (const auto& part : line.parts) json.value(base::printable(part));
    json.end_array().key("set_aside").begin_array();
    for_each_item(line, [&](const SetAside& aside, const Item& item) {
        json.begin_object().member("series", aside.series);
        json.member("t", base::to_milliseconds(item.at));
        json.member("readings", item.summary.count);
        json.member("min", item.summary.min).member("max", item.summary.max);
        json.member("breaks", validation::to_text(aside.breach)).end_object();
    });
    json.end_array();
    json.member("line", base::is_utf8(line.line) ? line.line : base::printable(line.line));
    return json.end_object().take() + "\n";
}

}  // namespace quarantine
