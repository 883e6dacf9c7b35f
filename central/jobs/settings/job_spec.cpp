#include "central/jobs/settings/job_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>
#include <utility>

namespace jobs {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kNameBytesMax = 64;
constexpr const char* kNamed =
    "each job is a table with a name of its own: write [job.nightly], and its keys below";

/// It is part of a file's name, and a word of a command.
bool is_job_name(const std::string& name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !name.empty() && name.size() <= kNameBytesMax && name.front() != '-' &&
           std::all_of(name.begin(), name.end(), allowed);
}

std::optional<Schedule> read_schedule(base::Settings& table) {
    const auto zone = drivers::tables::TimeZone::find(table.text("every_zone", "UTC"));
    if (!zone) {
        table.refuse("every_zone", table.full_name("every_zone") + ": " + zone.error().detail);
    }
    const auto text = table.optional_text("every");
    if (!text || !zone) return std::nullopt;
    auto schedule = Schedule::parse(*text, zone.value());
    if (schedule) return std::move(schedule).value();
    table.refuse("every", table.full_name("every") + ": " + schedule.error().detail);
    return std::nullopt;
}

bool expect_kind(base::Settings& table, const std::string& kind) {
    if (std::find(kinds().begin(), kinds().end(), kind) != kinds().end()) return true;
    if (!table.has("kind")) return false;  // That it is missing is said already.
    const auto near = base::nearest_word(kind, kinds());
    table.refuse("kind", fmt::format("{}: \"{}\" is no kind of job; there are {}{}",
                                     table.full_name("kind"), kind, fmt::join(kinds(), ", "),
                                     near ? "; did you mean " + *near + "?" : ""));
    return false;
}

/// Two jobs that send as one node would each take the other for a copy of it, and would mix what
/// they have taken in one outbox.
void check_own(std::vector<JobSpec>& specs, const std::string& key) {
    std::map<std::string, std::string> owners;
    for (auto& spec : specs) {
        const auto value = spec.keys.written(key);
        if (value.empty()) continue;
        const auto [owner, is_first] = owners.try_emplace(value, spec.name);
        if (is_first) continue;
        spec.keys.refuse(key,
                         fmt::format("{}: {} has this {} already; give each job one of its own",
                                     spec.keys.full_name(key), owner->second, key));
    }
}

/// Two jobs that write under the same names would remove each other's files.
void check_places(std::vector<JobSpec>& specs) {
    std::map<std::tuple<std::string, std::string, std::string>, std::string> owners;
    for (auto& spec : specs) {
        const std::filesystem::path folder = spec.keys.written("folder");
        if (folder.empty()) continue;
        const auto prefix = spec.keys.text("prefix", kPrefix);
        // With a slash at its end it is the same folder.
        const std::tuple place{spec.kind, (folder / "").lexically_normal().string(), prefix};
        const auto [owner, is_first] = owners.try_emplace(place, spec.name);
        if (is_first) continue;
        spec.keys.refuse("folder",
                         fmt::format("{}: {} writes there, too, under the same names; give one of "
                                     "them another folder, or a prefix of its own",
                                     spec.keys.full_name("folder"), owner->second));
    }
}

}  // namespace

std::vector<JobSpec> read_jobs(base::Settings& file, const Place& place) {
    if (file.has("job") && !file.is_table("job")) {
        file.advise("job", fmt::format("{}, not [[job]]", kNamed));
        return {};
    }
    auto settings = file.table("job");
    std::vector<JobSpec> specs;
    for (const auto& name : settings.keys()) {
        if (!is_job_name(name)) {
            settings.advise(name, "a job's name has small letters, digits, - and _ only");
            continue;
        }
        if (!settings.is_table(name)) {
            settings.advise(name, kNamed);
            continue;
        }
        auto table = settings.table(name);
        JobSpec spec{.name = name, .kind = table.required_text("kind"), .keys = table};
        spec.schedule = read_schedule(table);
        spec.retries = static_cast<std::uint64_t>(table.integer("retries", 0, 0, 100));
        spec.retry_after = table.duration("retry_after", spec.retry_after, 1min, 24h);
        spec.time_max = table.duration("time_max", spec.time_max, 1min, 31 * 24h);
        spec.alert = table.boolean("alert", spec.alert);
        if (!expect_kind(table, spec.kind)) continue;
        if (auto made = Keys::make(table, {})) {
            auto keys = std::move(made).value();
            make_job(spec.kind, keys, place);
        }
        specs.push_back(std::move(spec));
    }
    check_places(specs);
    check_own(specs, "node");
    check_own(specs, "outbox");
    return specs;
}

}  // namespace jobs
