#include "tidy/rules.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <regex>

#include "tidy/arrows.hpp"

namespace tidy {

namespace {

constexpr std::size_t kLinesPerFileMax = 400;
constexpr std::size_t kLinesPerHeaderMax = 150;
constexpr std::size_t kColumnsMax = 100;
constexpr std::size_t kLinesPerFunctionMax = 70;

/// Text that stands for a library or a call, and the only places where it may stand.
struct Ban {
    std::regex text;
    std::string rule;
    std::vector<std::string> allowed_in;  // Beginnings of paths.
};

const std::vector<Ban> kLibraries{
    {std::regex{"<mqtt/|<MQTT"}, "only lib/broker knows Paho", {"lib/broker/"}},
    {std::regex{"<hiredis"}, "only lib/redis knows hiredis", {"lib/redis/"}},
    {std::regex{"<libpq"}, "only lib/postgres knows libpq", {"lib/postgres/"}},
    {std::regex{"<sqlite3"}, "only lib/sqlite knows SQLite", {"lib/sqlite/"}},
    {std::regex{"<(sql|sqlext|sqltypes|odbcinst)\\.h>"},
     "only lib/odbc knows ODBC",
     {"lib/odbc/"}},
    {std::regex{"<boost/"}, "only central/http knows Boost", {"central/http/"}},
    {std::regex{"<curl/"},
     "only central/alerts/outputs/webhook/post.cpp knows libcurl",
     {"central/alerts/outputs/webhook/post.cpp"}},
    {std::regex{"<zlib"},
     "only central/http/gzip.cpp knows zlib",
     {"central/http/gzip.cpp", "tests/central/http/gunzip.hpp"}},
    {std::regex{"<nlohmann/"}, "only lib/base/json.cpp knows nlohmann", {"lib/base/json.cpp"}},
    {std::regex{"<toml\\+\\+/"},
     "only lib/base/settings.cpp knows toml++",
     {"lib/base/settings.cpp"}},
    {std::regex{"<cctz/"},
     "only drivers/tables/time_zone.cpp knows cctz",
     {"drivers/tables/time_zone.cpp"}},
    {std::regex{"<gpiod"}, "only drivers/gpio knows libgpiod", {"drivers/gpio/"}},
    {std::regex{"<CLI/"},
     "only lib/program/command_line.cpp knows CLI11",
     {"lib/program/command_line.cpp"}},
    {std::regex{"<openssl/"},
     "only lib/wire/chain.cpp and lib/broker/tls_* know OpenSSL",
     {"lib/wire/chain.cpp", "lib/broker/tls_"}},
};

const std::vector<Ban> kCalls{
    {std::regex{R"(\b(system|steady|high_resolution)_clock::now\b)"},
     "time comes in through base::Clock",
     {"lib/base/clock.cpp"}},
    {std::regex{R"(\bsleep_(for|until)\b)"}, "a tick returns, it does not sleep", {}},
    {std::regex{R"(\brandom_device\b)"}, "chance comes in as a seed", {}},
    {std::regex{R"(\bv?(f|d|s|sn|as)?printf\s*\()"}, "use fmt, or the log", {"lib/base/"}},
    {std::regex{R"(\bfmt::print(ln)?\s*\((?!stderr))"},
     "print with program::print: a full disk is an error",
     {}},
    {std::regex{R"(\bstd::(cout|cerr|clog)\b)"}, "use the log", {"lib/program/"}},
    {std::regex{R"(\bcatch\s*\()"},
     "exceptions stop at the adapter of the library that throws",
     {"lib/program/command_line.cpp", "lib/base/json.cpp", "lib/base/settings.cpp",
      "lib/broker/lookup.cpp", "lib/broker/paho_", "central/http/", "drivers/gpio/"}},
};

// Split, so that this file does not break its own rule.
const std::regex kUnfinished{R"(\b(FIX)"
                             R"(ME|TO)"
                             R"(DO|XX)"
                             R"(X)\b)"};

bool starts_with_any(const std::string& path, const std::vector<std::string>& beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](const std::string& beginning) { return path.starts_with(beginning); });
}

/// The module of a file, or of what an include names: its folder, without "lib/".
std::string module_of(const std::string& path) {
    const auto end = path.rfind('/');
    const auto folder = end == std::string::npos ? std::string{} : path.substr(0, end);
    return folder.starts_with("lib/") ? folder.substr(4) : folder;
}

bool is_public(const std::string& included, const PublicHeaders& headers) {
    return headers.contains(included) || headers.contains("lib/" + included);
}

void apply(const Source& source, const std::vector<std::string>& lines,
           const std::vector<Ban>& bans, std::vector<Finding>& findings) {
    for (const auto& ban : bans) {
        if (starts_with_any(source.path, ban.allowed_in)) continue;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (!std::regex_search(lines[i], ban.text)) continue;
            findings.push_back({source.path, i + 1, ban.rule});
        }
    }
}

