#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wire {

/// Writes and reads topic names under a root: `leat/v1` unless configured otherwise.
class Topics {
  public:
    explicit Topics(std::string root = "leat/v1") : root_(std::move(root)) {}

    std::string data(std::string_view node) const { return of(node, "data"); }
    std::string ack(std::string_view node) const { return of(node, "ack"); }
    std::string status(std::string_view node) const { return of(node, "status"); }
    std::string state(std::string_view node) const { return of(node, "state"); }

    /// The topics of a command to a node and of its answer. With the verb `+` the topic is a
    /// filter.
    std::string request(std::string_view node, std::string_view verb) const;
    std::string response(std::string_view node, std::string_view verb) const;

    /// What all bridges subscribe to, sharing the work: `$share/leat/<root>/+/data`.
    std::string shared_data_filter() const { return "$share/leat/" + root_ + "/+/data"; }
    std::string status_filter() const { return root_ + "/+/status"; }

    /// The status of a bridge or a central: `<root>/bridge/<id>/status`. With the id `+` the topic
    /// is a filter.
    std::string program_status(std::string_view program, std::string_view id) const;

    /// The id in the status topic of such a program; nothing for any other topic.
    std::optional<std::string> parse_program_status(std::string_view program,
                                                    std::string_view topic) const;

    /// A node's topic in its parts; nothing if it is not under the root or does not name a node.
    struct NodeTopic {
        std::string node;
        std::string leaf;  // "data", "ack", "status", …
    };
    std::optional<NodeTopic> parse(std::string_view topic) const;

  private:
    std::string of(std::string_view node, std::string_view leaf) const;

    std::string root_;
};

/// A usable root has no empty level, no wildcard, no slash at either end, and at most 128 bytes.
bool is_topic_root(std::string_view text);

}  // namespace wire
