#include "drivers/replay/options.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <set>

#include "drivers/names.hpp"

namespace drivers {

namespace {

constexpr std::size_t kColumnsMax = 64;
constexpr double kSpeedMost = 1e6;

struct UsualUnit {
    std::string_view quantity;
    std::string_view unit;
};

/// What a quantity is measured in when the mapping names no unit. SenML: RFC 8428 §12.1, RFC 8798.
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

/// "max" or "3600x".
void read_speed(base::Settings& settings, ReplayOptions& options) {
    const auto text = settings.text("speed", "max");
    if (text == "max") return;
    double speed = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, speed);
    const bool well_formed = parsed.ec == std::errc{} && std::string_view(parsed.ptr) == "x";
    if (!well_formed || !(speed > 0) || speed > kSpeedMost) {
        settings.refuse("speed", fmt::format("speed = \"{}\" is not understood; write \"max\", "
                                             "\"1x\" or \"3600x\"",
                                             text));
        return;
    }
    options.speed = speed;
}

void read_separator(base::Settings& settings, ReplayOptions& options) {
    const auto text = settings.text("separator", ",");
    if (text.size() == 1 && text != "\"" && text != "\n" && text != "\r") {
        options.separator = text.front();
        return;
    }
    settings.refuse("separator", "separator must be one character, and no quote or newline");
}

void read_time(base::Settings& settings, ReplayOptions& options) {
    options.time_column = settings.required_text("time_column");
    auto format = TimeFormat::parse(settings.text("time_format", "rfc3339"));
    if (format) {
        options.time_format = std::move(format).value();
    } else {
        settings.refuse("time_format", "time_format: " + format.error().detail);
    }
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
    if (unit.empty() || shown(unit) != unit) {
        columns.refuse(column, fmt::format("{}: there is no unit after the colon", column));
        return std::nullopt;
    }
    return ColumnOptions{.column = column, .quantity = quantity, .unit = unit};
}

void read_columns(base::Settings& settings, ReplayOptions& options) {
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
        options.columns.push_back(std::move(*read));
    }
    if (columns.keys().empty()) {
        settings.refuse({},
                        "columns: name at least one, as in [sensor.columns] "
                        "Temperature = \"temperature:Cel\"");
    }
    if (options.columns.size() > kColumnsMax) {
        settings.refuse("columns", fmt::format("columns: at most {}", kColumnsMax));
        options.columns.resize(kColumnsMax);
    }
}

}  // namespace

ReplayOptions read_replay_options(base::Settings& settings) {
    ReplayOptions options;
    options.file = settings.required_text("file");
    options.loop = settings.boolean("loop", options.loop);
    options.header = settings.boolean("header", options.header);
    options.edition = settings.integer("edition", options.edition, 0, 1'000'000'000);
    read_speed(settings, options);
    read_separator(settings, options);
    read_time(settings, options);
    read_columns(settings, options);
    return options;
}

}  // namespace drivers
