#include "drivers/names.hpp"

#include <algorithm>

#include "wire/limits.hpp"

namespace drivers {

namespace {

constexpr std::size_t kShownMax = 48;

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool is_name(std::string_view text) {
    const auto allowed = [](char c) { return is_plain(c) || c == '_' || c == '-'; };
    return !text.empty() && text.size() <= wire::kNameBytesMax && is_plain(text.front()) &&
           std::all_of(text.begin(), text.end(), allowed);
}

std::string safe_name(std::string_view text) {
    std::string name;
    for (const char raw : text) {
        const char c = lower(raw);
        if (is_plain(c)) {
            name += c;
        } else if (!name.empty() && is_plain(name.back())) {
            name += c == '-' ? '-' : '_';
        }
    }
    name.resize(std::min(name.size(), wire::kNameBytesMax));
    while (!name.empty() && !is_plain(name.back())) name.pop_back();
    return name.empty() ? "unnamed" : name;
}

std::string shown(std::string_view text) {
    std::string result{text.substr(0, kShownMax)};
    std::replace_if(
        result.begin(), result.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text.size() > kShownMax ? result + "..." : result;
}

std::string UniqueNames::take(std::string_view text) {
    const std::string name = safe_name(text);
    std::string candidate = name;
    for (std::size_t number = 2; taken_.contains(candidate); ++number) {
        const std::string suffix = "_" + std::to_string(number);
        candidate = name.substr(0, wire::kNameBytesMax - suffix.size()) + suffix;
    }
    taken_.insert(candidate);
    return candidate;
}

}  // namespace drivers
