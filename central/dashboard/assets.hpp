#pragma once

#include <span>

#include "central/http/static_files.hpp"

namespace dashboard {

/// Every file of the page, ordered by path. Scripts and styles carry a hash of their content in
/// their name and may be cached for ever; "/" and "/licences.txt" must be asked for again.
std::span<const http::Asset> assets();

}  // namespace dashboard
