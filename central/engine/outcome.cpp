#include "central/engine/outcome.hpp"

#include <array>

namespace engine {

namespace {

constexpr std::array<std::string_view, kRefusalKinds> kRefusalTexts{
    "malformed", "unplaced", "series_limit", "unmergeable", "out_of_range", "conflict"};

}  // namespace

std::string_view to_text(RefusalKind kind) {
    return kRefusalTexts.at(static_cast<std::size_t>(kind));
}

}  // namespace engine
