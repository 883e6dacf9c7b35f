#pragma once

#include <string>
#include <utility>

#include "wire/identity.hpp"

namespace central {

/// A node in one incarnation: the history that a sequence number belongs to.
using Chronicle = std::pair<std::string, wire::Incarnation>;

}  // namespace central
