#include "wire/sketch.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/ensure.hpp"
#include "wire/limits.hpp"

namespace wire {

namespace {

using Bucket = Sketch::Bucket;
using Buckets = std::vector<Bucket>;

constexpr std::int32_t kBucketsAnOctave = 35;

/// Beyond the index of any double.
constexpr std::int64_t kIndexMax = std::int64_t{kBucketsAnOctave} * 1100;

/// How far 2^e (1 + s) lies into its octave; rises from 0 to 35.
double place_in_octave(double s) {
    return s * (50 + s * (-21 + s * 6));
}

std::int32_t index_of(double positive) {
    int exponent = 0;
    const double mantissa = std::frexp(positive, &exponent);  // 0.5 <= mantissa < 1
    const double place = place_in_octave(2 * mantissa - 1);
    return kBucketsAnOctave * (exponent - 1) + static_cast<std::int32_t>(std::floor(place));
}

/// The mantissa 1 + s at which a place begins: the inverse of place_in_octave(), by bisection to
/// the last bit.
double mantissa_at(std::int32_t place) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (place_in_octave(middle) <= place ? low : high) = middle;
    }
    return 1 + low;
}

/// Rounds down, below 0 too.
std::int32_t octave_of(std::int32_t index) {
    const auto below = index < 0 ? kBucketsAnOctave - 1 : 0;
    return (index - below) / kBucketsAnOctave;
}

/// The value in a bucket that is equally far, in relation, from both bounds.
double middle_of(std::int32_t index) {
    const auto octave = octave_of(index);
    const auto place = index - octave * kBucketsAnOctave;
    const double low = mantissa_at(place);
    const double high = mantissa_at(place + 1);
    return std::ldexp(2 * low * high / (low + high), octave);
}

/// Moves what is too far below the highest bucket into the lowest one allowed. The result depends
/// on the indices alone, so it does not matter when this is done.
void collapse(Buckets& buckets) {
    if (buckets.empty()) return;
    const auto lowest = buckets.back().index - Sketch::kBucketsMax + 1;
    const auto kept = std::lower_bound(buckets.begin(), buckets.end(), lowest,
                                       [](const Bucket& b, std::int32_t i) { return b.index < i; });
    if (kept == buckets.begin()) return;
    std::uint64_t count = 0;
    for (auto it = buckets.begin(); it != kept; ++it) count += it->count;
    const auto last_lost = kept - 1;
    *last_lost = {.index = lowest, .count = count};
    if (kept->index == lowest) {
        last_lost->count += kept->count;
        buckets.erase(kept);
    }
    buckets.erase(buckets.begin(), last_lost);
}

void add_to(Buckets& buckets, std::int32_t index) {
    const auto at = std::lower_bound(buckets.begin(), buckets.end(), index,
                                     [](const Bucket& b, std::int32_t i) { return b.index < i; });
    if (at != buckets.end() && at->index == index) {
        ++at->count;
        return;
    }
    buckets.insert(at, {.index = index, .count = 1});
    collapse(buckets);
}

/// Adds the counts of buckets that are there already, and gives those that are not.
Buckets add_known(Buckets& buckets, const Buckets& other) {
    Buckets unknown;
    auto at = buckets.begin();
    for (const auto& bucket : other) {
        at = std::lower_bound(at, buckets.end(), bucket.index,
                              [](const Bucket& b, std::int32_t i) { return b.index < i; });
        if (at != buckets.end() && at->index == bucket.index) {
            at->count += bucket.count;
        } else {
            unknown.push_back(bucket);
        }
    }
    return unknown;
}

/// Mostly a few readings come to many, into buckets that are there already.
void merge_into(Buckets& buckets, const Buckets& other) {
    const auto unknown = add_known(buckets, other);
    if (unknown.empty()) return;
    const auto known = static_cast<std::ptrdiff_t>(buckets.size());
    buckets.insert(buckets.end(), unknown.begin(), unknown.end());
    std::inplace_merge(buckets.begin(), buckets.begin() + known, buckets.end(),
                       [](const Bucket& a, const Bucket& b) { return a.index < b.index; });
    collapse(buckets);
}

std::uint64_t count_of(const Buckets& buckets) {
    std::uint64_t count = 0;
    for (const auto& bucket : buckets) count += bucket.count;
    return count;
}

void write(const Buckets& buckets, std::string& text) {
    std::int32_t before = 0;
    for (const auto& [index, count] : buckets) {
        if (&index != &buckets.front().index) text += ',';
        text += std::to_string(index - before);
        if (count != 1) text += ':' + std::to_string(count);
        before = index;
    }
}

