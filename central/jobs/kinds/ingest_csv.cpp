#include "central/jobs/kinds/ingest_csv.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/ensure.hpp"
#include "central/imports/carrier.hpp"
#include "central/imports/parts/intake.hpp"
#include "wire/identity.hpp"

namespace jobs {

namespace {

using namespace std::chrono_literals;

/// As which node a job that brings readings sends them, and how.
class Origin {
  public:
    Origin(imports::CarrierOptions options, const Place& place)
        : carrier(std::move(options)), clock_(place.clock), series_max_(place.series_max) {}

    /// What central takes of a node. Exhausted, with what to do, when there are more.
    base::Status check_series(std::size_t series) const;

    /// ENSUREs that there is one: a job that only is explained has none.
    const base::Clock& clock() const;

    imports::CarrierOptions carrier;

  private:
    const base::Clock* clock_;
    std::size_t series_max_;
};

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

base::Status Origin::check_series(std::size_t series) const {
    if (series <= series_max_) return base::Done{};
    return base::Error{base::Fault::exhausted,
                       fmt::format("it has sent {} series, and central takes {} of a node: raise "
                                   "limits.series_per_node and start central again; what is in "
                                   "quarantine for that then counts",
                                   series, series_max_)};
}

const base::Clock& Origin::clock() const {
    ENSURE(clock_ != nullptr);
    return *clock_;
}

/// `node`, `outbox`, `patience`, `broker_user` and `broker_password_file`.
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

/// `sensor` and `period`.
imports::PackerOptions read_packer(Keys& keys, const std::string& kind) {
    imports::PackerOptions options{.sensor = keys.required_text("sensor"), .kind = kind};
    if (!options.sensor.empty() && !wire::is_series_name(options.sensor + ".x")) {
        keys.refuse("sensor", fmt::format("sensor: \"{}\" may hold a-z, 0-9, _ and - only, a "
                                          "letter or digit first, at most 63",
                                          options.sensor));
    }
    const auto period = keys.duration("period", 0s, 0s, 24h);
    if (period > 0s) options.period = period;
    return options;
}

class IngestCsv final : public Job {
  public:
    IngestCsv(imports::IntakeOptions options, Origin origin)
        : options_(std::move(options)), origin_(std::move(origin)) {}

    std::string explain() const override {
        return fmt::format(
            "Reads the files {1} in {0}, in the order of their times, as series of the node {2} "
            "({3}.…): sends them through the broker {4} as every node does, so that their windows "
            "and findings are those of live readings. A file moves to {0}/done when central has "
            "all of it, and to {0}/refused, with its reason beside it, when it cannot be read. The "
            "same content counts once, whatever its name; a file that has grown goes on. What was "
            "read and how far stands in {5}: it must stay.",
            options_.inbox.folder, fmt::join(options_.inbox.match, " "), origin_.carrier.node,
            options_.packer.sensor, origin_.carrier.broker.address, origin_.carrier.outbox);
    }
    Heeds heeds() const override { return {.from = true, .to = true, .limit = true}; }
    std::string remedy() const override {
        return fmt::format(
            "do what it says. Nothing is lost and nothing counts twice: the next run goes on. What "
            "was refused is in {0}/refused, with its reason beside it; do what that says, and put "
            "it "
            "back into {0}",
            options_.inbox.folder);
    }

    base::Result<Work> run(const Order& order, base::EventTime now, Progress& progress) override {
        auto options = options_;
        options.packer.from = order.from;
        options.packer.to = order.to;
        options.rows_max = order.limit;
        imports::Intake intake{options, origin_.clock(),
                               [&](auto done, auto total) { progress.report(done, total); },
                               [&] { return progress.may_write(); }};
        const auto done = order.is_dry ? rehearse(intake, now) : take(intake, now, progress);
        const auto& account = intake.account();
        auto trouble = trouble_of(account);
        if (!done) return failure(done.error(), trouble, account);
        if (!trouble.empty()) {
            return failure({base::Fault::malformed, std::move(trouble)}, {}, account);
        }
        if (auto fits = origin_.check_series(account.series); !fits) {
            return failure(fits.error(), {}, account);
        }
        return Work{.records = account.tally.readings,
                    .read = sentence_of(account, options_.inbox.folder),
                    .wrote = wrote(account)};
    }

  private:
    /// No two runs may have the outbox open.
    base::Status take(imports::Intake& intake, base::EventTime now, Progress& progress) const {
        if (auto may = progress.may_write(); !may) return may;
        auto carrier = imports::Carrier::open(origin_.carrier, origin_.clock());
        if (!carrier) return carrier.error();
        return intake.take(*carrier.value(), now);
    }

    /// What an earlier run has noted is heeded, and none is made for it.
    base::Status rehearse(imports::Intake& intake, base::EventTime now) const {
        const auto noted = imports::notes_in(origin_.carrier.outbox);
        if (!noted) return noted.error();
        auto book = imports::Book::load([&](const std::string& key) -> std::optional<std::string> {
            const auto found = noted.value().find(key);
            if (found == noted.value().end()) return std::nullopt;
            return found->second;
        });
        if (!book) return book.error();
        return intake.rehearse(std::move(book).value(), now);
    }

    std::string wrote(const imports::Account& account) const {
        return fmt::format("{} readings of {} series of node {}", account.tally.readings,
                           account.series, origin_.carrier.node);
    }

    /// What was read stays read.
    base::Error failure(const base::Error& error, const std::string& trouble,
                        const imports::Account& account) const {
        auto detail = error.detail;
        if (!trouble.empty()) detail += ". " + trouble;
        if (account.rows > 0) {
            detail += fmt::format(". It has read {}, and written {}",
                                  sentence_of(account, options_.inbox.folder), wrote(account));
        }
        return {error.fault, std::move(detail)};
    }

    imports::IntakeOptions options_;
    Origin origin_;
};

}  // namespace

std::unique_ptr<Job> make_ingest_csv(Keys& keys, const Place& place) {
    imports::IntakeOptions options;
    options.inbox.folder = keys.required_text("folder");
    options.inbox.match = keys.texts("match", options.inbox.match);
    options.inbox.settle = keys.duration("settle", options.inbox.settle, 0s, 24h);
    options.needs_last_newline = keys.boolean("last_newline", options.needs_last_newline);
    options.table = drivers::replay::read_part_options(keys.file());
    options.packer = read_packer(keys, "ingest-csv");
    return std::make_unique<IngestCsv>(std::move(options), read_origin(keys, place));
}

}  // namespace jobs
