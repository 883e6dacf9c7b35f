#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "central/api/assets.hpp"
#include "central/api/message.hpp"

namespace api {

/// The dashboard's file of that path: 200 with its entity tag, or 304 when the asker has it
/// already. Nothing when there is no such file.
std::optional<Response> serve_file(std::span<const Asset> assets, std::string_view path,
                                   std::string_view if_none_match);

/// Whether an If-None-Match header names the tag, or is "*" (RFC 9110 §13.1.2: weak comparison).
bool names_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace api
