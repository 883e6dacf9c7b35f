#include "redis/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace redis {

namespace {

/// "LEAT_SPOILT s of leat:{1}:node:attic", in words.
base::Error explain_spoilt(Client& client, const std::string& text) {
    constexpr std::string_view kOf = " of ";
    const auto begin = std::min(kSpoilt.size() + 1, text.size());
    const auto end = std::max(text.rfind(kOf), begin);
    const auto field = text.substr(begin, end - begin);
    const auto key = text.substr(std::min(end + kOf.size(), text.size()));
    return {base::Fault::misconfigured,
            fmt::format("the field {0} of the key {1} in Redis holds what leat never writes: "
                        "another program wrote it. Remedy: {2} RENAME '{1}' 'aside:{1}'",
                        field, key, client.command_line())};
}

/// Redis does not say which key the function failed on.
base::Error explain_failure(const Reply& refusal, const std::vector<TypedKey>& keys) {
    std::vector<std::string_view> names;
    names.reserve(keys.size());
    for (const auto& key : keys) names.emplace_back(key.name);
    return {base::Fault::misconfigured, fmt::format("a function of leat failed on {} in Redis: {}",
                                                    fmt::join(names, ", "), refusal.text)};
}

}  // namespace

base::Error other_version(const Reply& refusal) {
    return {base::Fault::misconfigured,
            fmt::format("the functions in Redis are those of another leat ({}). Remedy: the same "
                        "version of leat-bridge and leat-central everywhere",
                        refusal.text)};
}

bool is_about_keys(const Reply& refusal) {
    return refusal.code == kWrongType || refusal.code == kSpoilt || refusal.code == kFunctionFailed;
}

base::Error explain(Client& client, const Reply& refusal, const std::vector<TypedKey>& keys) {
    if (refusal.code == kSpoilt) return explain_spoilt(client, refusal.text);
    if (refusal.code == kOtherVersion) return other_version(refusal);
    if (refusal.code == kFunctionFailed) return explain_failure(refusal, keys);
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
