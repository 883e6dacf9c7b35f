#include "central/jobs/sql/layout.hpp"

#include <bit>
#include <string_view>

namespace jobs {

namespace {

using odbc::TableColumn;
using odbc::Type;

constexpr odbc::Column kInteger{.type = Type::integer};
constexpr odbc::Column kNumber{.type = Type::number};
constexpr odbc::Column kSeries{.type = Type::text, .units_max = 200};
constexpr odbc::Column kWord{.type = Type::text, .units_max = 64};

/// FNV-1a.
class Digest {
  public:
    void add(std::string_view bytes) {
        for (const char byte : bytes) add_byte(static_cast<std::uint8_t>(byte));
    }
    void add(std::uint64_t number) {
        for (unsigned shift = 0; shift < 64; shift += 8) {
            add_byte(static_cast<std::uint8_t>(number >> shift));
        }
    }
    std::uint64_t value() const { return value_; }

  private:
    void add_byte(std::uint8_t byte) {
        value_ ^= byte;
        value_ *= 0x100000001b3U;
    }

    std::uint64_t value_ = 0xcbf29ce484222325U;
};

}  // namespace

Layout layout_of(RowKind kind, const std::string& table, TimeForm form) {
    if (kind == RowKind::readings) {
        return {.table = {.name = table,
                          .columns = {{"series", kSeries},
                                      {"time", column_of(form)},
                                      {"nth", kInteger},
                                      {"quantity", kWord},
                                      {"unit", kWord},
                                      {"value", kNumber},
                                      {"quality", kWord},
                                      {"clock", kWord},
                                      {"mark", kInteger}},
                          .key = {"series", "time", "nth"}},
                .time = "time",
                .nth = "nth",
                .form = form};
    }
    return {.table = {.name = table,
                      .columns = {{"series", kSeries},
                                  {"window_ms", kInteger},
                                  {"start", column_of(form)},
                                  {"quantity", kWord},
                                  {"unit", kWord},
                                  {"count", kInteger},
                                  {"mean", kNumber},
                                  {"min", kNumber},
                                  {"max", kNumber},
                                  {"first", kNumber},
                                  {"last", kNumber},
                                  {"failed", kInteger},
                                  {"expected", kInteger, true},
                                  {"state", kWord},
                                  {"quality", kNumber, true},
                                  {"revision", kInteger},
                                  {"mark", kInteger}},
                      .key = {"series", "window_ms", "start"}},
            .time = "start",
            .nth = std::nullopt,
            .form = form};
}

void append_mark(std::vector<odbc::Value>& values) {
    Digest digest;
    for (const auto& value : values) {
        digest.add(std::uint64_t{value.index()});
        if (const auto* const whole = std::get_if<std::int64_t>(&value)) {
            digest.add(static_cast<std::uint64_t>(*whole));
        } else if (const auto* const number = std::get_if<double>(&value)) {
            digest.add(std::bit_cast<std::uint64_t>(*number));
        } else if (const auto* const text = std::get_if<std::string>(&value)) {
            digest.add(std::uint64_t{text->size()});
            digest.add(*text);
        } else if (const auto* const time = std::get_if<odbc::Time>(&value)) {
            digest.add(static_cast<std::uint64_t>(time->time_since_epoch().count()));
        }
    }
    values.emplace_back(static_cast<std::int64_t>(digest.value()));
}

}  // namespace jobs
