// Goal: the code does what docs/wire.md says. Method: read its golden blocks, decode each and
// encode it again; the bytes must be the same.

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "places.hpp"
#include "wire/ack.hpp"
#include "wire/batch.hpp"
#include "wire/chain.hpp"
#include "wire/record.hpp"
#include "wire/status.hpp"

namespace {

/// The golden blocks of the document by their last word: record, batch, ack, status.
std::map<std::string, std::vector<std::string>> golden_blocks() {
    std::map<std::string, std::vector<std::string>> blocks;
    std::ifstream in(places::source("docs/wire.md"));
    const std::string opening = "```json golden ";
    std::string kind;
    std::string block;
    for (std::string line; std::getline(in, line);) {
        if (kind.empty()) {
            if (line.starts_with(opening)) kind = line.substr(opening.size());
        } else if (line == "```") {
            blocks[kind].push_back(block);
            kind.clear();
            block.clear();
        } else {
            block += (block.empty() ? "" : "\n") + line;
        }
    }
    return blocks;
}

/// The cells of the table row that begins with this text.
std::vector<std::string> row_starting(const std::string& start) {
    std::ifstream in(places::source("docs/wire.md"));
    std::vector<std::string> cells;
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with(start)) continue;
        std::size_t at = 0;
        while ((at = line.find('`', at)) != std::string::npos) {
            const auto end = line.find('`', at + 1);
            cells.push_back(line.substr(at + 1, end - at - 1));
            at = end + 1;
        }
    }
    return cells;
}

}  // namespace

TEST_SUITE("docs/wire") {
    TEST_CASE("every record of the document is what the code reads and writes") {
        const auto records = golden_blocks()["record"];
        CHECK(records.size() == 16);
        for (const auto& line : records) {
            CAPTURE(line);
            const auto record = wire::decode_record(line);
            REQUIRE(record);
            CHECK(wire::encode_record(record.value()) == line);
        }
    }

    TEST_CASE("every batch of the document is what the code reads and writes") {
        const auto batches = golden_blocks()["batch"];
        CHECK(batches.size() == 3);
        for (const auto& payload : batches) {
            CAPTURE(payload);
            const auto batch = wire::decode_batch(payload);
            REQUIRE(batch);
            CHECK(wire::encode_batch(batch.value().header, batch.value().lines) == payload);
        }
    }

    TEST_CASE("every acknowledgement and status of the document is read and written as it is") {
        auto blocks = golden_blocks();
        CHECK(blocks["ack"].size() == 2);
        for (const auto& payload : blocks["ack"]) {
            const auto ack = wire::decode_ack(payload);
            REQUIRE(ack);
            CHECK(wire::encode_ack(ack.value()) == payload);
        }
        CHECK(blocks["status"].size() == 1);
        for (const auto& payload : blocks["status"]) {
            const auto status = wire::decode_status(payload);
            REQUIRE(status);
            CHECK(wire::encode_status(status.value()) == payload);
        }
    }

    TEST_CASE("a status without the number of bytes written has no disk") {
        wire::NodeStatus status;
        CHECK(wire::encode_status(status).find("disk") == std::string::npos);
        status.disk_written = 0;
        const auto payload = wire::encode_status(status);
        CHECK(payload.find(R"("disk":{"written":0})") != std::string::npos);
        CHECK(wire::decode_status(payload).value() == status);
        const auto odd = wire::decode_status(R"({"state":"ready","disk":{"days_left":3}})");
        REQUIRE(odd);
        CHECK_FALSE(odd.value().disk_days_left);
    }

    TEST_CASE("alarms of a status are read and written as they are, and are absent without any") {
        wire::NodeStatus status;
        status.state = wire::NodeState::ready;
        status.version = "1";
        CHECK(wire::encode_status(status).find("alarms") == std::string::npos);
        status.alarms = {"outbox: voll, 満杯"};
        status.faults = {"outbox: voll, 満杯", "climate: checksum"};
        CHECK(wire::decode_status(wire::encode_status(status)).value() == status);
    }

    TEST_CASE("counters of a status are read and written as they are, and are bounded") {
        wire::NodeStatus status;
        status.state = wire::NodeState::ready;
        CHECK(wire::encode_status(status).find("counters") == std::string::npos);
        status.counters = {{"leat_agent_faults_total", 3}, {"leat_agent_evicted_total", 1}};
        const auto payload = wire::encode_status(status);
        CHECK(payload.find(R"("counters":{"leat_agent_faults_total":3,)") != std::string::npos);
        const auto read = wire::decode_status(payload);
        REQUIRE(read);
        CHECK(read.value() == status);
        for (int i = 0; i < 100; ++i) status.counters.emplace_back("x" + std::to_string(i), 1);
        const auto bounded = wire::decode_status(wire::encode_status(status));
        REQUIRE(bounded);
        CHECK(bounded.value().counters.size() == wire::kStatusCountersMax);
        const auto odd = wire::decode_status(R"({"state":"ready","counters":{"a":-1,"b":"x"}})");
        REQUIRE(odd);
        CHECK(odd.value().counters.empty());
    }

    TEST_CASE("the chain of the document is what the code computes") {
        const auto cells = row_starting("| `attic`");
        REQUIRE(cells.size() == 5);
        const auto incarnation = wire::parse_incarnation(cells[1]);
        REQUIRE(incarnation);
        const wire::Chain chain;
        const auto start = chain.start(cells[0], *incarnation);
        CHECK(wire::to_text(start) == cells[3]);
        CHECK(wire::to_text(chain.next(start, 1, cells[2])) == cells[4]);
    }
}
