#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace drivers::mqtt {

/// Members, and the numbers of elements, from the outside.
using JsonPath = std::vector<std::string>;

/// A value in a JSON document that holds no others.
struct Leaf {
    JsonPath path;
    base::Json value;
    bool is_element = false;  // Of a list of nothing but numbers.
};

/// In the order of the text.
std::vector<Leaf> leaves_of(const base::Json& document);

/// "ENERGY.Power.0"
std::string dotted(const JsonPath& path);

/// "/main/temp": the JSON pointer (RFC 6901).
std::string pointed(const JsonPath& path);

/// The objects and lists around a leaf, the outermost first.
std::vector<const base::Json*> all_around(const base::Json& document, const JsonPath& leaf);

/// The member of that name in the innermost object around a leaf that has one; nullptr if there is
/// none.
const base::Json* find_around(const base::Json& document, const JsonPath& leaf,
                              std::string_view name);

}  // namespace drivers::mqtt
