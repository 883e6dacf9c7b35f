// Goal: what a request may do is decided by the configuration and its own bytes, and by nothing
// else. Method: tables of requests, good and bad, and the answers they get.

#include "agent/commands/commands.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <set>

#include "places.hpp"

namespace {

using namespace std::chrono_literals;
using agent::Answer;
using agent::Commands;
using agent::Request;
using agent::Verb;

constexpr base::EventTime kWall = base::from_milliseconds(1'763'640'000'000);
constexpr base::Instant kNow{1h};

agent::CommandOptions everything() {
    agent::CommandOptions options;
    for (const auto& word : agent::verb_words()) {
        options.allow.push_back(*agent::parse_verb(word));
    }
    return options;
}

/// The reason code of an answer; "ok" or "" when there is none.
std::string reason_of(const Commands::Decision& decision) {
    const auto* answer = std::get_if<Answer>(&decision);
    if (answer == nullptr) return {};
    const auto json = base::parse_json(answer->payload);
    REQUIRE(json);
    const auto* reason = json.value().find("reason");
    return reason != nullptr ? reason->string : "ok";
}

std::string detail_of(const Commands::Decision& decision) {
    const auto json = base::parse_json(std::get<Answer>(decision).payload);
    REQUIRE(json);
    return json.value().find("detail")->string;
}

Commands::Decision decide(Commands& commands, const std::string& verb, const std::string& payload,
                          base::Instant now = kNow) {
    return commands.decide({.verb = verb, .payload = payload, .retained = false}, kWall, now);
}

Commands::Decision decide_anew(const std::string& verb, const std::string& payload) {
    Commands commands(everything());
    return decide(commands, verb, payload);
}

struct Bad {
    const char* name;
    const char* verb;
    std::string payload;
    const char* reason;
    const char* detail;  // A part of it.
};

std::string with(const std::string& members) {
    return R"({"transaction":"7",)" + members + "}";
}

const std::vector<Bad>& bad_requests() {
    static const std::vector<Bad> kBad{
        {"empty", "ping", "", "malformed", "not JSON"},
        {"no JSON", "ping", "hello", "malformed", "not JSON"},
        {"no object", "ping", "[1]", "malformed", "not a JSON object"},
        {"cut off", "ping", R"({"transaction":"7")", "malformed", "not JSON"},
        {"a zero byte", "ping", std::string("{\"transaction\":\"7\"}\0x", 21), "malformed", "not"},
        {"too deep", "ping", with(R"("a":[[[[1]]]])"), "malformed", "nested deeper"},
        {"too many values", "ping", with("\"a\":[" + std::string(80, '0') + "]"), "malformed", ""},
        {"too long", "config", with("\"config\":\"" + std::string(70'000, 'x') + '"'), "malformed",
         "bytes"},
        {"a key twice", "ping", R"({"transaction":"7","transaction":"8"})", "malformed",
         "duplicate key"},
        {"no transaction", "ping", "{}", "malformed", "transaction must be a text"},
        {"an empty transaction", "ping", R"({"transaction":""})", "malformed", "transaction must"},
        {"a number as transaction", "ping", R"({"transaction":7})", "malformed",
         "transaction must"},
        {"a long transaction", "ping", R"({"transaction":")" + std::string(65, 't') + "\"}",
         "malformed", "1 to 64 bytes"},
        {"an argument too many", "ping", with(R"("sensor":"a")"), "malformed", "ping knows only"},
        {"a misspelt argument", "read", with(R"("sensr":"a")"), "malformed",
         "did you mean \"sensor\"?"},
        {"a sensor that is no text", "read", with(R"("sensor":1)"), "malformed",
         "sensor must be a text"},
        {"no duration", "read", with(R"("within":"soon")"), "malformed", "is not understood"},
        {"a duration without unit", "read", with(R"("within":5)"), "malformed",
         "within must be a text"},
        {"too little time", "read", with(R"("within":"1ms")"), "malformed", "must be 100 ms"},
        {"too much time", "read", with(R"("within":"2h")"), "malformed", "to 60 s"},
        {"no level", "log-level", R"({"transaction":"7"})", "malformed", "level must be debug"},
        {"an unknown level", "log-level", with(R"("level":"loud")"), "malformed",
         "level must be debug"},
        {"no configuration", "config", R"({"transaction":"7"})", "malformed",
         "config must hold the whole new file"},
        {"too short a trial", "config", with(R"("config":"x","confirm_within":"1s")"), "malformed",
         "must be 5000 ms"},
        {"expires as a text", "ping", with(R"("expires":"tomorrow")"), "malformed",
         "expires must be milliseconds"},
        {"expired", "ping", with(R"("expires":1763639999999)"), "expired", "1763640000000"},
        {"expired just now", "ping", with(R"("expires":1763640000000)"), "expired", ""},
        {"an unknown verb", "reboot", R"({"transaction":"7"})", "unknown_verb", "there are ping"},
        {"a misspelt verb", "pimg", R"({"transaction":"7"})", "unknown_verb", "did you mean ping?"},
    };
    return kBad;
}

}  // namespace

TEST_CASE("a bad request is answered with its reason and not carried out") {
    for (const auto& bad : bad_requests()) {
        CAPTURE(bad.name);
        const auto decision = decide_anew(bad.verb, bad.payload);
        CHECK(reason_of(decision) == bad.reason);
        CHECK(detail_of(decision).find(bad.detail) != std::string::npos);
        CHECK(std::get<Answer>(decision).verb == bad.verb);
        CHECK(std::get<Answer>(decision).payload.size() < 1024);
    }
}

TEST_CASE("a good request is passed on with its arguments, or their defaults") {
    const auto request = [](const char* verb, const std::string& payload) {
        const auto decision = decide_anew(verb, payload);
        REQUIRE(std::holds_alternative<Request>(decision));
        return std::get<Request>(decision);
    };
    const auto ping = request("ping", with(R"("expires":1763640000001)"));
    CHECK(ping.verb == Verb::ping);
    CHECK(ping.transaction == "7");
    const auto read = request("read", R"({"transaction":"a \"b\" ü"})");
    CHECK(read.transaction == "a \"b\" ü");
    CHECK(read.sensor.empty());
    CHECK(read.within == 5s);
    const auto one = request("read", with(R"("sensor":"climate","within":"250ms")"));
    CHECK(one.sensor == "climate");
    CHECK(one.within == 250ms);
    const auto level = request("log-level", with(R"("level":"debug")"));
    CHECK(level.level == base::LogLevel::debug);
    CHECK(!level.lasting);
    CHECK(request("log-level", with(R"("level":"warn","for":"10m")")).lasting == 10min);
    const auto config = request("config", with(R"("config":"[node]\n","confirm_within":"30s")"));
    CHECK(config.config == "[node]\n");
    CHECK(config.confirm_within == 30s);
    CHECK(request("config", with(R"("config":"x")")).confirm_within == 2min);
    CHECK(request("status", R"({"transaction":"1"})").verb == Verb::status);
    CHECK(request("flush", R"({"transaction":"1"})").verb == Verb::flush);
}

