// Goal: the house rules hold. Method: read every file of the project. Each failure names the file,
// the line and the rule; planted_test.cpp shows that each rule is able to fail.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "places.hpp"
#include "tidy/rules.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path kRoot{places::source()};

std::vector<tidy::Source> shipped_sources() {
    std::vector<tidy::Source> sources;
    for (const auto* folder : {"lib", "drivers", "agent", "bridge", "central"}) {
        for (auto& source : tidy::sources_under(kRoot, folder)) {
            sources.push_back(std::move(source));
        }
    }
    return sources;
}

/// A header is public when the CMakeLists.txt of its folder names it.
tidy::PublicHeaders public_headers(const std::vector<tidy::Source>& sources) {
    tidy::PublicHeaders headers;
    for (const auto& source : sources) {
        const fs::path path{source.path};
        const auto list = tidy::text_of(kRoot / path.parent_path() / "CMakeLists.txt");
        const auto name = path.filename().string();
        for (auto at = list.find(name); at != std::string::npos; at = list.find(name, at + 1)) {
            if (at == 0 || list[at - 1] == ' ' || list[at - 1] == '\n') headers.insert(source.path);
        }
    }
    return headers;
}

fs::path folder_of(const tidy::Source& source) {
    return fs::path{source.path}.parent_path();
}

/// Whether the source includes a header of that name, from whatever folder.
bool includes(const tidy::Source& source, const tidy::Source& header) {
    const auto name = fs::path{header.path}.filename().string() + "\"";
    return std::any_of(source.lines.begin(), source.lines.end(), [&](const std::string& line) {
        if (!line.starts_with("#include \"") || !line.ends_with(name)) return false;
        const auto before = line[line.size() - name.size() - 1];
        return before == '/' || before == '"';
    });
}

void report(const std::vector<tidy::Finding>& findings) {
    for (const auto& finding : findings) FAIL_CHECK(tidy::to_text(finding));
}

bool is_skipped(const fs::path& folder) {
    static const std::set<std::string> kSkipped{".git", "build", "node_modules", "demo-data"};
    return kSkipped.contains(folder.filename().string());
}

}  // namespace

TEST_SUITE("tidy") {
    TEST_CASE("what ships keeps every rule") {
        const auto sources = shipped_sources();
        CHECK(sources.size() > 100);
        const auto headers = public_headers(sources);
        for (const auto& source : sources) report(tidy::check(source, headers));
    }

    TEST_CASE("tests stay short too") {
        for (const auto& source : tidy::sources_under(kRoot, "tests")) {
            report(tidy::check_lengths(source));
        }
    }

    TEST_CASE("no header is forgotten: it is public, or its own folder includes it") {
        const auto sources = shipped_sources();
        const auto headers = public_headers(sources);
        for (const auto& header : sources) {
            if (!header.path.ends_with(".hpp") || headers.contains(header.path)) continue;
            const bool is_used =
                std::any_of(sources.begin(), sources.end(), [&](const tidy::Source& source) {
                    return folder_of(source) == folder_of(header) && includes(source, header);
                });
            if (is_used) continue;
            report({{header.path, 1,
                     "a header is among the HEADERS of its CMakeLists.txt, or its "
                     "own folder includes it"}});
        }
    }

    TEST_CASE("no file names a path of the machine it was written on") {
        std::size_t files = 0;
        for (auto at = fs::recursive_directory_iterator(kRoot);
             at != fs::recursive_directory_iterator(); ++at) {
            if (at->is_directory() && is_skipped(at->path())) at.disable_recursion_pending();
            if (!at->is_regular_file() || at->path().filename() == ".git") continue;
            const auto text = tidy::text_of(at->path());
            if (text.find('\0') != std::string::npos) continue;
            report(tidy::check_machine_paths(at->path().lexically_relative(kRoot).string(), text));
            ++files;
        }
        CHECK(files > 100);
    }

    TEST_CASE("no folder holds more than 25 files beside its list of them") {
        std::map<fs::path, std::size_t> files;
        for (const auto* top : {"lib", "drivers", "agent", "bridge", "central", "tests"}) {
            for (auto at = fs::recursive_directory_iterator(kRoot / top);
                 at != fs::recursive_directory_iterator(); ++at) {
                if (at->is_directory() && is_skipped(at->path())) at.disable_recursion_pending();
                if (!at->is_regular_file() || at->path().filename() == "CMakeLists.txt") continue;
                ++files[at->path().parent_path().lexically_relative(kRoot)];
            }
        }
        CHECK(files.size() > 50);
        for (const auto& [folder, count] : files) {
            if (count <= 25 || folder.string().starts_with("tests/fuzz/corpus")) continue;
            report({{folder.string(), 1,
                     "a folder of at most 25 files, not " + std::to_string(count)}});
        }
    }

    TEST_CASE("every driver has its page and its sample") {
        for (const auto& entry : fs::directory_iterator(kRoot / "drivers")) {
            const auto list = tidy::text_of(entry.path() / "CMakeLists.txt");
            if (list.find("add_driver(") == std::string::npos) continue;
            for (const auto* file : {"README.md", "sample.toml"}) {
                if (fs::exists(entry.path() / file)) continue;
                report({{entry.path().lexically_relative(kRoot).string(), 1,
                         std::string{"a driver has a "} + file}});
            }
        }
    }
}
