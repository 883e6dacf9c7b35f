#include "drivers/tables/time_zone.hpp"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "drivers/core/names.hpp"

namespace drivers::tables {

namespace {

constexpr const char* kDatabase = "/usr/share/zoneinfo";

/// "+01:00" or "-0330".
std::optional<std::chrono::minutes> fixed_distance(std::string_view text) {
    if (!text.starts_with('+') && !text.starts_with('-')) return std::nullopt;
    std::string digits{text.substr(1)};
    if (digits.size() == 5 && digits[2] == ':') digits.erase(2, 1);
    const bool numbers =
        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits.size() != 4 || !numbers) return std::nullopt;
    const int hours = std::stoi(digits.substr(0, 2));
    const int rest = std::stoi(digits.substr(2));
    if (hours > 14 || rest > 59) return std::nullopt;
    return std::chrono::minutes{(text.front() == '-' ? -1 : 1) * (hours * 60 + rest)};
}

/// A path, or one of the library's own words, is no name of a zone.
bool is_zone_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '/' || c == '_' || c == '-' || c == '+';
    };
    return !name.empty() && !name.starts_with('/') && !name.starts_with("Fixed/") &&
           std::all_of(name.begin(), name.end(), allowed);
}

base::Error unknown(const std::string& name) {
    std::error_code error;
    const bool has_database = std::filesystem::exists(kDatabase, error);
    return {base::Fault::misconfigured,
            has_database
                ? fmt::format("\"{}\" is no time zone; write a name like \"Europe/Berlin\" "
                              "(timedatectl list-timezones shows them), \"+01:00\" or \"UTC\"",
                              shown(name))
                : fmt::format("\"{}\" cannot be looked up: this machine has no time zone "
                              "database; install the package tzdata",
                              shown(name))};
}

}  // namespace

base::Result<TimeZone> TimeZone::find(const std::string& name) {
    TimeZone found;
    found.name_ = name;
    if (name == "UTC" || name == "Z") return found;
    if (const auto fixed = fixed_distance(name)) {
        found.fixed_ = *fixed;
        return found;
    }
    cctz::time_zone zone;
    if (!is_zone_name(name) || !cctz::load_time_zone(name, &zone)) return unknown(name);
    found.zone_ = std::make_shared<const cctz::time_zone>(zone);
    return found;
}

bool TimeZone::is_same(const TimeZone& other) const {
    if (zone_ || other.zone_) return name_ == other.name_;
    return fixed_ == other.fixed_;
}

Instants TimeZone::instants_of(base::EventTime local) const {
    if (!zone_) return {.first = local - fixed_, .second = std::nullopt};
    const auto whole = std::chrono::floor<std::chrono::seconds>(local);
    const auto rest = local - whole;
    const auto civil = cctz::convert(whole, cctz::utc_time_zone());
    const auto found = zone_->lookup(civil);
    const auto instant = [&](const cctz::time_point<cctz::seconds>& point) {
        return base::EventTime{
            std::chrono::duration_cast<base::Duration>(point.time_since_epoch()) + rest};
    };
    switch (found.kind) {
        case cctz::time_zone::civil_lookup::UNIQUE:
            return {.first = instant(found.pre), .second = std::nullopt};
        case cctz::time_zone::civil_lookup::REPEATED:
            return {.first = instant(found.pre), .second = instant(found.post)};
        case cctz::time_zone::civil_lookup::SKIPPED:
            break;
    }
    return {};
}

base::EventTime TimeZone::instant_of(base::EventTime local) const {
    constexpr std::chrono::minutes kStep{30};
    for (auto at = local; at - local < std::chrono::days{1}; at += kStep) {
        if (const auto found = instants_of(at).first) return *found;
    }
    return local;
}

base::EventTime TimeZone::local_of(base::EventTime instant) const {
    if (!zone_) return instant + fixed_;
    const auto whole = std::chrono::floor<std::chrono::seconds>(instant);
    return instant + std::chrono::seconds{zone_->lookup(whole).offset};
}

}  // namespace drivers::tables
