#include "bridge/ingest.hpp"

namespace bridge {

namespace {

DeadLetter dead(broker::Message message, DeadCause cause, std::string reason) {
    return {.topic = std::move(message.topic),
            .payload = std::move(message.payload),
            .reason = std::move(reason),
            .cause = cause};
}

}  // namespace

Ingest::Decision Ingest::decide(broker::Message message) const {
    auto topic = topics_.parse(message.topic);
    if (!topic || topic->leaf != "data") {
        return dead(std::move(message), DeadCause::topic, "not the data topic of a node");
    }
    const auto batch = wire::decode_batch(message.payload);
    if (!batch) return dead(std::move(message), DeadCause::payload, batch.error().detail);

    const auto& [header, lines] = batch.value();
    IngestRequest request{
        .node = std::move(topic->node), .header = header, .lines = {}, .chain = {}};
    request.lines.reserve(lines.size());
    request.chain.reserve(lines.size());
    auto hash = header.before;
    auto seq = header.base;
    for (const auto line : lines) {
        hash = chain_.next(hash, seq++, line);
        request.chain.push_back(hash);
        request.lines.emplace_back(line);
    }
    return request;
}

}  // namespace bridge
