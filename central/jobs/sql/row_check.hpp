#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/jobs/sql/layout.hpp"

namespace jobs {

/// Between which values readings of some series may lie.
struct ValueRange {
    std::string match;  // Of "node/series".
    double low = 0;
    double high = 0;
};

/// "*.temperature=-40..85". Malformed, with what to write, for anything else.
base::Result<ValueRange> parse_value_range(std::string_view text);

/// Decides which rows a table of others gets. Pure.
class RowCheck {
  public:
    explicit RowCheck(std::vector<ValueRange> ranges) : ranges_(std::move(ranges)) {}

    /// The range that is for the series: the last one.
    const ValueRange* range_of(const std::string& id) const;

    /// Why it does not get the row: "no_readings", "out_of_range", "not_finite", "time",
    /// "too_long"; nothing when it does.
    static std::optional<std::string> refusal(const OutRow& row, const Layout& layout,
                                              const ValueRange* range);

  private:
    std::vector<ValueRange> ranges_;
};

/// The reason for a row that the server refused.
constexpr const char* kRefusedThere = "refused_there";

/// Refused rows, by reason.
using Refusals = std::map<std::string, std::uint64_t>;

std::uint64_t sum_of(const Refusals& refusals);
/// "3 out_of_range, 1 too_long"
std::string text_of(const Refusals& refusals);

}  // namespace jobs
