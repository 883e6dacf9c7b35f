#include "rules.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <regex>

namespace tidy {

namespace {

constexpr std::size_t kLinesPerFileMax = 400;
constexpr std::size_t kLinesPerHeaderMax = 150;
constexpr std::size_t kColumnsMax = 100;
constexpr std::size_t kLinesPerFunctionMax = 70;

/// A module: where it lives, and whom it may include. An arrow that is not here needs a discussion
/// of the design, not a patch.
struct Module {
    std::string folder;
    std::set<std::string> may_include;
};

const std::map<std::string, Module> kModules{
    {"base", {"lib/base/", {}}},
    {"wire", {"lib/wire/", {"base"}}},
    {"broker", {"lib/broker/", {"base"}}},
    {"redis", {"lib/redis/", {"base"}}},
    {"drivers", {"drivers/", {"base", "wire"}}},
    // Its devices are at the other end of a broker; the files that decode need none.
    {"mqtt driver", {"drivers/mqtt/mqtt.cpp", {"base", "wire", "drivers", "broker"}}},
    {"agent", {"agent/", {"base", "wire", "drivers", "broker"}}},
    {"bridge", {"bridge/", {"base", "wire", "broker", "redis"}}},
    {"engine", {"central/engine/", {"base", "wire"}}},
    {"ingest", {"central/ingest/", {"base", "wire", "redis"}}},
    {"sinks", {"central/sinks/", {"base", "wire", "engine", "redis"}}},
    {"api", {"central/api/", {"base", "wire", "engine", "sinks"}}},
    {"central",
     {"central/", {"base", "wire", "broker", "redis", "engine", "ingest", "sinks", "api"}}},
};

/// Text that stands for a library or a call, and the only places where it may stand.
struct Ban {
    std::regex text;
    std::string rule;
    std::vector<std::string> allowed_in;  // Beginnings of paths.
};

const std::vector<Ban> kLibraries{
    {std::regex{"<mqtt/|<MQTT"}, "only lib/broker knows Paho", {"lib/broker/"}},
    {std::regex{"<hiredis"}, "only lib/redis knows hiredis", {"lib/redis/"}},
    {std::regex{"<sqlite3"},
     "only the sqlite_ files know SQLite",
     {"agent/sqlite_", "central/sinks/sqlite_"}},
    {std::regex{"<boost/"}, "only central/api/http_ files know Boost", {"central/api/http_"}},
    {std::regex{"<nlohmann/"}, "only lib/base/json.cpp knows nlohmann", {"lib/base/json.cpp"}},
    {std::regex{"<toml\\+\\+/"},
     "only lib/base/settings.cpp knows toml++",
     {"lib/base/settings.cpp"}},
    {std::regex{"<gpiod"}, "only drivers/gpio knows libgpiod", {"drivers/gpio/"}},
    {std::regex{"<CLI/"},
     "only lib/base/command_line.cpp knows CLI11",
     {"lib/base/command_line.cpp"}},
    {std::regex{"<openssl/"}, "only lib/wire/chain.cpp knows OpenSSL", {"lib/wire/chain.cpp"}},
};

const std::vector<Ban> kCalls{
    {std::regex{R"(\b(system|steady|high_resolution)_clock::now\b)"},
     "time comes in through base::Clock",
     {"lib/base/clock.cpp"}},
    {std::regex{R"(\bsleep_(for|until)\b)"}, "a tick returns, it does not sleep", {}},
    {std::regex{R"(\brandom_device\b)"}, "chance comes in as a seed", {}},
    {std::regex{R"(\bv?(f|d|s|sn|as)?printf\s*\()"}, "use fmt, or the log", {"lib/base/"}},
    {std::regex{R"(\bstd::(cout|cerr|clog)\b)"}, "use the log", {"lib/base/"}},
    {std::regex{R"(\bcatch\s*\()"},
     "exceptions stop at the adapter of the library that throws",
     {"lib/base/command_line.cpp", "lib/base/json.cpp", "lib/base/settings.cpp", "lib/broker/paho_",
      "central/api/http_", "drivers/gpio/"}},
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

/// The module of a file: the one with the longest folder that the path is in.
std::optional<std::string> module_of(const std::string& path) {
    std::optional<std::string> best;
    std::size_t longest = 0;
    for (const auto& [name, module] : kModules) {
        if (!path.starts_with(module.folder) || module.folder.size() <= longest) continue;
        best = name;
        longest = module.folder.size();
    }
    return best;
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
        R"(^(lib/base/|.*/(main|[a-z_]*(command|verb|probe|check)[a-z_]*)\.cpp$))"};
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
    static const std::regex kInclude{R"re(^\s*#\s*include "((\w+)/)?(.*)")re"};
    std::vector<Finding> findings;
    const auto own = module_of(source.path);
    if (!own) return findings;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
        std::smatch match;
        if (!std::regex_search(source.lines[i], match, kInclude)) continue;
        const auto refuse = [&](const std::string& rule) {
            findings.push_back({source.path, i + 1, rule});
        };
        if (!match[1].matched) {
            if (own != "central") refuse("an include names its module: \"module/file.hpp\"");
            continue;
        }
        const auto used = match[2].str();
        if (used == *own) continue;
        const auto module = kModules.find(used);
        if (module == kModules.end()) {
            refuse("there is no module " + used);
        } else if (!kModules.at(*own).may_include.contains(used)) {
            refuse(*own + " may not include " + used);
        } else if (!headers.contains(module->second.folder + match[3].str())) {
            refuse(match[1].str() + match[3].str() + " is not among the HEADERS of " + used);
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
    static const std::regex kPrint{R"(\bfmt::print(ln)?\s*\()"};
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
