#include "drivers/serial/complaints.hpp"

#include <doctest/doctest.h>

using drivers::serial::Complaints;
using std::chrono::seconds;

namespace {

const base::Instant kStart{std::chrono::hours{1}};

std::vector<std::string> reasons(std::vector<drivers::Failure> failures) {
    std::vector<std::string> texts;
    for (auto& failure : failures) texts.push_back(std::move(failure.reason));
    return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a complaint is reported at once, then once a minute with a count") {
    Complaints complaints;
    complaints.add("not understood", "Setup\x01 done", kStart);
    CHECK(reasons(complaints.take(kStart)) == Texts{"not understood: \"Setup\\x01 done\""});
    for (int i = 0; i < 7; ++i) complaints.add("not understood", "x", kStart + seconds{i});
    complaints.add("noise", {}, kStart + seconds{9}, 5);
    CHECK(reasons(complaints.take(kStart + seconds{59})) == Texts{"noise"});
    CHECK(reasons(complaints.take(kStart + seconds{60})) == Texts{"not understood (7 more)"});
    CHECK(reasons(complaints.take(kStart + seconds{69})) == Texts{"noise (4 more)"});
    CHECK(complaints.take(kStart + seconds{110}).empty());
}

TEST_CASE("after a quiet minute a complaint is a new one") {
    Complaints complaints;
    complaints.add("noise", {}, kStart);
    complaints.take(kStart);
    CHECK(complaints.take(kStart + seconds{61}).empty());
    complaints.add("noise", {}, kStart + seconds{62});
    CHECK(reasons(complaints.take(kStart + seconds{62})) == Texts{"noise"});
}

TEST_CASE("however many kinds there are, few are reported and all are counted") {
    Complaints complaints;
    for (int i = 0; i < 1000; ++i) complaints.add("key " + std::to_string(i), {}, kStart);
    CHECK(complaints.take(kStart).size() == Complaints::kKindsMax + 1);
    const auto later = reasons(complaints.take(kStart + seconds{60}));
    REQUIRE(later.size() == 1);
    CHECK(later.front() == "other (967 more)");
}