base::Error malformed(const char* what) {
    return {base::Fault::malformed, std::string{"a sketch "} + what};
}

/// A whole number, written in the only way allowed.
std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (text != std::to_string(value)) return std::nullopt;
    return value;
}

/// Splits the part before the separator off the text.
std::string_view split_off(std::string_view& text, char separator) {
    const auto end = text.find(separator);
    const auto part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return part;
}

std::optional<Bucket> read_bucket(std::string_view text, const Buckets& before) {
    const auto colon = text.find(':');
    const auto distance = number(text.substr(0, colon));
    const auto count = colon == std::string_view::npos ? std::optional<std::int64_t>{1}
                                                       : number(text.substr(colon + 1));
    if (!distance || std::abs(*distance) > 2 * kIndexMax || !count || *count < 1) {
        return std::nullopt;
    }
    if (*count > static_cast<std::int64_t>(kSequenceMax)) return std::nullopt;
    if (colon != std::string_view::npos && *count == 1) return std::nullopt;
    if (!before.empty() && *distance < 1) return std::nullopt;
    const auto index = *distance + (before.empty() ? 0 : before.back().index);
    if (std::abs(index) > kIndexMax) return std::nullopt;
    return Bucket{.index = static_cast<std::int32_t>(index),
                  .count = static_cast<std::uint64_t>(*count)};
}

std::optional<Buckets> read_buckets(std::string_view text) {
    Buckets buckets;
    if (text.ends_with(',')) return std::nullopt;
    while (!text.empty()) {
        const auto bucket = read_bucket(split_off(text, ','), buckets);
        if (!bucket) return std::nullopt;
        buckets.push_back(*bucket);
        if (bucket->index - buckets.front().index >= Sketch::kBucketsMax) return std::nullopt;
    }
    return buckets;
}

/// The value of the reading with that rank; the buckets come in ascending order of values.
template <class Iterator>
std::optional<double> value_at(Iterator begin, Iterator end, double sign, std::uint64_t& rank) {
    for (auto it = begin; it != end; ++it) {
        if (rank < it->count) return sign * middle_of(it->index);
        rank -= it->count;
    }
    return std::nullopt;
}

}  // namespace

void Sketch::add(double value) {
    ENSURE(std::isfinite(value));
    if (std::abs(value) <= kZeroMax) {
        ++zeros_;
    } else {
        add_to(value > 0 ? positive_ : negative_, index_of(std::abs(value)));
    }
}

void Sketch::merge(const Sketch& other) {
    merge_into(positive_, other.positive_);
    merge_into(negative_, other.negative_);
    zeros_ += other.zeros_;
}

std::uint64_t Sketch::count() const {
    return count_of(positive_) + count_of(negative_) + zeros_;
}

double Sketch::quantile(double q) const {
    const auto total = count();
    if (total == 0) return 0;
    const auto wanted = std::clamp(q, 0.0, 1.0) * static_cast<double>(total - 1);
    auto rank = std::min(static_cast<std::uint64_t>(wanted), total - 1);
    const auto negative = value_at(negative_.rbegin(), negative_.rend(), -1, rank);
    if (negative) return *negative;
    if (rank < zeros_) return 0;
    rank -= zeros_;
    const auto positive = value_at(positive_.begin(), positive_.end(), 1, rank);
    ENSURE(positive);
    return *positive;
}

std::string Sketch::encode() const {
    std::string text;
    write(positive_, text);
    text += '|';
    write(negative_, text);
    text += '|';
    if (zeros_ > 0) text += std::to_string(zeros_);
    text.erase(text.find_last_not_of('|') + 1);
    return text;
}

base::Result<Sketch> Sketch::decode(std::string_view text) {
    if (text.ends_with('|')) return malformed("ends with an empty part");
    Sketch sketch;
    const auto positive = read_buckets(split_off(text, '|'));
    const auto negative = read_buckets(split_off(text, '|'));
    if (!positive || !negative) return malformed("has an invalid bucket");
    sketch.positive_ = *positive;
    sketch.negative_ = *negative;
    if (!text.empty()) {
        const auto zeros = number(text);
        if (!zeros || *zeros < 1 || *zeros > static_cast<std::int64_t>(kSequenceMax)) {
            return malformed("has an invalid count of zeros");
        }
        sketch.zeros_ = static_cast<std::uint64_t>(*zeros);
    }
    if (sketch.count() > kSequenceMax) return malformed("has too many readings");
    return sketch;
}

}  // namespace wire