/// Prints only what a person asked a program for.
bool may_print(const std::string& path) {
    static const std::regex kPrinting{
        R"(^(lib/program/|.*/(main|[a-z_]*(command|verb|probe|check)[a-z_]*)\.cpp$))"};
    return std::regex_search(path, kPrinting);
}

/// Width as clang-format counts it: a character of several bytes is one column.
std::size_t columns_of(const std::string& line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    }));
}

}  // namespace

std::string to_text(const Finding& finding) {
    return finding.path + ":" + std::to_string(finding.line) + ": " + finding.rule;
}

std::vector<Finding> check_arrows(const Source& source, const PublicHeaders& headers) {
    static const std::regex kInclude{R"re(^\s*#\s*include "(.*)")re"};
    std::vector<Finding> findings;
    const auto own = module_of(source.path);
    const auto allowed = arrows().find(own);
    if (allowed == arrows().end()) return {{source.path, 1, "no module is called " + own}};
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
        std::smatch match;
        if (!std::regex_search(source.lines[i], match, kInclude)) continue;
        const auto included = match[1].str();
        const auto used = module_of(included);
        const auto refuse = [&](const std::string& rule) {
            findings.push_back({source.path, i + 1, rule});
        };
        if (used == own) continue;
        if (used.empty()) {
            refuse("an include names its module: \"module/file.hpp\"");
        } else if (!arrows().contains(used)) {
            refuse("there is no module " + used);
        } else if (!allowed->second.contains(used)) {
            refuse(own + " may not include " + used);
        } else if (!is_public(included, headers)) {
            refuse(included + " is not among the HEADERS of " + used);
        }
    }
    return findings;
}

std::vector<Finding> check_libraries(const Source& source) {
    std::vector<Finding> findings;
    std::vector<std::string> includes = source.lines;
    for (auto& line : includes) {
        if (line.find("#include") == std::string::npos) line.clear();
    }
    apply(source, includes, kLibraries, findings);
    return findings;
}

std::vector<Finding> check_lengths(const Source& source) {
    std::vector<Finding> findings;
    const auto most = source.path.ends_with(".hpp") ? kLinesPerHeaderMax : kLinesPerFileMax;
    if (source.lines.size() > most) {
        findings.push_back({source.path, source.lines.size(),
                            "a file of at most " + std::to_string(most) + " lines"});
    }
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
        if (columns_of(source.lines[i]) <= kColumnsMax) continue;
        findings.push_back({source.path, i + 1, "a line of at most 100 columns"});
    }
    return findings;
}

std::vector<Finding> check_functions(const Source& source) {
    std::vector<Finding> findings;
    for (const auto& body : function_bodies(source)) {
        if (body.lines <= kLinesPerFunctionMax) continue;
        findings.push_back({source.path, body.first_line,
                            "a function of at most 70 lines, not " + std::to_string(body.lines)});
    }
    return findings;
}

std::vector<Finding> check_bans(const Source& source) {
    static const std::regex kPrint{R"(\b(fmt|program)::print(ln|_text)?\s*\()"};
    std::vector<Finding> findings;
    apply(source, source.code, kCalls, findings);
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
        if (std::regex_search(source.lines[i], kUnfinished)) {
            findings.push_back({source.path, i + 1, "finish it, or say why not, without a marker"});
        }
        if (!may_print(source.path) && std::regex_search(source.code[i], kPrint)) {
            findings.push_back({source.path, i + 1, "only a program's verbs print; use the log"});
        }
    }
    return findings;
}

std::vector<Finding> check_header(const Source& source) {
    if (!source.path.ends_with(".hpp")) return {};
    if (!source.lines.empty() && source.lines[0] == "#pragma once") return {};
    return {{source.path, 1, "a header begins with #pragma once"}};
}

std::vector<Finding> check_machine_paths(const std::string& path, const std::string& text) {
    // Split, so that this file does not break its own rule.
    static const std::array<std::string, 2> kPaths{
        "/wo"
        "rk",
        "/tmp/bu"
        "ild"};
    std::vector<Finding> findings;
    const auto is_part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    for (const auto& word : kPaths) {
        for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
            const auto end = at + word.size();
            const char before = at == 0 ? ' ' : text[at - 1];
            if (is_part(before) || std::string_view{"_-.~/}$*"}.find(before) != std::string::npos)
                continue;
            if (word.size() < 6 && end < text.size() && (is_part(text[end]) || text[end] == '_'))
                continue;
            const auto line =
                std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
            findings.push_back(
                {path, static_cast<std::size_t>(line) + 1, "a path of one machine: " + word});
        }
    }
    return findings;
}

std::vector<Finding> check(const Source& source, const PublicHeaders& headers) {
    std::vector<Finding> findings;
    for (auto& part :
         {check_arrows(source, headers), check_libraries(source), check_lengths(source),
          check_functions(source), check_bans(source), check_header(source)}) {
        findings.insert(findings.end(), part.begin(), part.end());
    }
    return findings;
}

}  // namespace tidy
