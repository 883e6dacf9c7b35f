#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/imports/parts/part.hpp"

namespace imports {

/// Reads parts together, so that their rows come in the order of their times, whatever part they
/// stand in: what is counted is what one file with all of them would give. A part is opened when
/// its first time comes, and closed at its end. Rows that go back in time within a part stay in
/// their order.
class Merge {
  public:
    /// Null: the part is left out.
    using Open = std::function<std::unique_ptr<Part>(const Readable& readable)>;

    /// More parts are not open at once: of more that overlap, some wait, and their rows come late.
    static constexpr std::size_t kOpenMax = 64;

    Merge(std::vector<Readable> parts, Open open);

    /// The part whose rows come next, and up to which time; null when all are read.
    struct Turn {
        Part* part = nullptr;
        base::EventTime until{};
    };
    Turn next();

    /// The part is read no further.
    void drop(const Part* part);

    /// Of those that are open.
    std::vector<std::string> names() const;

  private:
    void open_due();
    void close_finished();
    base::EventTime next_unopened() const;

    std::vector<Readable> waiting_;  // The next one last.
    Open open_;
    std::vector<std::unique_ptr<Part>> parts_;  // Those that are open.
};

}  // namespace imports
