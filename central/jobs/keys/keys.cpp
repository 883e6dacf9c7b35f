#include "central/jobs/keys/keys.hpp"

#include <algorithm>

namespace jobs {

namespace {

/// The value as TOML has it: as it is when it is a number, a list or in quotes, else as text.
std::string toml_of(const std::string& key, const std::string& value) {
    const auto plain = key + " = " + value + "\n";
    if (base::Settings::parse(plain, "--set")) return plain;
    std::string quoted;
    for (const char c : value) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return key + " = \"" + quoted + "\"\n";
}

}  // namespace

base::Result<Keys> Keys::make(base::Settings file, const std::vector<std::string>& said) {
    std::string text;
    for (const auto& one : said) {
        const auto equals = one.find('=');
        if (equals == 0 || equals == std::string::npos) {
            return base::Error{base::Fault::malformed,
                               "--set " + one + ": write it like --set folder=/var/backups/leat"};
        }
        text += toml_of(one.substr(0, equals), one.substr(equals + 1));
    }
    auto settings = base::Settings::parse(text, "--set");
    if (!settings) return settings.error();
    return Keys{std::move(file), std::move(settings).value()};
}

std::string Keys::text(const std::string& key, const std::string& fallback) {
    return said_.text(key, file_.text(key, fallback));
}

std::string Keys::required_text(const std::string& key) {
    const auto said = said_.optional_text(key);  // From now on it is a known one there.
    if (said_.has(key)) return said.value_or(file_.text(key, {}));
    return file_.required_text(key);
}

std::int64_t Keys::integer(const std::string& key, std::int64_t fallback, std::int64_t least,
                           std::int64_t most) {
    return said_.integer(key, file_.integer(key, fallback, least, most), least, most);
}

double Keys::number(const std::string& key, double fallback, double least, double most) {
    return said_.number(key, file_.number(key, fallback, least, most), least, most);
}

bool Keys::boolean(const std::string& key, bool fallback) {
    return said_.boolean(key, file_.boolean(key, fallback));
}

base::Duration Keys::duration(const std::string& key, base::Duration fallback, base::Duration least,
                              base::Duration most) {
    return said_.duration(key, file_.duration(key, fallback, least, most), least, most);
}

std::vector<std::string> Keys::texts(const std::string& key, std::vector<std::string> fallback) {
    return said_.texts(key, file_.texts(key, std::move(fallback)));
}

void Keys::refuse(const std::string& key, const std::string& reason) {
    (said_.has(key) ? said_ : file_).refuse(key, reason);
}

std::string Keys::job() const {
    const auto name = file_.full_name("kind");  // "job.nightly.kind"
    const auto end = name.rfind('.');
    if (end == std::string::npos || end == 0) return {};
    return name.substr(name.rfind('.', end - 1) + 1, end - name.rfind('.', end - 1) - 1);
}

std::string read_prefix(Keys& keys) {
    auto prefix = keys.text("prefix", kPrefix);
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    };
    const bool is_good = !prefix.empty() && prefix.size() <= 64 &&
                         std::all_of(prefix.begin(), prefix.end(), allowed);
    if (!is_good) {
        keys.refuse("prefix", "prefix: \"" + prefix +
                                  "\" cannot begin the name of a file; use letters, digits, - "
                                  "and _");
    }
    return prefix;
}

}  // namespace jobs
