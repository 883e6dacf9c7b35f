#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "program/command_line.hpp"
#include "program/exit_code.hpp"

// The shell of a program: what lies between main() and a verb's work.
namespace program {

/// Parses argv and carries out the verb; the exit code, which is a failure if not all that was
/// printed arrived. Adds the verbs `completion` and `man`.
int run(CommandSpec spec, int argc, const char* const* argv);

/// Prints an error for a person; the exit code.
int print_error(const base::Error& error);

/// Prints that a configuration file is good; the exit code.
int print_good(const std::string& file, const std::string& summary);

/// The verb `sample-config` and the manual's section about the same file.
CommandVerb sample_config_verb(std::string sample);
ManualSection configuration_section(std::string sample);

/// Makes the verbs of a program that read its configuration file first.
template <class Config>
class ConfiguredVerbs {
  public:
    using Load = std::function<base::Result<Config>(const std::string& file)>;

    /// `file` is the default of --config.
    ConfiguredVerbs(std::string file, Load load) : file_(std::move(file)), load_(std::move(load)) {}

    CommandOption option() const {
        return {.name = "config", .help = "The configuration file", .fallback = file_};
    }

    /// A verb that works with a good configuration, and prints every mistake in a bad one.
    CommandVerb verb(std::string name, std::string help,
                     std::function<int(const Config&)> work) const {
        return on_file(std::move(name), std::move(help),
                       [work](const std::string&, const Config& config) { return work(config); });
    }

    /// The verb `validate`. `summary` says in a few words what is configured.
    CommandVerb validate(std::function<std::string(const Config&)> summary = {}) const {
        return on_file("validate", "Check the configuration file",
                       [summary](const std::string& file, const Config& config) {
                           return print_good(file, summary ? summary(config) : std::string{});
                       });
    }

  private:
    CommandVerb on_file(std::string name, std::string help,
                        std::function<int(const std::string& file, const Config&)> work) const {
        const auto action = [load = load_, work = std::move(work)](const Command& command) {
            const auto& file = command.option("config");
            const auto config = load(file);
            return config ? work(file, config.value()) : print_error(config.error());
        };
        return {std::move(name), std::move(help), {option()}, action};
    }

    std::string file_;
    Load load_;
};

}  // namespace program
