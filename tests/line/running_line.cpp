#include "line/running_line.hpp"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstdio>

#include "places.hpp"
#include "support/free_port.hpp"

namespace line {

RunningLine::RunningLine(const LineOptions& options) : api_port_(support::free_port()) {
    configure(options);
    for (const auto& [part, command] : commands_) {
        processes_.emplace(part, support::Process::start(command));
    }
}

sinks::Address RunningLine::database() const {
    if (!postgres_) return folder_.file("central.db");
    return sinks::Address::server(postgres_->uri());
}

void RunningLine::configure(const LineOptions& options) {
    if (options.has_postgres) postgres_.emplace();
    const auto broker = fmt::format("[broker]\naddress = \"{}\"\n", mosquitto_.url());
    const auto redis = fmt::format("[redis]\naddress = \"{}\"\n", redis_.address());
    for (int i = 1; i <= options.bridges; ++i) {
        const auto name = fmt::format("bridge-{}", i);
        add_program(name, "leat-bridge",
                    fmt::format("[bridge]\nid = \"{}\"\n{}{}", name, broker, redis));
    }
    add_program("central", "leat-central",
                fmt::format("[central]\nid = \"one\"\n{}{}[sink]\n{} = \"{}\"\n"
                            "[api]\nlisten = \"127.0.0.1:{}\"\n"
                            "[windows.keep]\n1m = \"forever\"\n",  // Files are of years ago.
                            broker, redis, postgres_ ? "database" : "path",
                            postgres_ ? postgres_->uri() : database().text(), api_port_));
    for (const auto& [node, sensors] : options.nodes) {
        add_program(
            node, "leat-agent",
            fmt::format("[node]\nname = \"{}\"\n{}[outbox]\npath = \"{}\"\nflush = \"{}\"\n{}",
                        node, broker, folder_.file(node + ".db"), options.flush, sensors));
    }
}

void RunningLine::add_program(const std::string& part, const std::string& program,
                              const std::string& configuration) {
    const auto file = folder_.write(part + ".toml", configuration);
    commands_[part] = {.argv = {places::program(program), "run", "--config", file},
                       .environment = {},
                       .log_file = folder_.file(part + ".log"),
                       .folder = {}};
}

std::vector<std::string> RunningLine::parts() const {
    std::vector<std::string> names{"mosquitto", "redis"};
    if (postgres_) names.emplace_back("postgresql");
    for (const auto& [part, command] : commands_) names.push_back(part);
    return names;
}

void RunningLine::kill(const std::string& part) {
    if (part == "mosquitto") return mosquitto_.kill_hard();
    if (part == "redis") return redis_.kill_hard();
    if (part == "postgresql") return postgres_->crash();
    processes_.at(part).kill(SIGKILL);
    processes_.at(part).wait(std::chrono::seconds{5});
}

void RunningLine::start(const std::string& part) {
    if (part == "mosquitto") return mosquitto_.restart();
    if (part == "redis") return redis_.restart();
    if (part == "postgresql") return postgres_->restart();
    processes_.at(part) = support::Process::start(commands_.at(part));
}

std::optional<int> RunningLine::stop(const std::string& part) {
    processes_.at(part).kill(SIGTERM);
    return processes_.at(part).wait(std::chrono::seconds{5});
}

bool RunningLine::running(const std::string& part) {
    if (part == "mosquitto") return mosquitto_.running();
    if (part == "redis") return redis_.running();
    if (part == "postgresql") return postgres_->running();
    return processes_.at(part).running();
}

std::string RunningLine::get(const std::string& target) const {
    const auto command =
        fmt::format("curl -sf --max-time 3 'http://127.0.0.1:{}{}'", api_port_, target);
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return {};
    std::string body;
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        body.append(buffer.data(), n);
    }
    return pclose(pipe) == 0 ? body : std::string{};
}

}  // namespace line
