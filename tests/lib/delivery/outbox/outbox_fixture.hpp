#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "delivery/outbox/memory_outbox.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "support/temporary_folder.hpp"
#include "wire/record.hpp"

/// What the tests of the outbox's contract share: the same outbox on disk and in memory.
namespace outbox_test {

using delivery::Flush;
using delivery::MemoryOutbox;
using delivery::Outbox;
using delivery::SqliteOutbox;

constexpr std::uint64_t kQuota = 1024 * 1024;

/// Incarnations 1, 2, 3 …: a test must be able to tell them apart.
struct Numbers {
    std::uint64_t last = 0;
    std::uint64_t operator()() { return ++last; }
};

template <class Kind>
struct Fixture;

template <>
struct Fixture<MemoryOutbox> {
    bool thin = false;

    std::unique_ptr<Outbox> open() const {
        return std::make_unique<MemoryOutbox>(delivery::MemoryOutboxOptions{
            .node = "n", .quota = kQuota, .thin = thin, .new_incarnation = Numbers{}});
    }
};

template <>
struct Fixture<SqliteOutbox> {
    bool thin = false;
    support::TemporaryFolder folder{};

    std::unique_ptr<Outbox> open() const {
        auto outbox = SqliteOutbox::open({.path = folder.file("outbox.db"),
                                          .node = "n",
                                          .quota = kQuota,
                                          .thin = thin,
                                          .vfs = {},
                                          .new_incarnation = Numbers{}});
        REQUIRE_MESSAGE(outbox, (outbox ? "" : outbox.error().detail));
        return std::move(outbox).value();
    }
};

inline std::vector<delivery::StoredRecord> all(const Outbox& outbox) {
    std::vector<delivery::StoredRecord> all;
    for (std::uint64_t after = 0;; after = all.back().seq) {
        auto records = outbox.read(after, 1'000'000, 1'000'000'000);
        REQUIRE(records);
        if (records.value().empty()) return all;
        for (auto& record : records.value()) all.push_back(std::move(record));
    }
}

/// The chain of what is stored, computed again, agrees with every stored hash; numbers are missing
/// only in the hole.
inline void check_chain(const Outbox& outbox) {
    const auto extent = outbox.extent();
    const auto before = outbox.hash_at(extent.lowest - 1);
    REQUIRE(before);
    REQUIRE(before.value());
    auto hash = *before.value();
    auto seq = extent.lowest;
    for (const auto& record : all(outbox)) {
        if (extent.hole && seq == extent.hole->after + 1) {
            if (seq != extent.hole->upto) CHECK_FALSE(outbox.hash_at(seq).value());
            seq = extent.hole->upto + 1;
            REQUIRE(outbox.hash_at(extent.hole->upto).value());
            hash = *outbox.hash_at(extent.hole->upto).value();
        }
        REQUIRE(record.seq == seq);
        hash = wire::Chain{}.next(hash, seq, record.line);
        REQUIRE(record.hash == hash);
        REQUIRE(outbox.hash_at(seq).value() == hash);
        ++seq;
    }
    CHECK(seq == extent.head + 1);
    CHECK(extent.records_after(0) == all(outbox).size());
}

}  // namespace outbox_test

#define BOTH delivery::MemoryOutbox, delivery::SqliteOutbox
