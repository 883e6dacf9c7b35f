#include "drivers/tables/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/settings.hpp"
#include "drivers/core/names.hpp"

namespace drivers::tables {

namespace {

constexpr std::size_t kNamesShownMax = 40;

std::optional<std::size_t> number_of(const std::string& column, std::size_t fields) {
    std::size_t number = 0;
    const auto* end = column.data() + column.size();
    const auto parsed = std::from_chars(column.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    if (number < 1 || number > fields) return std::nullopt;
    return number - 1;
}

/// Finds a configured column, first by its name, since a name may be a number.
class Finder {
  public:
    Finder(const std::string& file, const std::vector<std::string>& header, std::size_t fields)
        : file_(file), header_(header), fields_(fields) {}

    base::Result<std::size_t> find(const std::string& column) const {
        const auto named = std::find(header_.begin(), header_.end(), column);
        if (named != header_.end()) {
            const bool shifted = fields_ == header_.size() + 1;
            return static_cast<std::size_t>(named - header_.begin()) + (shifted ? 1 : 0);
        }
        if (const auto number = number_of(column, fields_)) return *number;
        return missing(column);
    }

  private:
    base::Error missing(const std::string& column) const {
        auto detail = fmt::format("{} has no column \"{}\"", file_, column);
        if (const auto near = base::nearest_word(column, header_)) {
            detail += fmt::format("; did you mean \"{}\"?", shown(*near));
        }
        if (header_.empty()) {
            detail += fmt::format("; without a header they are numbered \"1\" to \"{}\"", fields_);
            return {base::Fault::misconfigured, detail};
        }
        std::vector<std::string> names;
        for (const auto& name : header_) {
            if (names.size() < kNamesShownMax) names.push_back(shown(name));
        }
        detail += fmt::format("; its {} columns: {}", header_.size(), fmt::join(names, ", "));
        if (names.size() < header_.size()) detail += " ...";
        return {base::Fault::misconfigured, detail};
    }

    const std::string& file_;
    const std::vector<std::string>& header_;
    std::size_t fields_;
};

}  // namespace

base::Result<Columns> find_columns(const WantedColumns& wanted,
                                   const std::vector<std::string>& header,
                                   const std::vector<std::string>& first_row) {
    Columns columns;
    const bool shifted = !header.empty() && first_row.size() == header.size() + 1;
    columns.fields = header.empty() || shifted ? first_row.size() : header.size();
    const Finder finder(wanted.file, header, columns.fields);
    if (!wanted.time.empty()) {
        const auto time = finder.find(wanted.time);
        if (!time) return time.error();
        columns.time = time.value();
    }
    for (const auto& column : wanted.values) {
        const auto found = finder.find(column.column);
        if (!found) return found.error();
        columns.values.push_back(found.value());
    }
    return columns;
}

}  // namespace drivers::tables
