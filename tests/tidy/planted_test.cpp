// Goal: the rules can fail. Method: break each one in a small file of our own, and check that it is
// found at its line; files that only look like a breach must pass.

#include <doctest/doctest.h>

#include "tidy/rules.hpp"

namespace {

using tidy::source_of;

const tidy::PublicHeaders kHeaders{"lib/base/clock.hpp",        "lib/wire/record.hpp",
                                   "central/sinks/query.hpp",   "lib/redis/client.hpp",
                                   "lib/broker/connection.hpp", "drivers/core/driver.hpp"};

std::string repeated(const std::string& text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i) result += text;
    return result;
}

/// What is wrong with the file, one a line.
std::string wrong(const std::string& path, const std::string& text) {
    std::string result;
    for (const auto& finding : tidy::check(source_of(path, text), kHeaders)) {
        result += tidy::to_text(finding) + "\n";
    }
    return result;
}

struct Planted {
    const char* path;
    std::string text;
    const char* expected;
};

/// Split, so that the planted marker is not a marker of this file.
const std::string kMarker = std::string{"FIX"} + "ME";

const std::vector<Planted> kPlanted{
    {"lib/wire/a.cpp", "#include \"redis/client.hpp\"\n",
     "lib/wire/a.cpp:1: wire may not include redis\n"},
    {"drivers/dht/a.cpp", "\n#include \"broker/connection.hpp\"\n",
     "drivers/dht/a.cpp:2: drivers/dht may not include broker\n"},
    {"drivers/mqtt/mqtt.cpp", "#include \"broker/connection.hpp\"\n#include \"redis/client.hpp\"\n",
     "drivers/mqtt/mqtt.cpp:2: drivers/mqtt may not include redis\n"},
    {"central/engine/a.cpp", "#include \"redis/client.hpp\"\n",
     "central/engine/a.cpp:1: central/engine may not include redis\n"},
    {"central/api/a.cpp", "#include \"redis/client.hpp\"\n",
     "central/api/a.cpp:1: central/api may not include redis\n"},
    {"agent/a.cpp", "#include \"bridge/store.hpp\"\n",
     "agent/a.cpp:1: agent may not include bridge\n"},
    {"bridge/a.cpp", "#include \"drivers/core/driver.hpp\"\n",
     "bridge/a.cpp:1: bridge may not include drivers/core\n"},
    {"lib/base/a.cpp", "#include \"wire/record.hpp\"\n",
     "lib/base/a.cpp:1: base may not include wire\n"},
    {"agent/a.cpp", "#include \"utils/all.hpp\"\n", "agent/a.cpp:1: there is no module utils\n"},
    {"agent/a.cpp", "#include \"outbox.hpp\"\n",
     "agent/a.cpp:1: an include names its module: \"module/file.hpp\"\n"},
    {"central/api/a.cpp", "#include \"central/sinks/table_set.hpp\"\n",
     "central/api/a.cpp:1: central/sinks/table_set.hpp is not among the HEADERS of "
     "central/sinks\n"},
    {"agent/a.cpp", "#include <mqtt/async_client.h>\n",
     "agent/a.cpp:1: only lib/broker knows Paho\n"},
    {"bridge/a.cpp", "#include <hiredis/hiredis.h>\n",
     "bridge/a.cpp:1: only lib/redis knows hiredis\n"},
    {"agent/outbox.cpp", "#include <sqlite3.h>\n",
     "agent/outbox.cpp:1: only lib/sqlite knows SQLite\n"},
    {"central/jobs/sql/a.cpp", "#include <sql.h>\n#include <sqlext.h>\n",
     "central/jobs/sql/a.cpp:1: only lib/odbc knows ODBC\n"
     "central/jobs/sql/a.cpp:2: only lib/odbc knows ODBC\n"},
    {"central/api/router.cpp", "#include <boost/beast.hpp>\n",
     "central/api/router.cpp:1: only central/http knows Boost\n"},
    {"lib/base/json.hpp", "#pragma once\n#include <nlohmann/json.hpp>\n",
     "lib/base/json.hpp:2: only lib/base/json.cpp knows nlohmann\n"},
    {"agent/a.cpp", "#include <toml++/toml.h>\n",
     "agent/a.cpp:1: only lib/base/settings.cpp knows toml++\n"},
    {"drivers/dht/a.cpp", "#include <gpiod.hpp>\n",
     "drivers/dht/a.cpp:1: only drivers/gpio knows libgpiod\n"},
    {"agent/main.cpp", "#include <CLI/CLI.hpp>\n",
     "agent/main.cpp:1: only lib/program/command_line.cpp knows CLI11\n"},
    {"central/alerts/outputs/webhook/webhook.cpp", "#include <curl/curl.h>\n",
     "central/alerts/outputs/webhook/webhook.cpp:1: only central/alerts/outputs/webhook/post.cpp "
     "knows libcurl\n"},
    {"bridge/a.cpp", "#include <openssl/sha.h>\n",
     "bridge/a.cpp:1: only lib/wire/chain.cpp and lib/broker/tls_* know OpenSSL\n"},
    {"agent/a.cpp", repeated("\n", 401), "agent/a.cpp:401: a file of at most 400 lines\n"},
    {"agent/a.hpp", "#pragma once\n" + repeated("\n", 150),
     "agent/a.hpp:151: a file of at most 150 lines\n"},
    {"agent/a.cpp", "\n" + std::string(101, 'x') + "\n",
     "agent/a.cpp:2: a line of at most 100 columns\n"},
    {"agent/a.cpp", "namespace a {\nvoid f() {\n" + repeated("    g();\n", 69) + "}\n}\n",
     "agent/a.cpp:2: a function of at most 70 lines, not 71\n"},
    {"agent/a.cpp",
     "A::A()\n    : b_{1}, c_{2} {\n" + repeated("    if (x) {\n    }\n", 35) + "}\n",
     "agent/a.cpp:1: a function of at most 70 lines, not 73\n"},
    {"agent/a.hpp",
     "#pragma once\nclass A : B {\n    void f() {\n" + repeated("    g();\n", 69) + "    }\n};\n",
     "agent/a.hpp:3: a function of at most 70 lines, not 71\n"},
    {"agent/a.cpp", "auto now = std::chrono::system_clock::now();\n",
     "agent/a.cpp:1: time comes in through base::Clock\n"},
    {"lib/wire/a.cpp", "auto now = steady_clock::now();\n",
     "lib/wire/a.cpp:1: time comes in through base::Clock\n"},
    {"agent/a.cpp", "std::this_thread::sleep_for(1s);\n",
     "agent/a.cpp:1: a tick returns, it does not sleep\n"},
    {"agent/a.cpp", "std::random_device chance;\n", "agent/a.cpp:1: chance comes in as a seed\n"},
    {"agent/a.cpp", "std::snprintf(a, 1, \"x\");\n", "agent/a.cpp:1: use fmt, or the log\n"},
    {"agent/a.cpp", "std::cerr << 1;\n", "agent/a.cpp:1: use the log\n"},
    {"agent/main.cpp", "fmt::print(\"x\");\n",
     "agent/main.cpp:1: print with program::print: a full disk is an error\n"},
    {"agent/uplink.cpp", "program::print(\"x\");\n",
     "agent/uplink.cpp:1: only a program's verbs print; use the log\n"},
    {"agent/a.cpp", "try {\n} catch (...) {\n}\n",
     "agent/a.cpp:2: exceptions stop at the adapter of the library that throws\n"},
    {"agent/a.cpp", "// " + kMarker + ": later\n",
     "agent/a.cpp:1: finish it, or say why not, without a marker\n"},
    {"agent/a.hpp", "// A thing.\n#pragma once\n",
     "agent/a.hpp:1: a header begins with #pragma once\n"},
};

