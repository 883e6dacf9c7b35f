#include "drivers/tables/json_pointer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "drivers/core/names.hpp"

namespace drivers::tables {

namespace {

using base::Json;

/// "~1" is a slash, "~0" a tilde; nothing for any other tilde.
std::optional<std::string> unescaped(const std::string& step) {
    std::string result;
    for (std::size_t i = 0; i < step.size(); ++i) {
        if (step[i] != '~') {
            result += step[i];
            continue;
        }
        const char next = ++i < step.size() ? step[i] : '\0';
        if (next != '0' && next != '1') return std::nullopt;
        result += next == '0' ? '~' : '/';
    }
    return result;
}

/// Digits without a leading zero.
std::optional<std::size_t> index_of(const std::string& step) {
    std::size_t index = 0;
    const auto* const end = step.data() + step.size();
    const auto read = std::from_chars(step.data(), end, index);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    if (step.size() > 1 && step.front() == '0') return std::nullopt;
    return index;
}

}  // namespace

base::Result<JsonPointer> JsonPointer::parse(const std::string& text) {
    const base::Error wrong{
        base::Fault::misconfigured,
        fmt::format(
            "\"{}\" is not a JSON pointer: write \"/member\" or \"/outer/inner\", with ~1 for "
            "a slash in a name and ~0 for a tilde",
            shown(text))};
    std::vector<std::string> steps;
    if (text.empty()) return JsonPointer{steps};
    if (!text.starts_with('/')) return wrong;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('/', at + 1), text.size());
        auto plain = unescaped(text.substr(at + 1, end - at - 1));
        if (!plain) return wrong;
        steps.push_back(std::move(*plain));
        at = end;
    }
    return JsonPointer{std::move(steps)};
}

std::optional<Json> JsonPointer::find(const Json& document) const {
    const Json* at = &document;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        if (at->is_object()) {
            at = at->find(steps_[i]);
            if (at == nullptr) return std::nullopt;
            continue;
        }
        const auto index = index_of(steps_[i]);
        if (!index) return std::nullopt;
        if (at->is_numbers()) {
            if (*index >= at->numbers.size() || i + 1 < steps_.size()) return std::nullopt;
            Json number;
            number.kind = Json::Kind::number;
            number.number = at->numbers[*index];
            return number;
        }
        if (*index >= at->array.size()) return std::nullopt;
        at = &at->array[*index];
    }
    return *at;
}

}  // namespace drivers::tables
