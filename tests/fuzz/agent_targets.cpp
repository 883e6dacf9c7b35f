#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "agent/commands/request.hpp"
#include "base/ensure.hpp"
#include "base/log.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "fuzz/targets.hpp"
#include "support/temporary_folder.hpp"
#include "wire/limits.hpp"

namespace fuzz {

namespace {

constexpr std::array kVerbs{agent::Verb::ping,   agent::Verb::read,      agent::Verb::flush,
                            agent::Verb::status, agent::Verb::log_level, agent::Verb::config};

delivery::SqliteOutboxOptions options_of(const support::TemporaryFolder& folder) {
    delivery::SqliteOutboxOptions options;
    options.path = folder.file("outbox.db");
    options.node = "n";
    options.quota = delivery::SqliteOutbox::kQuotaMin;
    options.damaged_kept = 1;
    return options;
}

delivery::Flush flush_of(int number) {
    delivery::Flush flush;
    for (int i = 0; i < 3; ++i) {
        flush.lines.push_back(R"({"k":"fault","t":1763630004000,"clk":"synced","sensor":"s",)"
                              R"("reason":")" +
                              std::to_string(number) + std::string(200, 'x') + "\"}");
        flush.contents.push_back({.readings = 1, .first_ms = number, .last_ms = number});
    }
    flush.positions["file"] = std::to_string(number);
    return flush;
}

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// The bytes of a good file, made once.
const std::string& good_file() {
    static const std::string kBytes = [] {
        const support::TemporaryFolder folder;
        {
            auto outbox = delivery::SqliteOutbox::open(options_of(folder));
            ENSURE(outbox);
            for (int i = 0; i < 40; ++i) ENSURE(outbox.value()->append(flush_of(i)));
            ENSURE(outbox.value()->reserve(20));
        }
        return content_of(folder.file("outbox.db"));
    }();
    return kBytes;
}

/// Three bytes say where, the fourth what; an odd number of bytes cuts the file at the last place.
std::string damaged_file(std::string_view input) {
    auto bytes = good_file();
    std::size_t place = 0;
    for (std::size_t i = 0; i + 3 < input.size(); i += 4) {
        place = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            place = place << 8U | static_cast<unsigned char>(input[i + j]);
        }
        place %= bytes.size();
        bytes[place] = input[i + 3];
    }
    if (input.size() % 2 == 1) bytes.resize(place);
    return bytes;
}

/// Whatever it holds: lines within their limits, each one with the hash that its place in the chain
/// gives it, or known as damaged.
void read_all(const delivery::Outbox& outbox) {
    const auto extent = outbox.extent();
    ENSURE(extent.lowest >= 1 && extent.lowest <= extent.head + 1);
    for (auto seq = extent.lowest - 1; seq < extent.head;) {
        const auto records = outbox.read(seq, 64, wire::kBatchBytesMax);
        if (!records || records.value().empty()) return;
        for (const auto& record : records.value()) {
            ENSURE(record.seq > seq);
            const auto before = outbox.hash_at(record.seq - 1);
            if (!record.damaged && before && before.value()) {
                ENSURE(wire::Chain{}.next(*before.value(), record.seq, record.line) == record.hash);
            }
            seq = record.seq;
        }
    }
}

}  // namespace

void request(std::string_view input) {
    const auto json = agent::parse_request(input);
    if (!json) {
        ENSURE(!json.error().detail.empty());
        return;
    }
    ENSURE(input.size() <= agent::kRequestBytesMax);
    if (const auto transaction = agent::transaction_of(json.value())) {
        ENSURE(transaction.value().size() <= agent::kTransactionBytesMax);
    }
    for (const auto verb : kVerbs) {
        const auto request = agent::read_request(verb, json.value());
        if (!request) {
            ENSURE(!request.error().detail.empty());
            continue;
        }
        ENSURE(request.value().verb == verb);
        ENSURE(request.value().within >= base::Duration::zero());
    }
}

/// A card that damaged the file: the outbox opens, with what is left or anew, and goes on; or it
/// says why it does not.
void outbox_file(std::string_view input) {
    base::set_log_level(base::LogLevel::error);
    const support::TemporaryFolder folder;
    folder.write("outbox.db", damaged_file(input.substr(0, 256)));
    std::uint64_t head = 0;
    {
        const auto outbox = delivery::SqliteOutbox::open(options_of(folder));
        if (!outbox) {
            ENSURE(!outbox.error().detail.empty());
            return;
        }
        read_all(*outbox.value());
        for (int i = 100; i < 110; ++i) {
            if (const auto added = outbox.value()->append(flush_of(i)); !added) {
                ENSURE(!added.error().detail.empty());
            }
        }
        read_all(*outbox.value());
        head = outbox.value()->extent().head;
    }
    const auto again = delivery::SqliteOutbox::open(options_of(folder));
    if (again && again.value()->extent().damaged == 0) ENSURE(again.value()->extent().head >= head);
}

}  // namespace fuzz
