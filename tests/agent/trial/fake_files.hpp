#pragma once

#include <map>
#include <optional>
#include <string>

#include "disk/files.hpp"

namespace agent_test {

inline const std::string kPath = "/nowhere/agent.toml";

/// A disk in memory whose power can be cut.
struct FakeFiles final : disk::Files {
    using Disk = std::map<std::string, std::string>;

    explicit FakeFiles(Disk& stored, int changes = 1000) : disk(stored), changes_left(changes) {}

    base::Result<std::optional<std::string>> read(const std::string& path) const override {
        const auto found = disk.find(path);
        if (found == disk.end()) return std::optional<std::string>{};
        return std::optional{found->second};
    }
    base::Status write(const std::string& path, std::string_view content,
                       const std::string&) override {
        if (error) return *error;
        if (has_power()) disk[path] = content;
        return base::Done{};
    }
    base::Status rename(const std::string& from, const std::string& to) override {
        if (error) return *error;
        if (has_power()) {
            disk[to] = disk.at(from);
            disk.erase(from);
        }
        return base::Done{};
    }
    base::Status remove(const std::string& path) override {
        if (disk.contains(path) && has_power()) disk.erase(path);
        return base::Done{};
    }

    bool has_power() {
        is_cut = is_cut || changes_left == 0;
        if (!is_cut) --changes_left;
        return !is_cut;
    }

    Disk& disk;
    int changes_left;
    bool is_cut = false;
    std::optional<base::Error> error;
};

}  // namespace agent_test
