#include "central/imports/parts/part.hpp"

#include <utility>

namespace imports {

namespace replay = drivers::replay;

base::Result<std::unique_ptr<Part>> Part::open(const replay::Options& options,
                                               const std::string& path, const Readable& readable) {
    auto own = options;
    own.file = path;
    own.bytes_max = readable.found.bytes;
    std::optional<std::string> from;
    if (readable.from) from = replay::to_text(*readable.from);
    auto opened = replay::Driver::open(std::move(own), from);
    if (!opened) return opened.error();
    return std::unique_ptr<Part>(new Part(readable, std::move(opened).value()));
}

base::Result<drivers::Harvest> Part::read(base::EventTime until, std::size_t readings_max,
                                          base::Instant now, Book& book) {
    driver_->hold_from(until);
    auto harvest = driver_->collect(now, readings_max);
    if (driver_->is_failing()) {
        return base::Error{base::Fault::transient, name() + " cannot be read"};
    }
    is_finished_ = harvest.finished;
    const bool has_moved = harvest.position && driver_->position().row > 0;
    if (!has_moved && !harvest.finished) return harvest;
    Taken taken{.name = name(), .is_whole = harvest.finished, .position = driver_->position()};
    auto& place = readable_.place;
    if (place) {
        book.note(*place, std::move(taken));
        return harvest;
    }
    const auto begun = book.begin(std::move(taken));
    if (!begun) return begun.error();
    place = begun.value();
    return harvest;
}

}  // namespace imports
