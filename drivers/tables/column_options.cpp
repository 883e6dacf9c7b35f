#include "drivers/tables/column_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "drivers/core/names.hpp"
#include "drivers/core/units.hpp"

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

/// Not SenML's, and converted to its unit. Others that are not SenML's stay as they are written.
constexpr std::array<std::string_view, 16> kConverted{
    "degF", "fahrenheit", "Fahrenheit", "inHg", "mmHg", "psi", "atm", "bar",
    "mbar", "mb",         "kPa",        "in",   "ft",   "mi",  "mph", "kph"};

std::optional<ColumnOptions> read_column(base::Settings& columns, const std::string& column,
                                         const std::string& mapping) {
    auto parsed = parse_column(column, mapping);
    if (parsed) return std::move(parsed).value();
    columns.refuse(column, parsed.error().detail);
    return std::nullopt;
}

/// The unit of the cells, which counts for more than what the file says.
void read_written(base::Settings& table, const std::string& written, ColumnOptions& options) {
    if (written.empty()) return;
    options.written = written;
    options.heeds_header = false;
    if (conversion(written, options.unit) || written == options.unit) return;
    table.refuse("written", fmt::format("written: \"{}\" does not convert to {}", shown(written),
                                        options.unit));
}

/// column = "quantity:unit", or column = { quantity = "quantity:unit", missing = ["-999"] }.
std::optional<ColumnOptions> read_column(base::Settings& columns, const std::string& column) {
    if (!columns.is_table(column)) {
        const auto mapping = columns.optional_text(column);
        return mapping ? read_column(columns, column, *mapping) : std::nullopt;
    }
    auto table = columns.table(column);
    auto read = read_column(columns, column, table.required_text("quantity"));
    const auto missing = table.words("missing");
    const auto written = table.text("written", "");
    if (!read) return read;
    read->missing = missing;
    read_written(table, written, *read);
    return read;
}

}  // namespace

base::Result<ColumnOptions> parse_column(const std::string& column, const std::string& mapping) {
    const auto colon = mapping.find(':');
    const auto quantity = mapping.substr(0, colon);
    if (!is_name(quantity)) {
        return base::Error{base::Fault::misconfigured,
                           fmt::format("{}: \"{}\" is no quantity name; \"{}\" would be one",
                                       column, quantity, safe_name(quantity))};
    }
    const auto unit = colon == std::string::npos ? usual_unit(quantity) : mapping.substr(colon + 1);
    if (const auto trouble = unit_trouble(quantity, unit); !trouble.empty()) {
        return base::Error{base::Fault::misconfigured, fmt::format("{}: {}", column, trouble)};
    }
    ColumnOptions options{.column = column, .quantity = quantity, .unit = unit};
    options.has_usual_unit = colon == std::string::npos;
    if (std::find(kConverted.begin(), kConverted.end(), unit) == kConverted.end()) return options;
    options.written = unit;
    options.unit = clear_unit(unit).value().unit;
    return options;
}

std::vector<ColumnOptions> read_column_options(base::Settings& settings) {
    std::vector<ColumnOptions> options;
    auto columns = settings.table("columns");
    std::set<std::string> quantities;
    for (const auto& column : columns.keys()) {
        auto read = read_column(columns, column);
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

}  // namespace drivers::tables
