#include <fmt/format.h>

#include <algorithm>

#include "central/imports/parts/intake.hpp"

namespace imports {

namespace {

constexpr std::size_t kNamesMax = 10;

/// "a.csv, b.csv and 7 more"
std::string list_of(const std::vector<std::string>& names) {
    const auto shown = std::min(names.size(), kNamesMax);
    const auto more = names.size() - shown;
    auto text = fmt::format(
        "{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    return more == 0 ? text : fmt::format("{} and {} more", text, more);
}

std::string list_of(const std::vector<std::pair<std::string, std::string>>& pairs,
                    const char* between) {
    std::vector<std::string> texts;
    for (const auto& [name, other] : pairs) texts.push_back(name + between + other);
    return list_of(texts);
}

const char* parts(std::size_t count) {
    return count == 1 ? "part" : "parts";
}

/// A run that was killed may have read a part to its end, and not have moved it.
void add_known(const Account& account, std::vector<std::string>& sentences) {
    std::vector<std::string> finished;
    std::vector<std::pair<std::string, std::string>> renamed;
    for (const auto& [name, known] : account.known) {
        if (name == known) {
            finished.push_back(name);
        } else {
            renamed.emplace_back(name, known);
        }
    }
    if (!finished.empty()) {
        sentences.push_back("read to their end by earlier runs: " + list_of(finished));
    }
    if (!renamed.empty()) {
        sentences.push_back("not again, as their content was read already: " +
                            list_of(renamed, " as "));
    }
}

void add_failures(const Tally& tally, std::vector<std::string>& sentences) {
    if (tally.failed == 0) return;
    std::vector<std::string> causes;
    for (const auto& [cause, count] : tally.causes) {
        causes.push_back(fmt::format("{} {}", count, cause));
    }
    sentences.push_back(fmt::format("{} failed ({}): {}", tally.failed, fmt::join(causes, ", "),
                                    fmt::join(tally.reasons, "; ")));
}

void add_oddities(const Account& account, std::vector<std::string>& sentences) {
    const auto& tally = account.tally;
    const auto add = [&](std::uint64_t count, const char* what) {
        if (count > 0) sentences.push_back(fmt::format("{} {}", count, what));
    };
    add(tally.outside, "were passed over: they are of another time than was asked for");
    add(tally.backwards, "were older than the one before of their series");
    add(tally.repeated, "had the time of the one before of their series, and count, too");
}

}  // namespace

std::string sentence_of(const Account& account, const std::string& folder) {
    std::vector<std::string> sentences;
    auto first =
        fmt::format("{} {} of {}", account.read.size(), parts(account.read.size()), folder);
    if (!account.read.empty()) first += ": " + list_of(account.read);
    sentences.push_back(
        fmt::format("{} ({} {})", first, account.rows, account.rows == 1 ? "row" : "rows"));
    if (!account.partly.empty()) sentences.push_back("begun: " + list_of(account.partly));
    add_known(account, sentences);
    add_failures(account.tally, sentences);
    add_oddities(account, sentences);
    if (!account.unsettled.empty()) {
        sentences.push_back("not yet, as they may still be written: " + list_of(account.unsettled));
    }
    if (!account.grown.empty()) {
        sentences.push_back("has grown meanwhile, the rest comes with the next run: " +
                            list_of(account.grown));
    }
    if (account.has_more) {
        sentences.push_back(fmt::format("more than {} wait for the next run", Inbox::kPartsMax));
    }
    return fmt::format("{}", fmt::join(sentences, ". "));
}

std::string trouble_of(const Account& account) {
    std::vector<std::string> sentences;
    const auto add = [&](const auto& pairs, const char* what) {
        if (pairs.empty()) return;
        sentences.push_back(fmt::format("{} {} {}: {}", pairs.size(),
                                        pairs.size() == 1 ? "part was" : "parts were", what,
                                        list_of(pairs, ": ")));
    };
    add(account.refused, "refused");
    add(account.failed, "left where it is, as it cannot be read or moved");
    return fmt::format("{}", fmt::join(sentences, ". "));
}

}  // namespace imports
