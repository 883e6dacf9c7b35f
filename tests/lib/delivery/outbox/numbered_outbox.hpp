#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <memory>

#include "delivery/outbox/sqlite_outbox.hpp"
#include "lib/delivery/outbox/faulty_disk.hpp"
#include "support/temporary_folder.hpp"

/// An outbox on disk whose records are numbered, and that may be checked at a glance.
namespace outbox_test {

using agent_test::FaultyDisk;
using delivery::Flush;
using delivery::SqliteOutbox;

inline Flush numbered(std::uint64_t number) {
    return {.lines = {fmt::format(R"({{"k":"x","n":{}}})", number)},
            .contents = {{.readings = 1, .first_ms = 1, .last_ms = 1}},
            .positions = {{"csv", fmt::format("{}", number)}},
            .settled = 0};
}

inline delivery::SqliteOutboxOptions options_in(const support::TemporaryFolder& folder) {
    delivery::SqliteOutboxOptions options;
    options.path = folder.file("outbox.db");
    options.node.assign(1, 'n');  // GCC 12 warns wrongly of = "n" here.
    return options;
}

inline std::unique_ptr<SqliteOutbox> open_in(const support::TemporaryFolder& folder) {
    auto outbox = SqliteOutbox::open(options_in(folder));
    REQUIRE_MESSAGE(outbox, (outbox ? "" : outbox.error().detail));
    return std::move(outbox).value();
}

/// Every line that is stored is another one, and they are those from 1 to `last`.
inline void check_books(const SqliteOutbox& outbox, std::uint64_t last) {
    const auto records = outbox.read(0, 1000, 1'000'000);
    REQUIRE(records);
    REQUIRE(records.value().size() == last);
    for (std::uint64_t i = 1; i <= last; ++i) {
        CHECK(records.value()[i - 1].line == numbered(i).lines[0]);
    }
}

/// What a dying card does to a file that nobody has open.
inline void overwrite(const support::TemporaryFolder& folder, std::size_t from, std::size_t bytes) {
    std::fstream file(folder.file("outbox.db"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(from));
    file << std::string(bytes, '\x5a');
}

}  // namespace outbox_test
