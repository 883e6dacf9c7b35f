#include "central/imports/parts/part.hpp"

#include <utility>

namespace imports {

namespace replay = drivers::replay;

base::Result<std::unique_ptr<Part>> Part::open(const replay::Options& options,
                                               const std::string& path, const Readable& readable,
                                               Book& book) {
    auto own = options;
    own.file = path;
    std::optional<std::string> from;
    if (readable.known) from = replay::to_text(book.at(*readable.known).position);
    auto opened = replay::Driver::open(std::move(own), from);
    if (!opened) return opened.error();
    auto driver = std::move(opened).value();
    Taken taken{.name = readable.found.name, .position = driver->position()};
    // A content that was read to its end stays known, whatever goes on behind it.
    const bool goes_on = readable.known && !book.at(*readable.known).is_whole;
    const auto place = goes_on ? *readable.known : book.begin(std::move(taken));
    return std::unique_ptr<Part>(new Part(readable, std::move(driver), place));
}

base::Result<drivers::Harvest> Part::read(base::EventTime until, std::size_t readings_max,
                                          base::Instant now, Book& book) {
    driver_->hold_from(until);
    auto harvest = driver_->collect(now, readings_max);
    if (driver_->is_failing()) {
        return base::Error{base::Fault::transient, name() + " cannot be read"};
    }
    is_finished_ = harvest.finished;
    if (harvest.position || harvest.finished) {
        book.note(place_,
                  {.name = name(), .is_whole = harvest.finished, .position = driver_->position()});
    }
    return harvest;
}

}  // namespace imports
