#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wire {

/// Builds and reads topic names under a root, `leat/v1` unless configured otherwise.
class Topics {
  public:
    explicit Topics(std::string root = "leat/v1") : root_(std::move(root)) {}

    std::string data(std::string_view node) const { return of(node, "data"); }
    std::string ack(std::string_view node) const { return of(node, "ack"); }
    std::string status(std::string_view node) const { return of(node, "status"); }
    std::string state(std::string_view node) const { return of(node, "state"); }

    /// What a node is asked on, and where it answers. The verb `+` makes a filter of it.
    std::string request(std::string_view node, std::string_view verb) const;
    std::string response(std::string_view node, std::string_view verb) const;

    /// What all bridges subscribe to, sharing the work: `$share/leat/<root>/+/data`.
    std::string shared_data_filter() const { return "$share/leat/" + root_ + "/+/data"; }
    std::string status_filter() const { return root_ + "/+/status"; }

    /// Own status of a bridge or central: `<root>/bridge/<id>/status`.
    std::string program_status(std::string_view program, std::string_view id) const;

    /// A node's topic taken apart; nothing when it is not under the root or the name is no node's.
    struct NodeTopic {
        std::string node;
        std::string leaf;  // "data", "ack", "status", …
    };
    std::optional<NodeTopic> parse(std::string_view topic) const;

  private:
    std::string of(std::string_view node, std::string_view leaf) const;

    std::string root_;
};

/// A usable root: non-empty levels, no wildcards, no leading or trailing slash, at most 128 bytes.
bool is_topic_root(std::string_view text);

}  // namespace wire
