#pragma once

#include <array>
#include <map>
#include <string>

#include "base/counters.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/outcome.hpp"
#include "central/sinks/sink.hpp"

namespace central {

/// The pipeline's counters, leat_central_*. Counts what was committed: a step that failed and is
/// repeated counts once.
class Meters {
  public:
    explicit Meters(base::Counters& counters);

    /// The figures of one step, held back until it is committed.
    struct Step {
        std::uint64_t entries = 0;
        std::uint64_t records = 0;
        std::uint64_t duplicates = 0;
        std::uint64_t forked_duplicates = 0;
        std::uint64_t suspects = 0;
        std::uint64_t conflicts = 0;
        std::uint64_t lost = 0;
        std::uint64_t skipped = 0;
        std::uint64_t retaken = 0;
        engine::Outcome outcome;  // Sums; `refused` is not used.
        std::array<std::uint64_t, engine::kRefusalKinds> refused{};

        void add(const engine::Outcome& one);
    };

    void add_commit(const Step& step, const sinks::Committed& committed, std::size_t rows);

    /// A gauge for each of the first thousand nodes. More would only burden the scraper.
    void set_watermark(const std::string& node, base::EventTime at);

    base::Counter& holes;
    base::Counter& rescans;
    base::Counter& rewinds;
    base::Counter& forgotten;
    base::Counter& source_errors;
    base::Counter& sink_errors;

  private:
    void add_reasons(base::Counters& counters);

    base::Counters& counters_;
    base::Counter& entries_;
    base::Counter& records_;
    base::Counter& readings_;
    base::Counter& duplicates_;
    base::Counter& forked_duplicates_;
    base::Counter& suspects_;
    base::Counter& conflicts_;
    base::Counter& late_;
    base::Counter& future_;
    base::Counter& coarse_;
    base::Counter& outdated_;
    base::Counter& crowded_;
    base::Counter& failed_;
    base::Counter& homeless_;
    base::Counter& faults_;
    base::Counter& waiting_;
    base::Counter& placed_;
    base::Counter& retaken_;
    base::Counter& lost_;
    base::Counter& skipped_;
    base::Counter& commits_;
    base::Counter& rows_;
    base::Counter& findings_dropped_;
    base::Counter& gaps_dropped_;
    base::Counter& statements_dropped_;
    std::array<base::Counter*, engine::kRefusalKinds> refused_{};
    std::map<std::string, base::Counter*> dropped_;  // By the reason.
    std::array<base::Counter*, validation::kBreaches> set_aside_{};
    std::map<std::string, base::Counter*> watermarks_;
};

}  // namespace central
