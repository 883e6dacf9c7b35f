#include "drivers/host/host.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "base/log.hpp"
#include "drivers/core/names.hpp"
#include "drivers/host/thermometers.hpp"
#include "drivers/host/vitals.hpp"

namespace drivers::host {

namespace {

constexpr std::size_t kDisksMax = 16;
constexpr std::size_t kTemperaturesMax = 40;
constexpr std::size_t kPendingMax = 4 * (kDisksMax + kTemperaturesMax);

std::string below(const std::string& root, const std::string& path) {
    return (std::filesystem::path(root) / std::filesystem::path(path).relative_path()).string();
}

base::Error misconfigured(std::string detail) {
    return {base::Fault::misconfigured, std::move(detail)};
}

Options read_options(base::Settings& settings) {
    Options options;
    options.root = settings.text("root", options.root);
    options.disks = settings.texts("disks", options.disks);
    options.temperatures = settings.boolean("temperatures", options.temperatures);
    if (options.disks.size() > kDisksMax) {
        settings.refuse("disks", fmt::format("disks: at most {} mount points", kDisksMax));
        options.disks.resize(kDisksMax);
    }
    for (const auto& disk : options.disks) {
        if (disk.starts_with('/')) continue;
        settings.refuse("disks", fmt::format("disks: \"{}\" must begin with /", disk));
    }
    return options;
}

/// Reads a file and parses its content.
template <class Parse>
auto reader(std::string path, Parse parse) {
    return [path = std::move(path), parse]() -> base::Result<double> {
        const auto content = read_small_file(path);
        if (!content) return content.error();
        return parse(content.value());
    };
}

Quantity share(std::string name, std::string kind, std::optional<double> most) {
    return {.name = std::move(name),
            .kind = std::move(kind),
            .unit = "/",
            .least = 0,
            .most = most,
            .resolution = std::nullopt};
}

}  // namespace

base::Result<std::unique_ptr<drivers::Driver>> Driver::open(const Options& options) {
    const auto stat = read_small_file(below(options.root, "/proc/stat"));
    if (!stat) {
        return misconfigured(
            fmt::format("{}: {}", below(options.root, "/proc/stat"), stat.error().detail));
    }
    for (const auto& disk : options.disks) {
        if (const auto used = disk_used(below(options.root, disk)); !used) {
            return misconfigured(fmt::format("disks: {}: {}", disk, used.error().detail));
        }
    }
    const auto processors = std::max<std::size_t>(count_processors(stat.value()), 1);
    return std::unique_ptr<drivers::Driver>(new Driver(options, processors));
}

Driver::Driver(const Options& options, std::size_t processors) : pending_(kPendingMax) {
    add(share("load_1m", "load", std::nullopt),
        reader(below(options.root, "/proc/loadavg"),
               [processors](std::string_view text) -> base::Result<double> {
                   const auto load = parse_load(text);
                   if (!load) return load.error();
                   return load.value() / static_cast<double>(processors);
               }));
    add(share("memory_used", "memory_used", 1),
        reader(below(options.root, "/proc/meminfo"), parse_memory_used));
    add_disks(options);
    if (options.temperatures) add_temperatures(options.root);
}

void Driver::add(Quantity quantity, Read read) {
    quantities_.push_back(std::move(quantity));
    reads_.push_back(std::move(read));
}

void Driver::add_disks(const Options& options) {
    UniqueNames names;
    for (const auto& disk : options.disks) {
        add(share(names.add(disk == "/" ? "disk_used" : "disk_used" + disk), "disk_used", 1),
            [path = below(options.root, disk)] { return disk_used(path); });
    }
}

void Driver::add_temperatures(const std::string& root) {
    auto thermometers = find_thermometers(root);
    if (thermometers.size() > kTemperaturesMax) {
        base::log_warn("too many thermometers",
                       {{"found", thermometers.size()}, {"used", kTemperaturesMax}});
        thermometers.resize(kTemperaturesMax);
    }
    UniqueNames names;
    for (const auto& thermometer : thermometers) {
        add({.name = names.add("temperature_" + thermometer.name),
             .kind = "temperature",
             .unit = "Cel",
             .least = std::nullopt,
             .most = std::nullopt,
             .resolution = 0.001},
            reader(thermometer.path, parse_millidegrees));
    }
}

void Driver::trigger(base::Instant now) {
    for (std::size_t i = 0; i < reads_.size(); ++i) {
        if (const auto value = reads_[i]()) {
            pending_.add(Measurement{.quantity = i,
                                     .value = std::round(value.value() * 1e4) / 1e4,
                                     .taken = now,
                                     .source_time = std::nullopt});
        } else {
            pending_.add(
                Failure{.reason = fmt::format("{}: {}", quantities_[i].name, value.error().detail),
                        .taken = now,
                        .edges_us = {},
                        .quantities = {i},
                        .cause = "cannot be read"});
        }
    }
}

Harvest Driver::collect(base::Instant now, std::size_t measurements_max) {
    return pending_.take(now, measurements_max);
}

DriverKind kind() {
    return {.name = "host",
            .sentence = "This machine's load, memory, disks and temperatures",
            .sample = {},
            .default_period = std::chrono::seconds{10},
            .make = [](base::Settings& settings,
                       const Surroundings&) { return Driver::open(read_options(settings)); },
            .read_settings = [](base::Settings& settings) { read_options(settings); }};
}

}  // namespace drivers::host
