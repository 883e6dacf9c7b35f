#include "central/http/encoding.hpp"

#include <algorithm>
#include <charconv>

#include "central/http/gzip.hpp"

namespace http {

namespace {

constexpr std::string_view kTagSuffix = "-gzip\"";

class GzipStream final : public Stream {
  public:
    explicit GzipStream(std::unique_ptr<Stream> plain) : plain_(std::move(plain)) {}
    std::string next() override {
        const auto piece = plain_->next();
        if (!piece.empty()) return gzip_.add(piece);
        if (is_finished_ || plain_->state() != State::over) return {};
        is_finished_ = true;
        return gzip_.finish({});
    }
    State state() const override { return plain_->state(); }

  private:
    std::unique_ptr<Stream> plain_;
    Gzip gzip_;
    bool is_finished_ = false;
};

std::string compact(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == ' ' || c == '\t') continue;
        result += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    return result;
}

/// "q=0" and "q=0.000" refuse.
bool is_refused(std::string_view parameters) {
    if (!parameters.starts_with("q=")) return false;
    return parameters.substr(2).find_first_not_of("0.") == std::string_view::npos;
}

bool is_text(const std::string& type) {
    return type.starts_with("text/") || type.find("json") != std::string::npos ||
           type.find("javascript") != std::string::npos || type.find("xml") != std::string::npos;
}

void mark_tag(Response& response) {
    for (auto& [name, value] : response.headers) {
        if (name == "ETag" && value.ends_with('"')) value.replace(value.size() - 1, 1, kTagSuffix);
    }
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
    const auto text = compact(accept_encoding);
    std::string_view rest{text};
    bool by_star = false;
    while (!rest.empty()) {
        const auto one = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        const auto name = one.substr(0, one.find(';'));
        const auto parameters = one.substr(std::min(one.size(), name.size() + 1));
        if (name == "gzip" || name == "x-gzip") return !is_refused(parameters);
        if (name == "*") by_star = !is_refused(parameters);
    }
    return by_star;
}

void encode(Response& response, bool is_gzip_accepted) {
    const bool is_unchanged = response.status == 304;
    const bool is_large = response.stream != nullptr || response.body.size() >= kEncodedBytesMin;
    if (!is_unchanged && (!is_text(response.content_type) || !is_large)) return;
    response.headers.push_back({"Vary", "Accept-Encoding"});
    if (!is_gzip_accepted) return;
    mark_tag(response);
    if (is_unchanged) return;
    response.headers.push_back({"Content-Encoding", "gzip"});
    if (response.stream) {
        response.stream = std::make_unique<GzipStream>(std::move(response.stream));
    } else {
        response.body = Gzip{}.finish(response.body);
    }
}

std::string plain_tags(std::string if_none_match) {
    for (auto at = if_none_match.find(kTagSuffix); at != std::string::npos;
         at = if_none_match.find(kTagSuffix, at)) {
        if_none_match.replace(at, kTagSuffix.size(), "\"");
    }
    return if_none_match;
}

}  // namespace http
