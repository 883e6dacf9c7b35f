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

/// The code with which leat's functions refuse a hash in which another program wrote.
constexpr std::string_view kSpoilt = "LEAT_SPOILT";

/// The code with which leat's functions refuse a call that only another version of leat makes.
constexpr std::string_view kOtherVersion = "LEAT_VERSION";

/// Such a refusal, with its remedy. Misconfigured.
base::Error other_version(const Reply& refusal);

/// Whether only these keys are in the way, and a person can help: any other command may go on.
bool is_about_keys(const Reply& refusal);

/// Why Redis refused a command that uses these keys. Misconfigured when one of them holds something
/// else, or a field of it does: the detail names it, and how to put it aside. So is a function that
/// failed: the detail names the keys it was called with, any of which may be the cause. Otherwise
/// Reply::error().
base::Error explain(Client& client, const Reply& refusal, const std::vector<TypedKey>& keys);

}  // namespace redis
