#include "drivers/tables/column_options.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <set>

#include "drivers/core/names.hpp"

namespace drivers::tables {

namespace {

constexpr std::size_t kColumnsMax = 64;

struct UsualUnit {
    std::string_view quantity;
    std::string_view unit;
};

/// The unit of a quantity when the mapping names none. SenML: RFC 8428 §12.1, RFC 8798.
constexpr std::array<UsualUnit, 8> kUsualUnits{{{"temperature", "Cel"},
                                                {"humidity", "%RH"},
                                                {"distance", "m"},
                                                {"pressure", "Pa"},
                                                {"light", "lx"},
                                                {"co2", "ppm"},
                                                {"voltage", "V"},
                                                {"power", "W"}}};

std::string usual_unit(std::string_view quantity) {
    for (const auto& usual : kUsualUnits) {
        if (usual.quantity == quantity) return std::string{usual.unit};
    }
    return "/";
}

/// "quantity" or "quantity:unit".
std::optional<ColumnOptions> read_column(base::Settings& columns, const std::string& column,
                                         const std::string& mapping) {
    const auto colon = mapping.find(':');
    const auto quantity = mapping.substr(0, colon);
    if (!is_name(quantity)) {
        columns.refuse(column, fmt::format("{}: \"{}\" is no quantity name; \"{}\" would be one",
                                           column, quantity, safe_name(quantity)));
        return std::nullopt;
    }
    const auto unit = colon == std::string::npos ? usual_unit(quantity) : mapping.substr(colon + 1);
    if (const auto trouble = unit_trouble(quantity, unit); !trouble.empty()) {
        columns.refuse(column, fmt::format("{}: {}", column, trouble));
        return std::nullopt;
    }
    return ColumnOptions{.column = column, .quantity = quantity, .unit = unit};
}

}  // namespace

std::vector<ColumnOptions> read_column_options(base::Settings& settings) {
    std::vector<ColumnOptions> options;
    auto columns = settings.table("columns");
    std::set<std::string> quantities;
    for (const auto& [column, mapping] : columns.pairs()) {
        auto read = read_column(columns, column, mapping);
        if (!read) continue;
        if (!quantities.insert(read->quantity).second) {
            columns.refuse(column,
                           fmt::format("{}: another column is {} already", column, read->quantity));
            continue;
        }
        options.push_back(std::move(*read));
    }
    if (columns.keys().empty()) {
        settings.refuse({},
                        "columns: name at least one, as in [sensor.columns] "
                        "Temperature = \"temperature:Cel\"");
    }
    if (options.size() > kColumnsMax) {
        settings.refuse("columns", fmt::format("columns: at most {}", kColumnsMax));
        options.resize(kColumnsMax);
    }
    return options;
}

TimeFormat read_time_format(base::Settings& settings) {
    auto format = TimeFormat::parse(settings.text("time_format", "rfc3339"));
    if (format) return std::move(format).value();
    settings.refuse("time_format", "time_format: " + format.error().detail);
    return TimeFormat::parse("rfc3339").value();
}

char read_separator(base::Settings& settings) {
    const auto text = settings.text("separator", ",");
    if (text.size() == 1 && text != "\"" && text != "\n" && text != "\r") return text.front();
    settings.refuse("separator", "separator must be one character, and no quote or newline");
    return ',';
}

std::vector<Quantity> quantities_of(const std::vector<ColumnOptions>& columns) {
    std::vector<Quantity> quantities;
    for (const auto& column : columns) {
        quantities.push_back({.name = column.quantity,
                              .kind = column.quantity,
                              .unit = column.unit,
                              .least = std::nullopt,
                              .most = std::nullopt,
                              .resolution = std::nullopt});
    }
    return quantities;
}

}  // namespace drivers::tables
