#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace imports::tables {

/// How tables of a month are called: "sqlt_data_1_{YYYY}_{MM}". Case does not matter.
class MonthPattern {
  public:
    /// One year (`{YYYY}`, or `{YY}` for 2000 to 2099) and one month (`{MM}`, or `{M}` without a
    /// zero before it). Misconfigured, with what to write, for any other text.
    static base::Result<MonthPattern> parse(const std::string& text);

    /// The month of the table of that name; nothing when the name is another one.
    std::optional<std::chrono::year_month> month_of(std::string_view name) const;

    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

/// When it begins, as if it were UTC.
base::EventTime start_of(std::chrono::year_month month);

}  // namespace imports::tables
