#include "agent/config/situation_settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/core/names.hpp"
#include "wire/identity.hpp"
#include "wire/limits.hpp"

namespace agent {

namespace {

/// The location that is surely meant; empty when none is.
std::string meant_by(std::string_view text) {
    std::string path;
    while (!text.empty()) {
        const auto end = std::min(text.find('/'), text.size());
        if (end > 0) path += "/" + drivers::safe_name(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return wire::is_location(path) ? path : std::string{};
}

}  // namespace

std::string read_location(base::Settings& settings, const std::string& fallback) {
    auto location = settings.text("location", fallback);
    if (location.empty() || wire::is_location(location)) return location;
    const auto meant = meant_by(location);
    settings.refuse(
        "location",
        fmt::format("{} = \"{}\" is not a path of at most {} names, each after a slash, of a-z, "
                    "0-9, _ and -, a letter or digit first{}",
                    settings.full_name("location"), location, wire::kLocationLevelsMax,
                    meant.empty() ? meant : fmt::format(": write location = \"{}\"", meant)));
    return {};
}

std::vector<std::string> read_tags(base::Settings& settings, std::vector<std::string> fallback) {
    auto tags = settings.texts("tags", std::move(fallback));
    std::sort(tags.begin(), tags.end());
    if (wire::are_tags(tags)) return tags;
    const auto name = settings.full_name("tags");
    for (const auto& tag : tags) {
        if (wire::is_tag(tag)) continue;
        settings.refuse("tags", fmt::format("{}: \"{}\" is not a tag: at most {} letters, digits "
                                            "and _ . : = -, a letter or digit first",
                                            name, tag, wire::kNameBytesMax));
    }
    if (const auto twice = std::adjacent_find(tags.begin(), tags.end()); twice != tags.end()) {
        settings.refuse("tags", fmt::format("{}: \"{}\" is there twice", name, *twice));
    }
    if (tags.size() > wire::kTagsMax) {
        settings.refuse(
            "tags", fmt::format("{}: {} tags, {} are allowed", name, tags.size(), wire::kTagsMax));
    }
    return {};
}

}  // namespace agent
