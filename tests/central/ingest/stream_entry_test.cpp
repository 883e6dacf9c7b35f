#include "central/ingest/stream_entry.hpp"

#include <doctest/doctest.h>

#include <map>

namespace {

using redis::Reply;

using Fields = std::map<std::string, std::string>;

Reply text(const std::string& text) {
    Reply reply;
    reply.kind = Reply::Kind::string;
    reply.text = text;
    return reply;
}

Reply entry_of(const Fields& fields) {
    Reply entry;
    entry.kind = Reply::Kind::array;
    entry.items = {text("1763640000000-0"), Reply{}};
    for (const auto& [name, value] : fields) {
        entry.items[1].items.push_back(text(name));
        entry.items[1].items.push_back(text(value));
    }
    return entry;
}

const Fields kRecord{{"node", "attic"},
                     {"inc", "9f86d081884c7d65"},
                     {"seq", "7"},
                     {"h", "000102030405060708090a0b0c0d0e0f"},
                     {"line", R"({"k":"x"})"},
                     {"ms", "1763640000000"}};

Fields changed(const std::string& name, const std::string& value) {
    auto fields = kRecord;
    fields[name] = value;
    return fields;
}

}  // namespace

TEST_SUITE("ingest/stream entry") {
    TEST_CASE("what the bridge writes is read back, and fields of a later version are ignored") {
        const auto entry = ingest::read_entry(entry_of(changed("new", "field")));
        REQUIRE(entry);
        CHECK(entry->id == "1763640000000-0");
        CHECK(entry->node == "attic");
        CHECK(entry->seq == 7);
        CHECK(entry->gap_to == 0);
        CHECK(entry->line == R"({"k":"x"})");
        CHECK(base::to_milliseconds(entry->received) == 1'763'640'000'000);
        const auto gap = ingest::read_entry(entry_of(changed("to", "7")));
        REQUIRE(gap);
        CHECK(gap->gap_to == 7);
    }

    TEST_CASE("a number that is not whole, or larger than any of ours, is no entry of a bridge") {
        for (const char* name : {"seq", "to", "ms"}) {
            for (const char* value :
                 {"", "-5", "7x", " 7", "7.0", "9007199254740992", "99999999999999999999"}) {
                CAPTURE(name);
                CAPTURE(value);
                CHECK_FALSE(ingest::read_entry(entry_of(changed(name, value))));
            }
        }
        CHECK_FALSE(ingest::read_entry(entry_of(changed("seq", "0"))));
        CHECK_FALSE(ingest::read_entry(entry_of(changed("to", "6"))));  // Ends before it begins.
        CHECK(ingest::read_entry(entry_of(changed("seq", "9007199254740991"))));
    }

    TEST_CASE("an entry needs a node with a possible name, a number, and whole hashes") {
        for (const char* name : {"node", "seq"}) {
            auto fields = kRecord;
            fields.erase(name);
            CHECK_FALSE(ingest::read_entry(entry_of(fields)));
        }
        CHECK_FALSE(ingest::read_entry(entry_of(changed("node", "a b"))));
        CHECK_FALSE(ingest::read_entry(entry_of(changed("node", ""))));
        CHECK_FALSE(ingest::read_entry(entry_of(changed("inc", "9f86"))));
        CHECK_FALSE(ingest::read_entry(entry_of(changed("h", "00"))));
        CHECK_FALSE(ingest::read_entry(Reply{}));
    }
}
