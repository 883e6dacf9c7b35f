#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/imports/packer.hpp"
#include "central/imports/parts/book.hpp"
#include "central/imports/parts/inbox.hpp"
#include "drivers/replay/options.hpp"
#include "drivers/replay/replay.hpp"

namespace imports {

/// A part that can be read, and has not been read to its end.
struct Readable {
    Found found;
    base::EventTime first{};                          // The first time in it.
    std::optional<drivers::replay::Position> from{};  // Behind what counts already of it.
    std::optional<Book::Place> place{};               // Where it is noted; else it gets its own.
};

/// A part while it is read.
class Part {
  public:
    /// Goes on behind what counts already, and reads no further than the file was found. Errors as
    /// those of drivers::replay::Driver::open.
    static base::Result<std::unique_ptr<Part>> open(const drivers::replay::Options& options,
                                                    const std::string& path,
                                                    const Readable& readable);

    const std::string& name() const { return readable_.found.name; }
    const Found& found() const { return readable_.found; }

    /// The time of the row that comes next; nothing while that is not known.
    std::optional<base::EventTime> head() const { return driver_->waiting(); }
    bool is_finished() const { return is_finished_; }

    /// Rows of before `until`, in about `readings_max` readings, and notes in the book how far it
    /// has come: from its first row on, as files that have only their header in common have nothing
    /// in common. Transient when the file cannot be read; exhausted when the book is full.
    base::Result<drivers::Harvest> read(base::EventTime until, std::size_t readings_max,
                                        base::Instant now, Book& book);

    const std::vector<drivers::Quantity>& quantities() const { return driver_->quantities(); }
    SeriesIndex& index() { return index_; }

    /// Of the file, read so far: also by earlier runs.
    std::uint64_t rows() const { return driver_->position().row; }
    std::uint64_t bytes() const { return driver_->position().offset; }

  private:
    Part(Readable readable, std::unique_ptr<drivers::replay::Driver> driver)
        : readable_(std::move(readable)), driver_(std::move(driver)) {}

    Readable readable_;
    std::unique_ptr<drivers::replay::Driver> driver_;
    SeriesIndex index_;
    bool is_finished_ = false;
};

}  // namespace imports
