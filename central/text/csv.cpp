#include "central/text/csv.hpp"

#include "base/utf8.hpp"

namespace text {

std::string csv_field(std::string_view text) {
    constexpr std::string_view kFormula = "=+-@";
    auto field = base::printable(text);
    if (!field.empty() && kFormula.find(field.front()) != std::string_view::npos) {
        field.insert(0, 1, '\'');
    }
    if (field.find_first_of(",\"") == std::string::npos) return field;
    std::string quoted = "\"";
    for (const char c : field) quoted += c == '"' ? std::string{"\"\""} : std::string{c};
    return quoted + '"';
}

}  // namespace text
