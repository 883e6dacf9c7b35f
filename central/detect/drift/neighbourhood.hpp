#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace detect::drift {

/// Series with fewer neighbours than two are not compared: of two nobody knows which one is wrong.
constexpr std::size_t kGroupLeast = 3;

/// The place where each of some series finds its neighbours, by where it is ("/house/attic"):
/// there, when there are three or more; else in the nearest location around it where there are, of
/// those that have not found theirs further within. Empty when there are none, or it is nowhere. So
/// each series belongs to one group at most.
std::vector<std::string> places_of(const std::vector<std::string>& locations);

}  // namespace detect::drift
