#include "central/http/encoding.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "central/http/gunzip.hpp"
#include "central/http/problem.hpp"

namespace {

std::string header(const http::Response& response, const std::string& name) {
    for (const auto& one : response.headers) {
        if (one.name == name) return one.value;
    }
    return {};
}

/// Text that compresses, but not to nothing.
std::string text_of(std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += std::to_string(text.size() * 7919) + ",";
    text.resize(bytes);
    return text;
}

class Pieces final : public http::Stream {
  public:
    explicit Pieces(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}
    std::string next() override {
        if (given_ == pieces_.size()) return {};
        return pieces_[given_++];
    }

  private:
    std::vector<std::string> pieces_;
    std::size_t given_ = 0;
};

}  // namespace

TEST_CASE("gzip is used only where it is accepted") {
    struct Case {
        const char* accept;
        bool accepted;
    };
    const std::vector<Case> cases{
        {"", false},
        {"identity", false},
        {"gzip", true},
        {"GZip", true},
        {"gzip, deflate, br, zstd", true},
        {"deflate, gzip;q=0.5", true},
        {"deflate,gzip ; q=1.0", true},
        {"gzip;q=0", false},
        {"gzip; q=0.000", false},
        {"*", true},
        {"*;q=0", false},
        {"gzip;q=0, *", false},
        {"*;q=0, gzip", true},
        {"notgzip", false},
        {"gzipped", false},
        {",,;q=,gzip;", true},
    };
    for (const auto& one : cases) {
        CAPTURE(one.accept);
        CHECK(http::accepts_gzip(one.accept) == one.accepted);
    }
}

TEST_CASE("a large answer is compressed for who accepts it, and says so to caches") {
    for (const std::size_t bytes : {1'023U, 1'024U, 300'000U}) {
        for (const bool accepted : {false, true}) {
            CAPTURE(bytes);
            CAPTURE(accepted);
            const auto text = text_of(bytes);
            auto response = http::json_response(text);
            http::encode(response, accepted);
            const bool is_large = bytes >= 1'024;
            CHECK(header(response, "Vary") == (is_large ? "Accept-Encoding" : ""));
            if (is_large && accepted) {
                CHECK(header(response, "Content-Encoding") == "gzip");
                CHECK(response.body.size() < bytes);
                CHECK(gunzip(response.body) == text);
            } else {
                CHECK(header(response, "Content-Encoding").empty());
                CHECK(response.body == text);
            }
        }
    }
    http::Response picture;
    picture.content_type = "image/png";
    picture.body = text_of(5'000);
    http::encode(picture, true);
    CHECK(picture.headers.empty());
}

TEST_CASE("the compressed body has a tag of its own, which is understood when it comes back") {
    http::Response file;
    file.content_type = "text/javascript; charset=utf-8";
    file.body = text_of(5'000);
    file.headers = {{"ETag", "\"abc\""}};
    http::encode(file, true);
    CHECK(header(file, "ETag") == "\"abc-gzip\"");
    CHECK(http::plain_tags("\"abc-gzip\"") == "\"abc\"");
    CHECK(http::plain_tags("W/\"x-gzip\", \"abc-gzip\", \"y\"") == "W/\"x\", \"abc\", \"y\"");
    http::Response unchanged;
    unchanged.status = 304;
    unchanged.headers = {{"ETag", "\"abc\""}};
    http::encode(unchanged, true);
    CHECK(header(unchanged, "ETag") == "\"abc-gzip\"");
    CHECK(header(unchanged, "Vary") == "Accept-Encoding");
    CHECK(header(unchanged, "Content-Encoding").empty());
}

TEST_CASE("each piece of a compressed stream can be read when it has come") {
    http::Response response;
    response.content_type = "text/event-stream";
    response.stream = std::make_unique<Pieces>(
        std::vector{std::string{"data: 1\n\n"}, text_of(100'000), std::string{"end"}});
    http::encode(response, true);
    std::string sent = response.stream->next();
    CHECK(gunzip(sent) == "data: 1\n\n");
    sent += response.stream->next();
    CHECK(gunzip(sent) == "data: 1\n\n" + text_of(100'000));
    sent += response.stream->next();
    CHECK(gunzip(sent) == "data: 1\n\n" + text_of(100'000) + "end");
    CHECK(response.stream->next().empty());
}
