#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "bridge/store.hpp"
#include "central/ingest/source.hpp"

namespace fake {

/// A stream id as Redis makes it: the millisecond, and a number within it.
struct StreamId {
    std::uint64_t ms = 0;
    std::uint64_t number = 0;

    friend auto operator<=>(const StreamId&, const StreamId&) = default;
};

StreamId parse_stream_id(const std::string& text);
std::string to_text(StreamId id);

/// The rules of bridge/leat.lua a second time, in C++ and over plain memory: one partition's nodes,
/// stream and cursors. Written from docs/delivery.md; a differential test holds both to the same
/// answers. The same calls give the same state.
class Partition {
  public:
    /// `has_room`: one more name is allowed.
    wire::Ack ingest(const bridge::IngestRequest& request, base::EventTime now, std::uint64_t cap,
                     bool has_room = true);
    bool knows(const std::string& node) const { return nodes_.contains(node); }
    std::size_t nodes() const { return nodes_.size(); }
    /// Whether the stream has never given such a high id.
    bool is_ahead(const std::string& cursor) const { return parse_stream_id(cursor) > last_id_; }
    /// The cursor must not be ahead.
    void settle(const std::string& sink, const std::string& cursor,
                const std::vector<ingest::AppliedMark>& marks);
    void rewind(const ingest::AppliedMark& to);
    std::vector<ingest::AppliedMark> applied() const;

    std::vector<ingest::Entry> read(const std::string& cursor, std::size_t entries_max) const;

    std::size_t entries() const { return stream_.size(); }
    /// A counter of a node: "dup", "gap", "fork", "busy", "reject", "lost" or "rewinds".
    std::uint64_t counter(const std::string& node, const std::string& name) const;

  private:
    struct Marks {
        wire::Incarnation incarnation;
        wire::Mark durable;
        wire::Mark applied;  // 0: nothing is.
    };
    struct Node {
        std::vector<Marks> old;      // Oldest first.
        std::vector<Marks> current;  // None or one.
        std::int64_t rotation_day = -1;
        std::uint64_t rotations = 0;
        std::map<std::string, std::uint64_t> counters;
    };
    struct Stored {
        StreamId id;
        ingest::Entry entry;
    };

    wire::Ack decide(Node& node, const bridge::IngestRequest& request, base::EventTime now,
                     std::uint64_t cap, bool is_new, bool has_room);
    static Marks* find(Node& node, wire::Incarnation incarnation);
    static Marks& rotate(Node& node, const Marks& fresh, std::int64_t day);
    void append(ingest::Entry entry);
    void append_lines(const bridge::IngestRequest& request, std::uint64_t after,
                      base::EventTime now);
    static wire::Ack answer(Node& node, wire::Answer word, const Marks& marks);

    std::map<std::string, Node> nodes_;
    std::deque<Stored> stream_;
    StreamId last_id_;
    std::map<std::string, StreamId> cursors_;
};

}  // namespace fake
