#include "central/sinks/alerts/alert_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "central/sinks/access/writer.hpp"
#include "central/sinks/tables/alerts/alert_tables.hpp"
#include "central/sinks/tables/dimensions.hpp"
#include "central/sinks/tables/schema.hpp"
#include "central/sinks/tables/values.hpp"
#include "sql/transaction.hpp"

namespace sinks {

AlertBook::AlertBook(Address address, std::uint64_t ended_max)
    : address_(std::move(address)), ended_max_(ended_max) {}

base::Status AlertBook::open() {
    if (database_ && !database_->is_lost()) return base::Done{};
    database_.reset();
    auto opened = open_current(address_);
    if (!opened) return opened.error();
    database_ = std::move(opened).value();
    return base::Done{};
}

template <class Value>
base::Result<Value> AlertBook::trusted(base::Result<Value> result) {
    if (!result) database_.reset();
    return result;
}

base::Result<alerts::Kept> AlertBook::load(base::EventTime since) {
    if (auto opened = open(); !opened) return opened.error();
    return trusted(read_kept(*database_, since));
}

base::Result<std::uint64_t> AlertBook::save(const std::vector<alerts::Alert>& alerts,
                                            const std::vector<alerts::Delivery>& deliveries) {
    if (auto opened = open(); !opened) return opened.error();
    return trusted(write(alerts, deliveries));
}

base::Result<std::uint64_t> AlertBook::write(const std::vector<alerts::Alert>& alerts,
                                             const std::vector<alerts::Delivery>& deliveries) {
    sql::Transaction transaction{*database_};
    if (!transaction.begun()) return transaction.begun().error();
    if (auto mine = check_writer(*database_); !mine) return mine.error();
    bool has_ended = false;
    for (const auto& alert : alerts) {
        if (auto written = write_alert(*database_, alert); !written) return written.error();
        has_ended |= alert.state == alerts::State::closed;
    }
    for (const auto& delivery : deliveries) {
        if (auto written = write_delivery(*database_, delivery); !written) return written.error();
    }
    auto dropped = has_ended ? trim_alerts(*database_, ended_max_) : std::uint64_t{0};
    if (!dropped) return dropped;
    if (auto done = transaction.commit(); !done) return done.error();
    return dropped;
}

base::Result<std::vector<alerts::Silence>> AlertBook::silences(base::EventTime now) {
    if (auto opened = open(); !opened) return opened.error();
    return trusted(read_silences(*database_, now));
}

base::Result<std::vector<alerts::Listed>> AlertBook::list(const alerts::AlertRange& range) {
    if (auto opened = open(); !opened) return opened.error();
    return trusted(read_alerts(*database_, range));
}

base::Result<bool> AlertBook::is_known(const std::string& node, const std::string& series) {
    if (auto opened = open(); !opened) return opened.error();
    Dimensions dimensions(*database_);
    if (!series.empty()) {
        const auto id = dimensions.series_id(node, series);
        if (!id) return id.error();
        return id.value().has_value();
    }
    const auto row = dimensions.node(node);
    if (!row) return row.error();
    return row.value().has_value();
}

base::Result<std::int64_t> AlertBook::add_silence(const alerts::Silence& silence) {
    if (auto opened = open(); !opened) return opened.error();
    return trusted(insert(silence));
}

base::Result<std::int64_t> AlertBook::insert(const alerts::Silence& silence) {
    sql::Transaction transaction{*database_};
    if (!transaction.begun()) return transaction.begun().error();
    auto ended = database_->query("DELETE FROM silence WHERE ends <= ?");
    if (auto removed = ended.bind(silence.from).run(); !removed) return removed.error();
    const auto all = database_->number("SELECT count(*) FROM silence");
    if (!all) return all.error();
    if (all.value() >= static_cast<std::int64_t>(kSilencesMax)) {
        return base::Error{base::Fault::exhausted,
                           fmt::format("there are {} silences already; end some", kSilencesMax)};
    }
    std::int64_t id = 0;
    {
        auto query = database_->query(
            "INSERT INTO silence (node, series, began, ends, reason) VALUES (?, ?, ?, ?, ?)"
            " RETURNING id");
        query.bind(silence.node).bind(silence.series).bind(silence.from).bind(silence.to);
        const auto returned = returned_id(query.bind(silence.reason));
        if (!returned) return returned.error();
        id = returned.value();
    }
    if (auto done = transaction.commit(); !done) return done.error();
    return id;
}

base::Result<bool> AlertBook::end_silence(std::int64_t id, base::EventTime now) {
    if (auto opened = open(); !opened) return opened.error();
    auto query = database_->query("UPDATE silence SET ends = ?2 WHERE id = ?1 AND ends > ?2");
    const auto changed = query.bind(id).bind(now).run_and_count();
    if (!changed) return changed.error();
    return changed.value() > 0;
}

}  // namespace sinks
