#include "central/jobs/sql/time_form.hpp"

#include <algorithm>

#include "central/text/rfc3339.hpp"
#include "drivers/tables/time_format.hpp"

namespace jobs {

namespace {

constexpr std::size_t kTextUnits = 24;  // 2026-11-29T18:30:00.000Z
constexpr base::EventTime kFirst = std::chrono::sys_days{std::chrono::year{1000} / 1 / 1};
constexpr base::EventTime kEnd = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1};

}  // namespace

const std::vector<std::string>& time_forms() {
    static const std::vector<std::string> kForms{"timestamp", "milliseconds", "text"};
    return kForms;
}

std::optional<TimeForm> parse_time_form(std::string_view word) {
    const auto& forms = time_forms();
    const auto found = std::find(forms.begin(), forms.end(), word);
    if (found == forms.end()) return std::nullopt;
    return static_cast<TimeForm>(found - forms.begin());
}

odbc::Column column_of(TimeForm form) {
    switch (form) {
        case TimeForm::timestamp:
            return {.type = odbc::Type::time};
        case TimeForm::milliseconds:
            return {.type = odbc::Type::integer};
        case TimeForm::text:
            break;
    }
    return {.type = odbc::Type::text, .units_max = kTextUnits};
}

std::optional<odbc::Value> value_of(TimeForm form, base::EventTime time) {
    if (time < kFirst || time >= kEnd) return std::nullopt;
    switch (form) {
        case TimeForm::timestamp:
            return odbc::Value{odbc::Time{time}};
        case TimeForm::milliseconds:
            return odbc::Value{base::to_milliseconds(time)};
        case TimeForm::text:
            break;
    }
    return odbc::Value{text::rfc3339(time)};
}

std::optional<base::EventTime> time_of(const odbc::Value& value) {
    static const auto kTexts = drivers::tables::TimeFormat::parse("rfc3339").value();
    if (const auto* const time = std::get_if<odbc::Time>(&value)) {
        return std::chrono::floor<base::Duration>(*time);
    }
    if (const auto* const number = std::get_if<std::int64_t>(&value)) {
        return base::from_milliseconds(*number);
    }
    const auto* const text = std::get_if<std::string>(&value);
    return text != nullptr ? kTexts.read(*text) : std::nullopt;
}

}  // namespace jobs
