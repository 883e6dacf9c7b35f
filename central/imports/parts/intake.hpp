#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/imports/carrier.hpp"
#include "central/imports/packer.hpp"
#include "central/imports/parts/book.hpp"
#include "central/imports/parts/inbox.hpp"
#include "central/imports/parts/part.hpp"
#include "central/imports/untold.hpp"
#include "drivers/replay/options.hpp"

namespace imports {

struct IntakeOptions {
    InboxOptions inbox{};
    drivers::replay::Options table{};  // How the parts are written.
    PackerOptions packer{};
    bool needs_last_newline = true;  // A part whose last line has no end may be cut.
    std::optional<std::uint64_t> rows_max{};
};

/// What became of the parts, by name.
struct Account {
    std::vector<std::string> read{};                             // To their ends.
    std::vector<std::string> partly{};                           // So far as was asked for.
    std::vector<std::pair<std::string, std::string>> known{};    // And as what they were read.
    std::vector<std::pair<std::string, std::string>> refused{};  // And why.
    std::vector<std::pair<std::string, std::string>> failed{};   // To be read or moved, and why.
    std::vector<std::string> unsettled{};                        // May still be written.
    std::vector<std::string> grown{};                            // Meanwhile.
    bool has_more = false;
    std::uint64_t rows = 0;
    std::size_t series = 0;
    Tally tally{};
    std::uint64_t committed = 0;  // Readings in the outbox: they count as long as that is whole.
    Untold before{};              // By runs before.
};

/// Takes the parts in an inbox: each content once, whatever its name, from where an earlier run has
/// stopped. What it reads is committed by the carrier together with how far it has come; a part
/// moves away only when central has all of it.
class Intake {
  public:
    /// `told` hears how many bytes of all are read. `may_write` is asked before each commit, and
    /// before a part moves; its Error ends the run.
    using Told = std::function<void(std::uint64_t done, std::uint64_t total)>;
    using MayWrite = std::function<base::Status()>;
    Intake(const IntakeOptions& options, const base::Clock& clock, Told told, MayWrite may_write);

    /// Takes what is ready. The account counts also when it fails: what was committed stays so.
    base::Status take(Carrier& carrier, base::EventTime now);

    /// After take(), when its account is about to be told: the next run begins a new one. Does
    /// nothing when a part was refused or could not be moved, as then the run has failed.
    base::Status end_account(Carrier& carrier);

    /// Reads what is ready, and does nothing with it; `book` is what earlier runs have noted.
    base::Status rehearse(Book book, base::EventTime now);

    const Account& account() const { return account_; }

  private:
    base::Status load(const Carrier& carrier);
    base::Status look(base::EventTime now);
    base::Status take_all(Carrier* carrier);
    std::uint64_t rows_max() const;
    base::Status examine(std::size_t file);
    struct Start {
        std::optional<Book::Place> place{};
        bool is_free = false;  // No other file goes on there.
        bool is_late = false;  // Another file has to come first, in another run.
    };
    base::Result<Start> start_of(std::size_t file, const std::vector<Book::Place>& places) const;
    bool is_beginning_taken(std::size_t file) const;
    void end_others(const Found& found, const Start& start);
    std::optional<std::string> objection(const Found& found, bool is_known,
                                         bool has_last_newline) const;
    base::Status check_any_readable();
    base::Status move_refused(Carrier* carrier);
    base::Status read_all(Carrier* carrier);
    std::unique_ptr<Part> open(const Readable& readable);
    base::Status read(Part& part, base::EventTime until);
    void note_failed(const std::string& name, const base::Error& why);
    base::Status commit(Carrier* carrier);
    base::Status put_away(const Found& found);

    const IntakeOptions& options_;
    const base::Clock& clock_;
    Told told_;
    MayWrite may_write_;

    Inbox inbox_;
    Book book_;
    Packer packer_;
    std::vector<Found> ready_;                          // By name.
    std::vector<bool> is_done_;                         // Of these: nothing more to do.
    std::vector<std::vector<std::size_t>> beginnings_;  // See beginnings_of().
    std::vector<Readable> readable_;                    // Of those that are examined.
    std::size_t moved_ = 0;                             // Of those that are refused.
    std::vector<Found> whole_;                          // Central has them, once all is settled.
    std::uint64_t bytes_ = 0;                           // Read, of all.
    std::uint64_t bytes_total_ = 0;
    Account account_;
};

/// What was read, and what was odd, in sentences.
std::string sentence_of(const Account& account, const std::string& folder);

/// What a person must look at; empty when there is nothing.
std::string trouble_of(const Account& account);

}  // namespace imports