const std::vector<Planted> kInnocent{
    {"agent/a.cpp",
     "#include \"agent/outbox.hpp\"\n#include \"base/clock.hpp\"\n#include <vector>\n", ""},
    {"central/pipeline/a.cpp",
     "#include \"central/pipeline/b.hpp\"\n#include \"wire/record.hpp\"\n", ""},
    {"lib/sqlite/query.cpp", "#include <sqlite3.h>\n", ""},
    {"lib/broker/paho_connection.cpp",
     "#include <mqtt/async_client.h>\nvoid f() { try { } catch (...) { } }\n", ""},
    {"agent/a.cpp",
     "// never calls system_clock::now() or sleep_for\nauto a = \"catch (x) sleep_for\";\n", ""},
    {"agent/a.cpp", "auto a = R\"x(std::cerr << \")\" printf( )x\";\nauto b = '\"'; // cout\n", ""},
    {"agent/a.cpp", "/* std::cout\n   sleep_for */ int a = 1'000'000;\n", ""},
    {"agent/a.cpp", repeated("\n", 400), ""},
    {"agent/a.cpp", repeated("\xc3\xa4", 100) + "\n", ""},
    {"agent/a.cpp", "const std::vector<int> kTable{\n" + repeated("    1,\n", 100) + "};\n", ""},
    {"agent/a.cpp", "struct A {\n" + repeated("    int f() { return 1; }\n", 100) + "};\n", ""},
    {"agent/a.cpp", "namespace {\nvoid f() {\n" + repeated("    g();\n", 68) + "}\n}\n", ""},
    {"agent/a.cpp", "#define A(x) do { \\\n  std::cerr << x; \\\n} while (0)\n", ""},
    {"agent/main.cpp", "program::print(\"x\");\nfmt::print(stderr, \"x\");\n", ""},
    {"agent/a.cpp", "int TODOS = 1;\nauto x = snprintf_like(1);\n", ""},
};

}  // namespace

TEST_SUITE("tidy/planted") {
    TEST_CASE("each rule finds what breaks it, at its line, and nothing else") {
        for (const auto& planted : kPlanted)
            CHECK(wrong(planted.path, planted.text) == planted.expected);
    }

    TEST_CASE("what only looks like a breach passes") {
        for (const auto& innocent : kInnocent) CHECK(wrong(innocent.path, innocent.text).empty());
    }

    TEST_CASE("a path of one machine is found in any text, and only as a path") {
        const std::string home = std::string{"/wo"} + "rk";
        const std::string build = std::string{"/tmp/bu"} + "ild";
        const auto found = [](const std::string& text) {
            const auto findings = tidy::check_machine_paths("README.md", text);
            return findings.empty() ? 0 : findings[0].line;
        };
        CHECK(found("a\nsee " + home + "/main\n") == 2);
        CHECK(found(home) == 1);
        CHECK(found("\"" + home + "\"") == 1);
        CHECK(found("-B " + build + "-x") == 1);
        CHECK(found("net" + home + " of" + home + "ers, ~" + home + " ." + home) == 0);
        CHECK(found("/home/me" + home + " " + home + "ing") == 0);
    }

    TEST_CASE("the length of a function is counted from its declaration to its last brace") {
        const auto bodies = tidy::function_bodies(source_of(
            "a.cpp",
            "int f(\n    int a) {\n    return [&] { return a; }();\n}\n\nint g() { return 1; }\n"));
        REQUIRE(bodies.size() == 2);
        CHECK(bodies[0].first_line == 1);
        CHECK(bodies[0].lines == 4);
        CHECK(bodies[1].first_line == 6);
        CHECK(bodies[1].lines == 1);
    }
}