TEST_CASE("only what the configuration names is allowed, each word by itself") {
    for (const auto& allowed : agent::verb_words()) {
        agent::CommandOptions options;
        options.allow = {*agent::parse_verb(allowed)};
        Commands commands(options);
        for (const auto& word : agent::verb_words()) {
            CAPTURE(word);
            const auto decision =
                decide(commands, word, R"({"transaction":"7","config":"x","level":"info"})");
            CHECK((reason_of(decision) == "not_allowed") == (word != allowed));
        }
    }
}

TEST_CASE("a retained request, or one on a topic without a verb, is not answered") {
    Commands commands(everything());
    for (const std::string verb : {"", "a/b", "PING", "ping ", "#", "1", "pi\nng"}) {
        CAPTURE(verb);
        CHECK(std::holds_alternative<Commands::Ignored>(
            decide(commands, verb, R"({"transaction":"7"})")));
    }
    CHECK(std::holds_alternative<Commands::Ignored>(
        decide(commands, std::string(33, 'a'), R"({"transaction":"7"})")));
    const auto retained = commands.decide(
        {.verb = "ping", .payload = R"({"transaction":"7"})", .retained = true}, kWall, kNow);
    CHECK(std::string{std::get<Commands::Ignored>(retained).reason} == "retained");
}

TEST_CASE("a repeated request gets the same answer and is carried out once") {
    Commands commands(everything());
    const std::string payload = R"({"transaction":"7"})";
    const auto first = decide(commands, "ping", payload);
    REQUIRE(std::holds_alternative<Request>(first));
    // Still under way: the answer will come once.
    CHECK(std::holds_alternative<Commands::Ignored>(decide(commands, "ping", payload)));
    const auto answer = commands.finish(std::get<Request>(first), agent::ok(R"({"now":1})"));
    CHECK(answer.payload == R"({"transaction":"7","status":"ok","data":{"now":1}})");
    const auto again = decide(commands, "ping", payload);
    REQUIRE(std::holds_alternative<Answer>(again));
    CHECK(std::get<Answer>(again).payload == answer.payload);
    // The same transaction for another request is the requester's mistake.
    CHECK(reason_of(decide(commands, "ping", R"({"transaction":"7" })")) == "duplicate");
    // Each verb has transactions of its own.
    CHECK(std::holds_alternative<Request>(decide(commands, "status", payload)));
}

