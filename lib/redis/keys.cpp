#include "redis/keys.hpp"

#include <fmt/core.h>

namespace redis {

base::Error explain(Client& client, const Reply& refusal, const std::vector<TypedKey>& keys) {
    if (refusal.code != kWrongType) return refusal.error();
    for (const auto& key : keys) {
        const auto type = client.run_one({"TYPE", key.name});
        if (!type) return type.error();
        const auto& held = type.value().text;
        if (held == key.type || held == "none") continue;
        return {
            base::Fault::misconfigured,
            fmt::format("the key {0} in Redis holds a {1}, not a {2}: another program wrote it. "
                        "Remedy: {3} RENAME '{0}' 'aside:{0}'",
                        key.name, held, key.type, client.command_line())};
    }
    return refusal.error();
}

}  // namespace redis
