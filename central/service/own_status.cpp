#include "central/service/own_status.hpp"

#include "base/json.hpp"

namespace central {

namespace {

/// Often, as a broker that takes none of them is frozen.
constexpr base::Duration kEvery = std::chrono::seconds{1};

}  // namespace

void OwnStatus::tick(base::Instant now, base::EventTime wall, const std::string& trouble) {
    const auto session = connection_.session();
    if (session == 0) return;
    const bool due = !published_at_ || session != published_in_ || now - *published_at_ >= kEvery;
    if (!due || !publish("ready", wall, trouble)) return;
    published_at_ = now;
    published_in_ = session;
}

void OwnStatus::say_goodbye(base::EventTime wall) {
    publish("disconnected", wall, {});
}

std::string OwnStatus::will() {
    return R"({"state":"lost"})";
}

bool OwnStatus::publish(const char* state, base::EventTime wall, const std::string& trouble) {
    base::JsonWriter json;
    json.begin_object().member("state", state).member("version", version_);
    if (!trouble.empty()) json.member("trouble", trouble);
    json.member("now", base::to_milliseconds(wall)).end_object();
    const auto published = connection_.publish(
        {.topic = topic_, .payload = json.take(), .qos = 1, .retain = true, .expiry = {}});
    return static_cast<bool>(published);
}

}  // namespace central
