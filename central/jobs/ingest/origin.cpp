#include "central/jobs/ingest/origin.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <utility>

#include "base/ensure.hpp"
#include "central/sinks/database_query.hpp"
#include "wire/identity.hpp"

namespace jobs {

namespace {

using namespace std::chrono_literals;

/// Beside the database, as the locks are; where that is on a server, the job must say it.
std::string read_outbox(Keys& keys, const sinks::Address& database, const std::string& node) {
    if (database.is_server()) return keys.required_text("outbox");
    return keys.text("outbox", database.text() + ".node-" + node + ".outbox");
}

/// What the outbox belongs to: the owner of the database, or of the folder.
std::string owner_of(const std::string& outbox, const sinks::Address& database) {
    if (!database.is_server()) return database.text();
    return std::filesystem::path{outbox}.parent_path().string();
}

}  // namespace

base::Result<std::unique_ptr<imports::Carrier>> Origin::open() const {
    auto opened = imports::Carrier::open(carrier, clock());
    if (!opened || opened.value()->committed() > 0) return opened;
    if (auto own = check_node(); !own) return own.error();
    return opened;
}

base::Result<std::map<std::string, std::string>> Origin::notes() const {
    auto noted = imports::notes_in(carrier);
    if (!noted || !noted.value().empty()) return noted;
    if (auto own = check_node(); !own) return own.error();
    return noted;
}

base::Status Origin::check_node() const {
    auto database = sinks::DatabaseQuery::open(database_);
    if (!database) return database.error();
    const auto known = database.value()->node(carrier.node);
    if (!known) return known.error();
    if (!known.value()) return base::Done{};
    return base::Error{
        base::Fault::misconfigured,
        fmt::format("central knows a node {0} already, and nothing was ever sent from {1}: give "
                    "the job a node of its own. If it had this one, put the newest copy of its "
                    "outbox back; or remove what counts (leat-central forget {0}), and bring "
                    "everything again, files that are in done/ too",
                    carrier.node, carrier.outbox)};
}

base::Status Origin::check_series(std::size_t series) const {
    if (series <= series_max_) return base::Done{};
    return base::Error{base::Fault::exhausted,
                       fmt::format("it has {} series, and central takes {} of a node: raise "
                                   "limits.series_per_node and start central again; what is in "
                                   "quarantine for that then counts",
                                   series, series_max_)};
}

Work Origin::work_of(const imports::Tally& tally, const imports::Untold& before, std::size_t series,
                     std::string read) const {
    const auto readings = tally.readings + before.readings;
    const auto of_series = series > 0 ? fmt::format(" of {} series", series) : std::string{};
    return {.records = readings,
            .read = std::move(read),
            .wrote = fmt::format("{} readings{} of node {}{}", readings, of_series, carrier.node,
                                 imports::sentence_of(before))};
}

const base::Clock& Origin::clock() const {
    ENSURE(clock_ != nullptr);
    return *clock_;
}

Origin read_origin(Keys& keys, const Place& place) {
    imports::CarrierOptions carrier{.outbox = {},
                                    .like = {},
                                    .node = keys.required_text("node"),
                                    .broker = place.broker,
                                    .topics = wire::Topics{place.topic_root}};
    if (!carrier.node.empty() && !wire::is_node_name(carrier.node)) {
        keys.refuse("node", fmt::format("node: \"{}\" may hold a-z, 0-9 and dashes only, no dash "
                                        "first, at most 63, and must not be bridge, central or "
                                        "alert",
                                        carrier.node));
    }
    carrier.outbox = read_outbox(keys, place.database, carrier.node);
    carrier.like = owner_of(carrier.outbox, place.database);
    carrier.patience = keys.duration("patience", carrier.patience, 1s, 24h);
    carrier.broker.user = keys.text("broker_user", carrier.broker.user);
    carrier.broker.password_file = keys.text("broker_password_file", carrier.broker.password_file);
    return {std::move(carrier), place};
}

std::optional<base::Duration> read_period(Keys& keys) {
    const auto period = keys.duration("period", 0s, 0s, 24h);
    return period > 0s ? std::optional{period} : std::nullopt;
}

}  // namespace jobs
