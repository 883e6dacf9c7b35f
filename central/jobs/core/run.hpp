#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace jobs {

enum class RunStatus {
    running,
    ok,
    failed,
    interrupted,  // Its process died before it could say more.
};

std::string_view to_text(RunStatus status);
std::optional<RunStatus> parse_run_status(std::string_view text);

/// One run of a job, from its start on: a row of etl_log.
struct Run {
    std::int64_t id = 0;  // Given by the journal.
    std::string job{};    // Its name in the configuration.
    std::string kind{};   // "backup"
    RunStatus status = RunStatus::running;
    base::EventTime started{};
    std::optional<base::EventTime> ended{};
    bool is_whole = true;       // It was asked for all that the job is for, as configured.
    bool is_scheduled = false;  // Else a person, or another program, started it.
    std::uint64_t records = 0;  // What it worked on, by its kind: readings, windows.
    std::string read{};         // From where, for people.
    std::string wrote{};        // To where.
    std::string error{};        // Why it failed.
    std::string remedy{};       // What to do about it.

    friend bool operator==(const Run&, const Run&) = default;
};

}  // namespace jobs