TEST_CASE("a request that was begun before a restart does not begin again") {
    const std::string payload = with(R"("config":"x")");
    Commands before(everything());
    const auto request = std::get<Request>(decide(before, "config", payload));
    Commands after(everything());
    after.resume(request);
    CHECK(std::holds_alternative<Commands::Ignored>(decide(after, "config", payload)));
    after.finish(request, agent::refusal(agent::Reason::rolled_back, "no acknowledgement"));
    CHECK(reason_of(decide(after, "config", payload)) == "rolled_back");
}

TEST_CASE("the memory of answers is bounded in number and in bytes") {
    auto options = everything();
    options.burst_max = 1'000'000;
    options.remembered_max = 3;
    options.remembered_bytes_max = 1000;
    Commands commands(options);
    const auto ask = [&](int number) {
        return decide(commands, "ping", fmt::format(R"({{"transaction":"{}"}})", number));
    };
    const auto serve = [&](int number, std::size_t bytes) {
        const auto request = std::get<Request>(ask(number));
        commands.finish(request, agent::ok("\"" + std::string(bytes, 'x') + "\""));
    };
    for (int i = 0; i < 5; ++i) serve(i, 10);
    CHECK(std::holds_alternative<Answer>(ask(4)));
    CHECK(std::holds_alternative<Answer>(ask(2)));
    CHECK(std::holds_alternative<Request>(ask(1)));
    serve(10, 900);
    serve(11, 900);
    CHECK(std::holds_alternative<Answer>(ask(11)));
    CHECK(std::holds_alternative<Request>(ask(10)));
}

TEST_CASE("too many requests are answered busy once and then not at all, until time has passed") {
    Commands commands(everything());
    int done = 0;
    int busy = 0;
    int ignored = 0;
    const auto ask = [&](int number, base::Instant now) {
        const auto decision =
            decide(commands, "ping", fmt::format(R"({{"transaction":"{}"}})", number), now);
        done += std::holds_alternative<Request>(decision) ? 1 : 0;
        busy += reason_of(decision) == "busy" ? 1 : 0;
        ignored += std::holds_alternative<Commands::Ignored>(decision) ? 1 : 0;
    };
    for (int i = 0; i < 100; ++i) ask(i, kNow);
    CHECK(done == 9);
    CHECK(busy == 1);
    CHECK(ignored == 90);
    ask(200, kNow + 5s);
    CHECK(done == 10);
    for (int i = 300; i < 400; ++i) ask(i, kNow + 1h);
    CHECK(done == 19);
}

namespace {

/// The golden blocks of docs/commands.md that open with these words.
std::vector<std::string> golden_blocks(const std::string& words) {
    std::vector<std::string> blocks;
    std::ifstream in(places::source("docs/commands.md"));
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (line == "```json golden " + words) {
            inside = true;
            blocks.emplace_back();
        } else if (line == "```") {
            inside = false;
        } else if (inside) {
            blocks.back() += line;
        }
    }
    return blocks;
}

/// The words in the first column of its tables: `read`, `malformed`.
std::set<std::string> first_cells() {
    std::set<std::string> cells;
    std::ifstream in(places::source("docs/commands.md"));
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("| `")) cells.insert(line.substr(3, line.find('`', 3) - 3));
    }
    return cells;
}

}  // namespace

TEST_CASE("every request of the document is understood, and every verb has one") {
    for (const auto& word : agent::verb_words()) {
        CAPTURE(word);
        const auto blocks = golden_blocks("request " + word);
        REQUIRE(blocks.size() == 1);
        CHECK(std::holds_alternative<Request>(decide_anew(word, blocks[0])));
        CHECK(first_cells().contains(word));
    }
}

TEST_CASE("every answer of the document is what the code writes, and every reason has its line") {
    const auto blocks = golden_blocks("response");
    CHECK(blocks.size() >= 3);
    const auto cells = first_cells();
    for (const auto& block : blocks) {
        CAPTURE(block);
        const auto json = base::parse_json(block);
        REQUIRE(json);
        agent::Response response;
        response.transaction = json.value().find("transaction")->string;
        if (const auto* reason = json.value().find("reason"); reason != nullptr) {
            for (auto known = agent::Reason::malformed; known <= agent::Reason::rolled_back;
                 known = static_cast<agent::Reason>(static_cast<int>(known) + 1)) {
                if (agent::to_text(known) == reason->string) response.reason = known;
            }
            response.detail = json.value().find("detail")->string;
        }
        if (const auto at = block.find(R"("data":)"); at != std::string::npos) {
            response.data = block.substr(at + 7, block.size() - at - 8);
        }
        CHECK(agent::encode_response(response) == block);
    }
    for (auto known = agent::Reason::malformed; known <= agent::Reason::rolled_back;
         known = static_cast<agent::Reason>(static_cast<int>(known) + 1)) {
        CAPTURE(agent::to_text(known));
        CHECK(cells.contains(std::string{agent::to_text(known)}));
    }
}
