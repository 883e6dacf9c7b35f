#pragma once

#include <map>
#include <optional>
#include <string>

#include "delivery/outbox/inventory.hpp"
#include "delivery/outbox/outbox.hpp"
#include "sqlite/database.hpp"

namespace delivery {

/// Both ends of the chain in the file, what is missing in between, and where its bytes are counted
/// from.
struct ChainEnds {
    wire::Incarnation incarnation;
    std::uint64_t before_seq = 0;  // The number before the lowest one stored, and its hash.
    wire::ChainHash before_hash;
    std::uint64_t head = 0;
    wire::ChainHash head_hash;
    std::uint64_t total = 0;  // Bytes of all lines ever appended in this incarnation.
    std::optional<Hole> hole;
    wire::ChainHash hole_hash;   // h(hole.upto)
    std::uint64_t reserved = 0;  // Records up to here may have been sent.
};

/// The tables of the outbox file: reads and writes them, decides nothing.
///
/// `meta` is written when records are deleted in strides, never with every commit: one page less on
/// the card. `total` is a running sum, so that the bytes between two records are one subtraction.
class SqliteRecords {
  public:
    struct Row {
        StoredRecord record;
        Flush::Content content;
        std::uint64_t total = 0;
        Detail detail = Detail::full;
    };

    explicit SqliteRecords(sqlite::Database& database) : database_(database) {}

    /// Misconfigured when the file is another program's, another node's, or of a newer leat. Good
    /// when it is new.
    base::Status inspect(const std::string& node);

    /// Makes the tables when the file is new, and changes those of an older leat. Refuses what
    /// inspect() refuses.
    base::Status prepare(const std::string& node, wire::Incarnation incarnation,
                         const wire::ChainHash& start);

    /// What the file says, checked as far as that is cheap: no number is missing, and the newest
    /// record fits the one before it. Malformed when it does not.
    base::Result<ChainEnds> ends();

    base::Status insert(const Row& row);
    base::Status replace(std::uint64_t seq, const Row& row);
    base::Result<std::optional<Row>> first_after(std::uint64_t seq);
    base::Result<std::optional<wire::ChainHash>> hash_of(std::uint64_t seq);
    base::Result<std::optional<std::uint64_t>> total_of(std::uint64_t seq);

    /// Deletes everything up to `seq`, whose hash becomes the one before the lowest.
    base::Status erase_upto(std::uint64_t seq, const wire::ChainHash& hash);
    /// Deletes what is above `hole.after` up to `hole.upto`, whose hash is given.
    base::Status erase_hole(const Hole& hole, const wire::ChainHash& hash);
    /// The hole has reached the lowest record: there is none any more.
    base::Status forget_hole();
    base::Status set_reserved(std::uint64_t upto);
    base::Status set_incarnation(wire::Incarnation incarnation, const wire::ChainHash& start);

    /// Forgets it when it is empty.
    base::Status set_position(const std::string& sensor, const std::string& position);
    /// As many of the positions as can be read, also from a damaged file.
    using Positions = std::map<std::string, std::string>;
    Positions positions();

    base::Result<std::optional<std::string>> position(const std::string& sensor);

    /// Pages in use, the change of an open transaction included.
    base::Result<std::uint64_t> pages_used();

    /// Everything after `seq`.
    base::Result<Inventory> inventory_after(std::uint64_t seq);

  private:
    base::Status create(const std::string& node, wire::Incarnation incarnation,
                        const wire::ChainHash& start);
    base::Status migrate();
    base::Status read_hole(ChainEnds& ends);
    base::Status check_owner();
    base::Status check_node(const std::string& node);
    base::Result<std::string> meta(std::string_view key);
    base::Status set_meta(std::string_view key, std::string_view value);
    base::Status check_tail(const ChainEnds& ends);

    sqlite::Database& database_;
};

}  // namespace delivery
