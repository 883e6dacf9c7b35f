#include "central/quarantine/items.hpp"

#include <variant>
#include <vector>

#include "wire/record.hpp"

namespace quarantine {

namespace {

using validation::SetAside;

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

}  // namespace

void for_each_item(const engine::Quarantined& line, const Visit& visit) {
    const auto record = wire::decode_record(line.line);
    for (const auto& part : line.parts) {
        const auto aside = validation::parse_set_aside(part);
        if (!aside) continue;
        for (const auto& item : items_of(record, *aside)) visit(*aside, item);
    }
}

}  // namespace quarantine
