#include "central/jobs/ingest/ingest_csv.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "central/imports/parts/intake.hpp"
#include "central/jobs/ingest/origin.hpp"
#include "wire/identity.hpp"

namespace jobs {

namespace {

using namespace std::chrono_literals;

/// `sensor` and `period`.
imports::PackerOptions read_packer(Keys& keys) {
    imports::PackerOptions options{.sensor = keys.required_text("sensor"), .kind = "ingest-csv"};
    if (!options.sensor.empty() && !wire::is_series_name(options.sensor + ".x")) {
        keys.refuse("sensor", fmt::format("sensor: \"{}\" may hold a-z, 0-9, _ and - only, a "
                                          "letter or digit first, at most 63",
                                          options.sensor));
    }
    options.period = read_period(keys);
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
            "do what it says. Nothing counts twice: the next run goes on. What "
            "a run refuses it moves to {0}/refused, with its reason beside it (a dry run moves "
            "nothing): do what that says, and put it back into {0}",
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
        return origin_.work_of(account.tally, account.before, account.series,
                               sentence_of(account, options_.inbox.folder));
    }

  private:
    /// No two runs may have the outbox open.
    base::Status take(imports::Intake& intake, base::EventTime now, Progress& progress) const {
        if (auto may = progress.may_write(); !may) return may;
        auto carrier = origin_.open();
        if (!carrier) return carrier.error();
        if (auto taken = intake.take(*carrier.value(), now); !taken) return taken;
        if (auto fits = origin_.check_series(intake.account().series); !fits) return fits;
        return intake.end_account(*carrier.value());
    }

    /// What an earlier run has noted is heeded, and none is made for it.
    base::Status rehearse(imports::Intake& intake, base::EventTime now) const {
        const auto noted = origin_.notes();
        if (!noted) return noted.error();
        auto book = imports::Book::load([&](const std::string& key) -> std::optional<std::string> {
            const auto found = noted.value().find(key);
            if (found == noted.value().end()) return std::nullopt;
            return found->second;
        });
        if (!book) return book.error();
        if (auto read = intake.rehearse(std::move(book).value(), now); !read) return read;
        return origin_.check_series(intake.account().series);
    }

    /// What was read stays read.
    base::Error failure(const base::Error& error, const std::string& trouble,
                        const imports::Account& account) const {
        auto detail = error.detail;
        if (!trouble.empty()) detail += ". " + trouble;
        if (account.rows > 0) {
            detail += fmt::format(". It has read {}. Written are {} readings of node {}",
                                  sentence_of(account, options_.inbox.folder), account.committed,
                                  origin_.carrier.node);
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
    options.packer = read_packer(keys);
    return std::make_unique<IngestCsv>(std::move(options), read_origin(keys, place));
}

}  // namespace jobs
