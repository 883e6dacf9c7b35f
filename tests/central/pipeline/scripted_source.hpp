#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "central/ingest/source.hpp"

namespace central_test {

/// One partition's stream, written by the test: entries may appear before the cursor, as after a
/// failover. Ids are "0-<n>" with n from 1.
class ScriptedSource final : public ingest::Source {
  public:
    void put(std::uint64_t n, ingest::Entry entry) {
        entry.id = "0-" + std::to_string(n);
        stream[n] = std::move(entry);
    }
    void append(const ingest::Entry& entry) {
        put(stream.empty() ? 1 : stream.rbegin()->first + 1, entry);
    }

    base::Result<std::string> lineage() override {
        if (failing) return away();
        return name;
    }
    base::Result<std::vector<base::Result<ingest::Batch>>> read_all(
        const std::vector<ingest::Position>& positions, std::size_t entries_max) override {
        if (failing || fails_now()) return away();
        std::vector<base::Result<ingest::Batch>> batches;
        for (const auto& position : positions) {
            if (bad == position.partition) {
                batches.emplace_back(spoilt());
                continue;
            }
            ++reads;
            batches.emplace_back(batch_after(position.cursor, entries_max));
        }
        return batches;
    }
    base::Result<std::vector<base::Status>> settle_all(
        const std::vector<ingest::Settlement>& settlements) override {
        if (settlements.empty()) return std::vector<base::Status>{};
        if (failing || failing_settle || fails_now()) return away();
        std::vector<base::Status> all;
        for (const auto& settlement : settlements) all.push_back(settle_one(settlement));
        return all;
    }
    base::Status rewind(std::uint32_t /*partition*/, const ingest::AppliedMark& to) override {
        if (failing || failing_rewind) return away();
        rewinds.push_back(to);
        for (auto& mark : surveyed) {
            if (mark.node == to.node && mark.incarnation == to.incarnation) mark = to;
        }
        return base::Done{};
    }
    base::Result<ingest::Survey> survey(const std::string& from) override {
        if (failing) return away();
        ++surveys;
        if (mute) return base::Error{base::Fault::misconfigured, "mute"};
        // One mark a page.
        const auto at = from.empty() ? 0U : std::stoul(from);
        ingest::Survey page;
        if (at < surveyed.size()) page.applied = {surveyed[at]};
        if (at + 1 < surveyed.size()) page.next = std::to_string(at + 1);
        return page;
    }

    std::map<std::uint64_t, ingest::Entry> stream;
    std::string name = "first";
    std::string settled_cursor;
    std::map<std::pair<std::string, wire::Incarnation>, wire::Mark> settled;
    std::vector<ingest::AppliedMark> rewinds;
    std::vector<ingest::AppliedMark> surveyed;  // What it knows as applied.
    std::size_t surveys = 0;
    bool mute = false;                 // Cannot say what it knows as applied.
    bool trimming = false;             // Forgets what is settled.
    std::optional<std::uint32_t> bad;  // A partition whose key is of no use.
    std::size_t reads = 0;
    bool failing = false;
    bool failing_settle = false;
    bool refusing_settle = false;
    std::size_t failing_after_reads = 0;  // 0: never.
    bool failing_rewind = false;

  private:
    bool fails_now() const { return failing_after_reads > 0 && reads >= failing_after_reads; }
    ingest::Batch batch_after(const std::string& cursor, std::size_t entries_max) const {
        ingest::Batch batch;
        const auto after = std::stoull(cursor.substr(2));
        for (auto it = stream.upper_bound(after);
             it != stream.end() && batch.entries.size() < entries_max; ++it) {
            batch.entries.push_back(it->second);
        }
        batch.more = batch.entries.size() >= entries_max;
        return batch;
    }
    base::Status settle_one(const ingest::Settlement& settlement) {
        if (bad == settlement.partition) return spoilt();
        if (refusing_settle) return base::Error{base::Fault::malformed, "ahead"};
        settled_cursor = settlement.cursor;
        if (trimming) {
            stream.erase(stream.begin(),
                         stream.upper_bound(std::stoull(settlement.cursor.substr(2))));
        }
        for (const auto& mark : settlement.marks) {
            settled[{mark.node, mark.incarnation}] = mark.mark;
        }
        return base::Done{};
    }
    static base::Error spoilt() {
        return {base::Fault::misconfigured, "leat:{1}:records is a string"};
    }
    static base::Error away() { return {base::Fault::transient, "away"}; }
};

}  // namespace central_test
