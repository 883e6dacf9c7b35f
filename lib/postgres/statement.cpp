#include "postgres/statement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/ensure.hpp"
#include "postgres/columns.hpp"

namespace postgres {

namespace {

// A walk asks for few rows first, as that may be all; and when it goes on for more at once, with as
// many on their way.
constexpr int kRowsAtFirst = 64;
constexpr int kRowsThen = 512;

}  // namespace

void Statement::set(int place, Value value) {
    const auto at = static_cast<std::size_t>(place - 1);
    if (values_.size() <= at) values_.resize(at + 1);
    values_[at] = value;
}

/// Numbers and bytes say their types, the server those of the others: a text may be bytes there.
base::Status Statement::prepare() {
    if (!name_.empty()) return base::Done{};
    std::vector<Oid> types;
    for (const auto& value : values_) {
        const bool is_text = std::holds_alternative<std::string_view>(value);
        types.push_back(is_text ? 0 : type_of(value));
    }
    const auto name = link_.fresh_name();
    if (auto sent = link_.prepare(name, sql_, types); !sent) return sent;
    if (auto sent = link_.describe(name); !sent) return sent;
    const auto described = link_.settle();
    if (!described) return described.error();
    const auto* answer = described.value().get();
    for (int i = 0; i < PQnparams(answer); ++i) types_.push_back(PQparamtype(answer, i));
    name_ = name;
    return base::Done{};
}

base::Result<Parameters> Statement::parameters(int bound) const {
    ENSURE(static_cast<std::size_t>(bound) == values_.size());
    Parameters parameters;
    for (std::size_t i = 0; i < values_.size(); ++i) {
        parameters.add(values_[i], is_walk_ ? type_of(values_[i]) : types_[i]);
    }
    return parameters;
}

base::Status Statement::send(int bound) {
    if (auto written = link_.write_pending(); !written) return written;
    if (auto ready = prepare(); !ready) return ready;
    ENSURE(types_.size() == static_cast<std::size_t>(bound));
    const auto values = parameters(bound);
    if (!values) return values.error();
    return link_.run(name_, values.value());
}

base::Status Statement::open_cursor(int bound) {
    if (auto written = link_.write_pending(); !written) return written;
    if (!link_.is_in_transaction) {
        if (auto begun = link_.run_text("BEGIN READ ONLY"); !begun) return begun;
        has_own_transaction_ = true;
    }
    const auto values = parameters(bound);
    if (!values) return values.error();
    name_ = link_.fresh_name();
    has_cursor_ = true;
    rows_asked_ = 0;
    return link_.run_text(fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", name_, sql_),
                          values.value());
}

std::string Statement::fetch_text() {
    rows_asked_ = rows_asked_ == 0 ? kRowsAtFirst : kRowsThen;
    return fmt::format("FETCH {} FROM {}", rows_asked_, name_);
}

base::Result<Answer> Statement::next_rows() {
    if (std::exchange(is_ahead_, false)) {
        if (!awaited_) link_.collect_awaited();
        return *std::exchange(awaited_, std::nullopt);
    }
    if (auto written = link_.write_pending(); !written) return written.error();
    if (auto sent = link_.run_text(fetch_text()); !sent) return sent.error();
    return link_.settle();
}

/// While these rows are read the server goes on to the next ones.
base::Status Statement::fetch() {
    const bool is_first = rows_asked_ == 0;
    auto rows = next_rows();
    if (!rows) return rows.error();
    answer_ = std::move(rows).value();
    row_ = -1;
    is_last_ = PQntuples(answer_.get()) < rows_asked_;
    if (is_first || is_last_ || !link_.is_idle()) return base::Done{};
    if (auto asked = link_.ask_ahead(fetch_text(), awaited_); !asked) return asked;
    is_ahead_ = true;
    return base::Done{};
}

base::Result<bool> Statement::next(int bound) {
    if (!is_busy_) {
        is_busy_ = true;
        if (is_walk_) {
            if (auto opened = open_cursor(bound); !opened) return opened.error();
            if (auto fetched = fetch(); !fetched) return fetched.error();
        } else {
            if (auto sent = send(bound); !sent) return sent.error();
            auto rows = link_.settle();
            if (!rows) return rows.error();
            answer_ = std::move(rows).value();
        }
    }
    if (!answer_) return false;
    if (++row_ < PQntuples(answer_.get())) return true;
    if (!is_walk_ || is_last_) return false;
    if (auto fetched = fetch(); !fetched) return fetched.error();
    return ++row_ < PQntuples(answer_.get());
}

base::Status Statement::run(int bound) {
    // A use that has read rows goes on to its end.
    if (is_busy_) return base::Done{};
    if (auto sent = send(bound); !sent) return sent;
    if (link_.is_in_transaction) return base::Done{};
    const auto settled = link_.settle();
    if (!settled) return settled.error();
    return base::Done{};
}

std::uint64_t Statement::changed() const {
    if (!answer_) return 0;
    const std::string_view text = PQcmdTuples(answer_.get());
    std::uint64_t rows = 0;
    std::from_chars(text.data(), text.data() + text.size(), rows);
    return rows;
}

bool Statement::is_null(int column) const {
    return PQgetisnull(answer_.get(), row_, column) == 1;
}

std::int64_t Statement::integer(int column) const {
    return read_integer(answer_.get(), row_, column);
}

double Statement::number(int column) const {
    return read_number(answer_.get(), row_, column);
}

std::string_view Statement::text(int column) const {
    if (is_textual(answer_.get(), column)) return read_bytes(answer_.get(), row_, column);
    scratch_ = number_text(answer_.get(), row_, column);
    return scratch_;
}

std::span<const std::uint8_t> Statement::bytes(int column) const {
    const auto read = read_bytes(answer_.get(), row_, column);
    return {reinterpret_cast<const std::uint8_t*>(read.data()), read.size()};
}

/// A transaction of several that has failed is not trusted any more.
void Statement::drop_awaited(bool is_own_transaction) {
    if (!std::exchange(is_ahead_, false)) return;
    if (!awaited_) link_.collect_awaited();
    const auto rows = *std::exchange(awaited_, std::nullopt);
    if (!rows && !is_own_transaction) link_.lose(rows.error());
}

void Statement::close_cursor() {
    if (!has_cursor_) return;
    has_cursor_ = false;
    const bool ends = std::exchange(has_own_transaction_, false);
    drop_awaited(ends);
    if (link_.is_lost()) return;
    // Of a transaction that failed neither can be closed; it is not trusted any more either way.
    auto sent = link_.run_text(ends ? std::string{"ROLLBACK"} : "CLOSE " + name_);
    if (!sent || !ends) return;
    if (const auto settled = link_.settle(); !settled) link_.lose(settled.error());
}

void Statement::reset() {
    close_cursor();
    values_.clear();
    answer_.reset();
    row_ = -1;
    is_busy_ = false;
}

}  // namespace postgres
