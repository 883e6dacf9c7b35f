#include "drivers/tail/siblings.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <tuple>

namespace drivers::tail {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSiblingsMax = 1024;
constexpr std::size_t kEntriesMax = 65'536;
constexpr std::array<std::string_view, 7> kCompressed{".gz",  ".xz", ".bz2", ".zst",
                                                      ".lz4", ".Z",  ".zip"};

std::string_view without_compression(std::string_view name) {
    for (const auto ending : kCompressed) {
        if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
    }
    return name;
}

/// "data" of "data.csv": a rotation may put its number before the extension.
std::string_view stem_of(std::string_view file) {
    const auto dot = file.rfind('.');
    return dot == std::string_view::npos || dot == 0 ? file : file.substr(0, dot);
}

bool is_number_or_date(std::string_view part) {
    constexpr std::string_view kAllowed = "0123456789.-_:T";
    return part.find_first_of("0123456789") != std::string_view::npos &&
           part.find_first_not_of(kAllowed) == std::string_view::npos &&
           std::string_view{".-_"}.find(part.front()) != std::string_view::npos;
}

/// 12 of data.csv.12. A date does not count: dates sort by name.
unsigned number_of(const std::string& path, std::string_view file) {
    const auto name = fs::path(path).filename().string();
    auto part = rotated_part(name, file);
    if (part.size() < 2 || part.size() > 7) return 0;
    part.remove_prefix(1);
    unsigned number = 0;
    std::from_chars(part.data(), part.data() + part.size(), number);
    return number;
}

void sort_by_age(std::vector<Sibling>& siblings, std::string_view file) {
    const auto older = [&](const Sibling& a, const Sibling& b) {
        const auto key = [&](const Sibling& one) {
            return std::tuple{one.is_current, one.facts.modified_us,
                              -std::int64_t{number_of(one.path, file)}, one.path};
        };
        return key(a) < key(b);
    };
    std::sort(siblings.begin(), siblings.end(), older);
}

}  // namespace

std::string_view rotated_part(std::string_view name, std::string_view file) {
    name = without_compression(name);
    const auto stem = stem_of(file);
    const auto extension = file.substr(stem.size());
    auto part = name;
    if (name.starts_with(file)) {
        part.remove_prefix(file.size());
    } else if (name.starts_with(stem) && name.ends_with(extension) && name.size() > file.size()) {
        part = name.substr(stem.size(), name.size() - file.size());
    } else {
        return {};
    }
    return !part.empty() && is_number_or_date(part) ? part : std::string_view{};
}

std::vector<Sibling> siblings_of(const std::string& path) {
    const fs::path current{path};
    const auto file = current.filename().string();
    const auto folder = current.has_parent_path() ? current.parent_path() : fs::path{"."};
    std::vector<Sibling> siblings;
    std::error_code error;
    std::size_t entries = 0;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (++entries > kEntriesMax || siblings.size() == kSiblingsMax) break;
        const auto name = at->path().filename().string();
        if (!name.starts_with(stem_of(file))) continue;
        const auto facts = facts_of(at->path().string());
        if (!facts) continue;
        siblings.push_back({.path = name == file ? path : at->path().string(),
                            .facts = facts.value(),
                            .is_current = name == file,
                            .is_rotated = !rotated_part(name, file).empty(),
                            .is_compressed = without_compression(name) != name});
    }
    sort_by_age(siblings, file);
    return siblings;
}

std::optional<std::uint64_t> unpacked_length(const Sibling& compressed) {
    constexpr std::uint64_t kLeast = 18;  // Of a gzip file: header and trailer.
    const auto size = compressed.facts.size;
    if (!compressed.path.ends_with(".gz") || size < kLeast) return std::nullopt;
    const auto file = DataFile::open(compressed.path);
    if (!file) return std::nullopt;
    const auto trailer = file.value().bytes(size - 4, 4);
    if (!trailer || trailer.value().size() != 4) return std::nullopt;
    std::uint64_t length = 0;
    for (std::size_t i = 4; i-- > 0;) {
        length = length << 8U | static_cast<unsigned char>(trailer.value()[i]);
    }
    return length;
}

}  // namespace drivers::tail
