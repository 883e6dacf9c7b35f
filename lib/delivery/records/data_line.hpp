#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/ensure.hpp"
#include "delivery/records/flush.hpp"
#include "delivery/records/span_fold.hpp"
#include "wire/limits.hpp"
#include "wire/record.hpp"

namespace delivery {

/// A record's line leaves room for the origin that a fork adds (wire::with_origin: about 100
/// bytes).
constexpr std::size_t kLineBytesUsed = wire::kLineBytesMax - 256;

constexpr std::size_t kSketchBytesMax = 8 * 1024;

/// A partial whose sketch is larger than kSketchBytesMax loses it: then it fits into a line.
void fit_into_a_line(Partial& partial);

/// How many characters the number has in a line.
template <class Number>
std::size_t length_of(Number number) {
    if constexpr (std::is_floating_point_v<Number>) {
        if (number == 0 && std::signbit(number)) return std::string_view{"-0.0"}.size();
    }
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return static_cast<std::size_t>(end.ptr - buffer.data());
}

/// A reading or a partial on its way into a line.
struct Point {
    std::size_t series = 0;  // Index into the names; columns are in its order.
    base::EventTime at;      // Of the reading; the start of the span.
    double value = 0;
    base::Duration span{};             // 0: a reading.
    const Partial* partial = nullptr;  // Outlives the line.

    bool has_sketch() const { return partial != nullptr && partial->sketch; }
    base::EventTime first_at() const { return partial == nullptr ? at : partial->first_at; }
    base::EventTime last_at() const { return partial == nullptr ? at : partial->last_at; }
};

/// A finished line, and what it holds.
struct PackedLine {
    std::string line;
    Flush::Content content;
};

/// A data record while it grows, within the limits of the wire. Its caller states how many bytes
/// each point needs, and which clock the times have.
class DataLine {
  public:
    /// Reserves `bytes` for everything but the points.
    explicit DataLine(std::size_t bytes = 0) : bytes_(bytes) {}

    bool has_column(std::size_t series) const { return columns_.contains(series); }

    /// False when the point must go into another line: a column holds one kind of points, all with
    /// a sketch or all without.
    bool add(const Point& point, std::size_t bytes);

    /// The earliest time of a point.
    base::EventTime start() const;

    /// The line of the record that has the time and the clock of `header`.
    PackedLine finish(wire::Data header, const std::vector<std::string>& names) const;

  private:
    using Points = std::vector<Point>;

    std::size_t bytes_;
    std::size_t points_ = 0;
    std::map<std::size_t, Points> columns_;
};

/// Packs items, in their order, into as few lines as `add` allows. `begin` makes the next line of
/// the items that are left, `add` adds one of them or returns false, and `finish` is given the line
/// and the items in it.
template <class Items, class Begin, class Add, class Finish>
void pack(Items items, Begin begin, Add add, Finish finish) {
    while (!items.empty()) {
        DataLine line = begin(items);
        std::size_t count = 0;
        while (count < items.size() && add(line, items, items[count])) ++count;
        ENSURE(count > 0);
        finish(line, items.first(count));
        items = items.subspan(count);
    }
}

}  // namespace delivery
