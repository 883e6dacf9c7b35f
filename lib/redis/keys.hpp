#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "redis/client.hpp"

namespace redis {

/// A key, and what it must hold, as TYPE says it: "string", "hash", "stream".
struct TypedKey {
    std::string name;
    std::string type;
};

/// The code of an error reply to a command whose key holds something else.
constexpr std::string_view kWrongType = "WRONGTYPE";

/// Why Redis refused a command that uses these keys. Misconfigured when one of them holds something
/// else: the detail names it, and how to put it aside. Otherwise Reply::error().
base::Error explain(Client& client, const Reply& refusal, const std::vector<TypedKey>& keys);

}  // namespace redis
