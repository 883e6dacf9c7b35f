#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/imports/carrier.hpp"
#include "central/imports/packer.hpp"
#include "central/imports/tables/memory.hpp"
#include "central/imports/tables/partition_reader.hpp"
#include "central/imports/tables/plan.hpp"
#include "central/imports/tables/source.hpp"
#include "central/imports/tables/tags.hpp"
#include "central/imports/untold.hpp"

namespace imports::tables {

struct TableOptions {
    Source source;
    PackerOptions packer{};
    std::size_t parallel = 2;  // Connections that read.

    /// Rows that are younger may still be followed by others of their time: they wait.
    base::Duration settle = std::chrono::minutes{5};
    /// So long after an hour its rows are remembered one by one, so that late ones count.
    base::Duration late = std::chrono::hours{24};
    /// So far before the last run it looks whether there are other rows than were taken.
    base::Duration look_back = std::chrono::hours{7 * 24};

    // Of a run:
    std::optional<base::EventTime> from{};
    std::optional<base::EventTime> to{};
    std::optional<std::uint64_t> rows_max{};
    bool is_whole = true;  // Neither of these, and nothing else was said for it.
};

/// What became of the rows.
struct TableAccount {
    Seen seen{};
    std::string server{};
    std::vector<std::string> strange{};  // Paths that are mapped, and that no tag has.
    std::uint64_t rows = 0;              // Taken.
    std::uint64_t known = 0;             // Taken before,
    std::uint64_t conflicts = 0;         // and those that hold something else now.
    std::vector<std::string> conflict_examples{};
    std::uint64_t nothing = 0;  // Of the rows taken: NULL.
    bool is_limited = false;    // By rows_max.
    std::size_t series = 0;
    Tally tally{};
    std::uint64_t committed = 0;  // Readings in the outbox: they count as long as that is whole.
    Untold before{};              // By runs before.
};

/// Takes rows of monthly tables of another database, each once, whatever ended the run before. What
/// it takes is committed by the carrier together with the memory of it.
class TableIntake {
  public:
    /// `told` hears how many days of all are done; `check_series` refuses too many series;
    /// `may_write` is asked before each commit.
    using Told = std::function<void(std::uint64_t done, std::uint64_t total)>;
    using CheckSeries = std::function<base::Status(std::size_t series)>;
    using MayWrite = std::function<base::Status()>;
    TableIntake(const TableOptions& options, Told told, CheckSeries check_series,
                MayWrite may_write);

    /// Takes what is there, and waits until central has it. The account counts also when it fails:
    /// what was committed stays so.
    base::Status take(Carrier& carrier, base::EventTime now);

    /// Reads what is there, and does nothing with it.
    base::Status rehearse(Memory::Load load, base::EventTime now);

    const TableAccount& account() const { return account_; }

  private:
    struct Pending {
        Step step;
        std::size_t partitions = 0;
    };
    struct Reading;

    base::Status read_all(Memory memory, Carrier* carrier, base::EventTime now);
    base::Status read_steps(Reading& reading);
    base::Status ask(Reading& reading);
    base::Result<std::vector<Row>> collect(Reading& reading, const Pending& pending) const;
    base::Status accept(Reading& reading, const Step& step, const std::vector<Row>& rows);
    base::Status accept(Reading& reading, const Step& step, const Row& row);
    base::Status finish_hours(Reading& reading, const Step& step) const;
    void add(const Reading& reading, const Row& row);
    void note_conflict(const Reading& reading, const Step& step, const Row& row);
    void pack(const Reading& reading, const std::string& table);
    base::Status commit(Reading& reading);

    const TableOptions& options_;
    Told told_;
    CheckSeries check_series_;
    MayWrite may_write_;
    Packer packer_;
    std::vector<drivers::Quantity> quantities_;  // Of the series.
    SeriesIndex index_;
    drivers::Harvest harvest_;
    TableAccount account_;
};

/// What was read, and what was odd, in sentences.
std::string sentence_of(const TableAccount& account);

}  // namespace imports::tables
