#include "agent/commands/command_desk.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/settings.hpp"

namespace agent {

namespace {

Response unknown_sensor(const std::string& sensor, const std::vector<std::string>& known) {
    if (const auto near = base::nearest_word(sensor, known)) {
        return refusal(Reason::unknown_sensor,
                       fmt::format("there is no such sensor; did you mean \"{}\"?", *near));
    }
    return refusal(Reason::unknown_sensor,
                   fmt::format("there is no such sensor; there are: {}", fmt::join(known, ", ")));
}

}  // namespace

CommandDesk::CommandDesk(CommandDeskOptions options, const base::Clock& clock,
                         broker::Connection& connection, Sampler& sampler, LogVolume& volume,
                         base::Counters& counters)
    : options_(std::move(options)),
      clock_(clock),
      connection_(connection),
      sampler_(sampler),
      volume_(volume),
      counters_(counters),
      prefix_(options_.topics.request(options_.node, "")),
      commands_(options_.commands) {}

bool CommandDesk::accept(const broker::Message& message, ServedNode& node, base::Instant now) {
    if (!message.topic.starts_with(prefix_)) return false;
    const auto word = std::string_view{message.topic}.substr(prefix_.size());
    auto decision =
        commands_.decide({.verb = word, .payload = message.payload, .retained = message.retained},
                         clock_.event_time(), now);
    if (const auto* ignored = std::get_if<Commands::Ignored>(&decision)) {
        ignore(ignored->reason);
    } else if (auto* answer = std::get_if<Answer>(&decision)) {
        counters_.counter("leat_agent_requests_refused_total", "Requests answered at once.").add();
        publish(std::move(*answer));
    } else {
        begin(std::get<Request>(decision), node, now);
    }
    return true;
}

void CommandDesk::ignore(const char* reason) {
    counters_
        .counter("leat_agent_requests_ignored_total", "Requests that got no answer.",
                 {{"reason", reason}})
        .add();
}

void CommandDesk::begin(const Request& request, ServedNode& node, base::Instant now) {
    counters_
        .counter("leat_agent_requests_total", "Requests carried out.",
                 {{"verb", std::string{to_text(request.verb)}}})
        .add();
    base::log_info("a request is carried out",
                   {{"verb", to_text(request.verb)}, {"transaction", request.transaction}});
    if (auto response = carry_out(request, node, now)) finish(request, std::move(*response));
}

/// Nothing when the response comes later.
std::optional<Response> CommandDesk::carry_out(const Request& request, ServedNode& node,
                                               base::Instant now) {
    switch (request.verb) {
        case Verb::ping:
            return ping(node);
        case Verb::read:
            return read(request, now);
        case Verb::flush:
            return flush(node, now);
        case Verb::status:
            return ok(wire::encode_status(node.status()));
        case Verb::log_level:
            return set_log_level(request, now);
        case Verb::config:
            if (configure_) return configure_(request);
            return refusal(Reason::failed, "this node cannot change its configuration");
    }
    return std::nullopt;
}

Response CommandDesk::ping(const ServedNode& node) const {
    const auto status = node.status();
    base::JsonWriter json;
    json.begin_object().member("now", base::to_milliseconds(status.now));
    json.member("clock", wire::to_text(status.clock));
    json.member("uptime_ms", status.uptime.count()).member("version", options_.version);
    return ok(json.end_object().take());
}

std::optional<Response> CommandDesk::read(const Request& request, base::Instant now) {
    const auto known = sampler_.sensors();
    auto asked = request.sensor.empty() ? known : std::vector{request.sensor};
    if (inquiries_.size() >= options_.inquiries_max) {
        return refusal(Reason::busy, "too many reads are under way");
    }
    for (const auto& sensor : asked) {
        if (!sampler_.ask(sensor, now)) return unknown_sensor(sensor, known);
    }
    inquiries_.emplace_back(request, std::move(asked), now);
    return std::nullopt;
}

Response CommandDesk::flush(ServedNode& node, base::Instant now) const {
    const auto head = node.flush(now);
    if (!head) return refusal(Reason::failed, head.error().detail);
    base::JsonWriter json;
    return ok(json.begin_object().member("head", head.value()).end_object().take());
}

Response CommandDesk::set_log_level(const Request& request, base::Instant now) {
    volume_.set(request.level, request.lasting, now);
    return ok();
}

void CommandDesk::on_reading(std::string_view sensor, const wire::LatestReading& reading,
                             base::Instant taken) {
    for (auto& inquiry : inquiries_) inquiry.accept(sensor, reading, taken);
}

void CommandDesk::on_fault(std::string_view sensor, const std::string& reason,
                           base::Instant taken) {
    for (auto& inquiry : inquiries_) inquiry.accept(sensor, reason, taken);
}

void CommandDesk::tick(ServedNode& /*node*/, base::Instant now) {
    volume_.tick(now);
    for (auto at = inquiries_.begin(); at != inquiries_.end();) {
        if (!at->is_over(now)) {
            ++at;
            continue;
        }
        finish(at->request(), at->response());
        at = inquiries_.erase(at);
    }
    send_waiting();
}

void CommandDesk::stop(base::Instant /*now*/) {
    for (const auto& inquiry : inquiries_) {
        finish(inquiry.request(), refusal(Reason::failed, "the agent stops"));
    }
    inquiries_.clear();
}

void CommandDesk::finish(const Request& request, Response response) {
    publish(commands_.finish(request, std::move(response)));
}

void CommandDesk::publish(Answer answer) {
    waiting_.push_back(std::move(answer));
    send_waiting();
    if (waiting_.size() <= options_.answers_max) return;
    waiting_.pop_front();
    counters_.counter("leat_agent_answers_dropped_total", "Answers that could not be sent.").add();
}

void CommandDesk::send_waiting() {
    while (!waiting_.empty() && connection_.session() != 0) {
        const auto& answer = waiting_.front();
        const auto sent =
            connection_.publish({.topic = options_.topics.response(options_.node, answer.verb),
                                 .payload = answer.payload,
                                 .qos = 1,
                                 .retain = false,
                                 .expiry = options_.expiry});
        if (!sent && sent.error().fault != base::Fault::malformed) return;
        waiting_.pop_front();
    }
}

}  // namespace agent
