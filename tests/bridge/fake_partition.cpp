#include "bridge/fake_partition.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace fake {

namespace {

using bridge::IngestRequest;
using wire::Ack;
using wire::Answer;
using wire::Mark;

constexpr std::size_t kOldMax = 8;
constexpr std::uint64_t kRotationsMax = 24;
constexpr base::Duration kBusyRetry = std::chrono::seconds{2};
constexpr base::Duration kRepairPause = std::chrono::seconds{10};
constexpr base::Duration kRejectRetry = std::chrono::hours{1};

std::int64_t day_of(base::EventTime time) {
    return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

/// The chain value that the batch claims for seq, which is base - 1 … base + n - 1.
const wire::ChainHash& claimed_at(const IngestRequest& request, std::uint64_t seq) {
    const auto& header = request.header;
    return seq + 1 == header.base ? header.before : request.chain.at(seq - header.base);
}

}  // namespace

StreamId parse_stream_id(const std::string& text) {
    const auto dash = text.find('-');
    ENSURE(dash != std::string::npos);
    return {.ms = std::stoull(text.substr(0, dash)), .number = std::stoull(text.substr(dash + 1))};
}

std::string to_text(StreamId id) {
    return std::to_string(id.ms) + "-" + std::to_string(id.number);
}

Partition::Marks* Partition::find(Node& node, wire::Incarnation incarnation) {
    for (auto* list : {&node.current, &node.old}) {
        for (auto& marks : *list) {
            if (marks.incarnation == incarnation) return &marks;
        }
    }
    return nullptr;
}

Partition::Marks& Partition::rotate(Node& node, const Marks& fresh, std::int64_t day) {
    if (node.rotation_day != day) node.rotations = 0;
    node.rotation_day = day;
    ++node.rotations;
    if (!node.current.empty()) node.old.push_back(node.current.front());
    if (node.old.size() > kOldMax) node.old.erase(node.old.begin());
    node.current.assign(1, fresh);
    return node.current.front();
}

Ack Partition::answer(Node& node, Answer word, const Marks& marks) {
    if (word != Answer::ok) ++node.counters[std::string{wire::to_text(word)}];
    Ack ack{.incarnation = marks.incarnation,
            .answer = word,
            .durable = marks.durable,
            .applied = {},
            .expected = marks.durable.seq + 1,
            .retry_after = {},
            .reason = {},
            .now = {}};
    if (marks.applied.seq > 0) ack.applied = marks.applied;
    if (word == Answer::busy) ack.retry_after = kBusyRetry;
    if (word == Answer::reject) {
        ack.retry_after = kRejectRetry;
        ack.reason = "too many incarnations a day";
    }
    return ack;
}

/// A new node is stored only with a record.
Ack Partition::ingest(const IngestRequest& request, base::EventTime now, std::uint64_t cap,
                      bool has_room) {
    const bool is_new = !nodes_.contains(request.node);
    Node node = is_new ? Node{} : nodes_[request.node];
    const auto ack = decide(node, request, now, cap, is_new, has_room);
    if (!is_new || !node.current.empty()) nodes_[request.node] = node;
    return ack;
}

Ack Partition::decide(Node& node, const IngestRequest& request, base::EventTime now,
                      std::uint64_t cap, bool is_new, bool has_room) {
    const auto& header = request.header;
    auto* known = find(node, header.incarnation);
    const Marks fresh{
        .incarnation = header.incarnation,
        .durable = {.seq = 0, .hash = wire::Chain{}.start(request.node, header.incarnation)},
        .applied = {}};
    const Marks before = known != nullptr ? *known : fresh;
    const auto last = header.base + header.count - 1;

    auto from = before.durable;
    const bool crosses = header.after && *header.after <= from.seq && header.base > from.seq + 1;
    const bool has_gap = header.lowest > from.seq + 1 || crosses;
    if (has_gap && !crosses && header.base != header.lowest) {
        auto ack = answer(node, Answer::gap, before);
        ack.expected = header.lowest;
        return ack;
    }
    if (has_gap) from = {.seq = header.base - 1, .hash = header.before};
    if (header.base > from.seq + 1) return answer(node, Answer::gap, before);
    const auto day = day_of(now);
    if (known == nullptr && node.rotation_day == day && node.rotations >= kRotationsMax) {
        return answer(node, Answer::reject, before);
    }
    if (from.seq <= last && claimed_at(request, from.seq) != from.hash) {
        return answer(node, Answer::fork, before);
    }
    if (is_new && header.count == 0) return answer(node, Answer::dup, before);
    if (is_new && !has_room) {
        auto ack = answer(node, Answer::busy, fresh);
        ack.expected = header.base;
        ack.retry_after = kRepairPause;
        ack.reason = "there are too many nodes";
        return ack;
    }
    const auto fresh_records = last > from.seq ? last - from.seq : 0;
    const auto added = fresh_records + (has_gap ? 1 : 0);
    if (added > 0 && stream_.size() + added > cap) return answer(node, Answer::busy, before);

    auto& marks = known != nullptr ? *known : rotate(node, fresh, day);
    if (has_gap) {
        const auto first_lost = before.durable.seq + 1;
        node.counters["lost"] += from.seq + 1 - first_lost;
        append({.id = {},
                .node = request.node,
                .incarnation = header.incarnation,
                .seq = first_lost,
                .gap_to = from.seq,
                .hash = from.hash,
                .line = {},
                .received = now});
    }
    append_lines(request, from.seq, now);
    marks.durable = fresh_records > 0 ? Mark{.seq = last, .hash = request.chain.back()} : from;
    return answer(node, added > 0 ? Answer::ok : Answer::dup, marks);
}

void Partition::append_lines(const IngestRequest& request, std::uint64_t after,
                             base::EventTime now) {
    const auto base = request.header.base;
    for (auto seq = after + 1; seq < base + request.header.count; ++seq) {
        append({.id = {},
                .node = request.node,
                .incarnation = request.header.incarnation,
                .seq = seq,
                .gap_to = 0,
                .hash = request.chain.at(seq - base),
                .line = request.lines.at(seq - base),
                .received = now});
    }
}

void Partition::append(ingest::Entry entry) {
    const auto now = static_cast<std::uint64_t>(base::to_milliseconds(entry.received));
    if (now > last_id_.ms) {
        last_id_ = {.ms = now, .number = 0};
    } else {
        ++last_id_.number;
    }
    entry.id = to_text(last_id_);
    stream_.push_back({.id = last_id_, .entry = std::move(entry)});
}

std::vector<ingest::Entry> Partition::read(const std::string& cursor,
                                           std::size_t entries_max) const {
    const auto after =
        std::upper_bound(stream_.begin(), stream_.end(), parse_stream_id(cursor),
                         [](const StreamId& id, const Stored& stored) { return id < stored.id; });
    std::vector<ingest::Entry> entries;
    for (auto it = after; it != stream_.end() && entries.size() < entries_max; ++it) {
        entries.push_back(it->entry);
    }
    return entries;
}

void Partition::settle(const std::string& sink, const std::string& cursor,
                       const std::vector<ingest::AppliedMark>& marks) {
    ENSURE(!is_ahead(cursor));
    for (const auto& raised : marks) {
        const auto node = nodes_.find(raised.node);
        if (node == nodes_.end()) continue;
        auto* known = find(node->second, raised.incarnation);
        if (known != nullptr && raised.mark.seq > known->applied.seq) known->applied = raised.mark;
    }
    cursors_[sink] = parse_stream_id(cursor);
    const auto lowest = std::min_element(
        cursors_.begin(), cursors_.end(),
        [](const auto& left, const auto& right) { return left.second < right.second; });
    while (!stream_.empty() && stream_.front().id <= lowest->second) stream_.pop_front();
}

void Partition::rewind(const ingest::AppliedMark& to) {
    const auto node = nodes_.find(to.node);
    if (node == nodes_.end()) return;
    auto* known = find(node->second, to.incarnation);
    if (known == nullptr || to.mark.seq >= known->durable.seq) return;
    known->durable = to.mark;
    if (known->applied.seq > to.mark.seq) known->applied = to.mark;
    ++node->second.counters["rewinds"];
}

std::vector<ingest::AppliedMark> Partition::applied() const {
    std::vector<ingest::AppliedMark> found;
    for (const auto& [name, node] : nodes_) {
        for (const auto* list : {&node.old, &node.current}) {
            for (const auto& marks : *list) {
                if (marks.applied.seq == 0) continue;
                found.push_back(
                    {.node = name, .incarnation = marks.incarnation, .mark = marks.applied});
            }
        }
    }
    return found;
}

std::uint64_t Partition::counter(const std::string& node, const std::string& name) const {
    const auto found = nodes_.find(node);
    if (found == nodes_.end()) return 0;
    const auto counter = found->second.counters.find(name);
    return counter == found->second.counters.end() ? 0 : counter->second;
}

}  // namespace fake
