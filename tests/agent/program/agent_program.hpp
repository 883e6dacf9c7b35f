#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "lib/broker/peer.hpp"
#include "places.hpp"
#include "support/process.hpp"
#include "support/servers.hpp"
#include "support/temporary_folder.hpp"

namespace agent_test {

/// The text member of a JSON object; empty when there is none.
inline std::string text(const base::Json& json, const char* name) {
    const auto* found = json.find(name);
    return found != nullptr ? found->string : "";
}

/// A folder with an agent's configuration and outbox: node `n`, a sensor `room` that speaks often
/// and a sensor `slow` that does so every ten minutes.
struct AgentPlace {
    std::string text(const std::string& broker, const std::string& more = {}) const {
        return fmt::format(
            "[node]\nname = \"n\"\n[broker]\naddress = \"{}\"\n[outbox]\npath = \"{}\"\n"
            "[[sensor]]\nname = \"room\"\ndriver = \"simulator\"\nperiod = \"100ms\"\n"
            "[[sensor]]\nname = \"slow\"\ndriver = \"simulator\"\nperiod = \"10m\"\n{}",
            broker, folder.file("outbox.db"), more);
    }
    std::string configure(const std::string& broker, const std::string& more = {}) const {
        return folder.write("agent.toml", text(broker, more));
    }
    support::Process start(const std::string& config) const {
        return support::Process::start(
            {.argv = {places::program("leat-agent"), "run", "--config", config},
             .environment = {},
             .log_file = folder.file("log"),
             .folder = folder.path().string()});
    }

    support::TemporaryFolder folder;
};

/// A client that sends requests to node `n` and keeps every message from it.
class Asker {
  public:
    explicit Asker(const support::Mosquitto& broker, const std::string& user = {},
                   const std::string& password_file = {})
        : peer_(options(broker, user, password_file)) {
        REQUIRE(peer_.connect());
    }

    template <class Predicate>
    bool until(Predicate predicate, base::Duration timeout = std::chrono::seconds{20}) {
        return peer_.until(
            [&] {
                while (auto message = peer_.connection.take()) heard_.push_back(*message);
                return predicate();
            },
            timeout);
    }

    /// Waits until the node has published `ready` since the last forget().
    bool wait_for_ready() {
        return until([this] {
            const auto* status = last("leat/v1/n/status");
            return status != nullptr && status->payload.starts_with(R"({"state":"ready")");
        });
    }

    void publish(const broker::Outgoing& message) { CHECK(peer_.send(message)); }

    /// Sends a request and returns its transaction.
    std::string send(const std::string& verb, const std::string& arguments, bool retain = false) {
        auto transaction = std::to_string(++transactions_);
        publish({.topic = "leat/v1/n/request/" + verb,
                 .payload = fmt::format(R"({{"transaction":"{}"{}{}}})", transaction,
                                        arguments.empty() ? "" : ",", arguments),
                 .qos = 1,
                 .retain = retain,
                 .expiry = {}});
        return transaction;
    }

    /// The answer to a transaction; nothing when none comes in time.
    std::optional<base::Json> answer(const std::string& verb, const std::string& transaction,
                                     base::Duration timeout = std::chrono::seconds{20}) {
        std::optional<base::Json> found;
        until(
            [&] {
                for (const auto& message : heard_) {
                    if (message.topic != "leat/v1/n/response/" + verb) continue;
                    auto json = base::parse_json(message.payload);
                    if (json && text(json.value(), "transaction") == transaction) {
                        found = std::move(json).value();
                    }
                }
                return found.has_value();
            },
            timeout);
        return found;
    }

    /// The answer to a request; fails the test when none comes.
    base::Json ask(const std::string& verb, const std::string& arguments) {
        const auto found = answer(verb, send(verb, arguments));
        REQUIRE(found.has_value());
        return *found;
    }

    /// The newest message of a topic; null when there is none.
    const broker::Message* last(const std::string& topic) const {
        const auto at = std::find_if(heard_.rbegin(), heard_.rend(),
                                     [&](const auto& message) { return message.topic == topic; });
        return at == heard_.rend() ? nullptr : &*at;
    }

    void forget() { heard_.clear(); }

  private:
    static broker::PahoOptions options(const support::Mosquitto& broker, const std::string& user,
                                       const std::string& password_file) {
        auto result = options_for(broker, "asker",
                                  {{.filter = "leat/v1/n/response/+", .qos = 1},
                                   {.filter = "leat/v1/n/status", .qos = 1},
                                   {.filter = "homeassistant/device/+/config", .qos = 1}});
        result.user = user;
        result.password_file = password_file;
        return result;
    }

    Peer peer_;
    std::vector<broker::Message> heard_;
    int transactions_ = 0;
};

}  // namespace agent_test
