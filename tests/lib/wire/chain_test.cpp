#include "wire/chain.hpp"

#include <doctest/doctest.h>

#include <set>

TEST_SUITE("wire/chain") {
    const wire::Incarnation incarnation{0x9f86d081884c7d65U};

    TEST_CASE("every input of the chain changes its value") {
        const wire::Chain chain;
        const auto start = chain.start("attic", incarnation);
        const std::set<wire::ChainHash> values{
            start,
            chain.start("cellar", incarnation),
            chain.start("attic", wire::Incarnation{1}),
            chain.next(start, 1, "a"),
            chain.next(start, 2, "a"),
            chain.next(start, 1, "b"),
            chain.next(chain.start("cellar", incarnation), 1, "a"),
            wire::Chain{"key"}.next(start, 1, "a"),
            wire::Chain{"other"}.next(start, 1, "a"),
        };
        CHECK(values.size() == 9);
    }

    TEST_CASE("text form round-trips and anything else is refused") {
        const auto value = wire::Chain{}.start("attic", incarnation);
        CHECK(wire::parse_chain_hash(wire::to_text(value)) == value);
        CHECK_FALSE(wire::parse_chain_hash(""));
        CHECK_FALSE(wire::parse_chain_hash(std::string(31, 'a')));
        CHECK_FALSE(wire::parse_chain_hash(std::string(33, 'a')));
        CHECK_FALSE(wire::parse_chain_hash(std::string(32, 'A')));
        CHECK_FALSE(wire::parse_chain_hash(std::string(32, 'g')));
    }
}
