#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/engine_options.hpp"
#include "central/sinks/access/address.hpp"

namespace sinks {

struct SinkOptions {
    /// Where the database is.
    Address path;

    /// SQLite's name of the file system; empty: the machine's.
    std::string vfs{};

    /// On a server: how long another connection's hold may keep a central out before it is refused.
    /// One that died is let go after 30 s (lib/postgres/link.cpp). 0: at once.
    base::Duration hold_patience{};

    /// On a server: whether a statement may take hours, as a person waits for it.
    bool is_patient = false;

    /// The engine's spans: one table each, rollup_1m, rollup_1h …
    std::vector<base::Duration> spans = engine::EngineOptions{}.spans;

    /// Lines kept in quarantine; when there are more, the oldest of the reason that has most are
    /// dropped and counted.
    std::uint64_t quarantine_max = 10'000;

    /// Findings kept, newest first, beside those that are open; older ones are dropped and counted.
    std::uint64_t findings_max = 100'000;

    /// Of which quantities single readings are kept, in words that are the same whenever these are;
    /// empty: it is not known.
    std::string singles{};

    /// Gaps kept of each node, newest first; older ones are dropped and counted.
    std::uint64_t gaps_max = 10'000;
};

}  // namespace sinks
