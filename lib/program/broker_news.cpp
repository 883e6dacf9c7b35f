#include "program/broker_news.hpp"

#include "base/log.hpp"

namespace program {

namespace {

constexpr base::Duration kRemindEvery = std::chrono::minutes{1};

}  // namespace

BrokerNews::BrokerNews(const broker::Connection& connection, std::string address, base::Instant now)
    : connection_(connection), address_(std::move(address)), reminder_(kRemindEvery) {
    reminder_.note(connection_.trouble(), now);
}

void BrokerNews::tick(base::Instant now) {
    const auto trouble = connection_.trouble();
    if (!reminder_.is_due(trouble, now)) return;
    if (trouble.empty()) {
        base::log_info("broker is ready", {{"broker", address_}});
    } else {
        base::log_warn("broker cannot be used", {{"broker", address_}, {"reason", trouble}});
    }
}

}  // namespace program
