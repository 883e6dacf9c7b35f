#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "delivery/outbox/sqlite_outbox.hpp"
#include "wire/record.hpp"

namespace tables_test {

/// What runs have sent, whatever became of it there.
struct Sent {
    using Reading = std::tuple<std::string, std::int64_t, double>;  // Series, ms, value.
    std::vector<Reading> readings{};                                // In the order of the records.
    std::map<std::string, std::uint64_t> failed{};                  // By "series: reason".
    std::map<std::string, wire::SeriesDeclaration> declared{};

    void add(const wire::Record& record) {
        if (const auto* const data = std::get_if<wire::Data>(&record.body)) {
            for (const auto& column : data->columns) {
                const auto& raw = std::get<wire::RawColumn>(column.points);
                for (std::size_t i = 0; i < raw.values.size(); ++i) {
                    readings.emplace_back(column.series,
                                          base::to_milliseconds(data->at) + raw.dt_ms[i],
                                          raw.values[i]);
                }
            }
        }
        if (const auto* const lost = std::get_if<wire::Failed>(&record.body)) {
            for (const auto& column : lost->columns) {
                for (const auto count : column.counts) {
                    failed[column.series + ": " + column.reason] += count;
                }
            }
        }
        if (const auto* const series = std::get_if<wire::SeriesDeclaration>(&record.body)) {
            declared[series->series] = *series;
        }
    }
    static Sent read(const delivery::SqliteOutboxOptions& options) {
        const auto opened = delivery::SqliteOutbox::open(options);
        REQUIRE_MESSAGE(opened, opened.error().detail);
        Sent sent;
        for (std::uint64_t after = 0;;) {
            const auto records = opened.value()->read(after, 100, 1 << 20U);
            REQUIRE(records);
            if (records.value().empty()) return sent;
            for (const auto& record : records.value()) {
                sent.add(wire::decode_record(record.line).value());
                after = record.seq;
            }
        }
    }
    /// In order.
    std::vector<Reading> sorted() const {
        auto all = readings;
        std::sort(all.begin(), all.end());
        return all;
    }
};

}  // namespace tables_test
