#include "central/alerts/outputs/webhook/post.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>

namespace alerts {

namespace {

constexpr std::size_t kTextMax = 200;

struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// Once in the process, before any handle.
void prepare_library() {
    static const auto prepared = curl_global_init(CURL_GLOBAL_DEFAULT);
    ENSURE(prepared == CURLE_OK);
}

/// What follows a status: nobody needs more of it than its beginning.
struct Body {
    std::string beginning;
    std::size_t bytes = 0;
};

/// Keeps the beginning, and takes no more than a usual rest.
std::size_t keep_beginning(char* data, std::size_t size, std::size_t count, void* into) {
    constexpr std::size_t kBytesMax = 64UL * 1024;
    auto& body = *static_cast<Body*>(into);
    const auto bytes = size * count;
    const auto room = kTextMax - std::min(kTextMax, body.beginning.size());
    body.beginning.append(data, std::min(room, bytes));
    body.bytes += bytes;
    return body.bytes > kBytesMax ? 0 : bytes;
}

/// It is shown to people, and whoever answers may write anything.
std::string printable(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
    return text;
}

}  // namespace

class Poster::Curl {
  public:
    Curl() {
        prepare_library();
        multi_.reset(curl_multi_init());
        ENSURE(multi_);
    }
    ~Curl() { end(); }
    Curl(const Curl&) = delete;
    Curl& operator=(const Curl&) = delete;

    void start(PostRequest request);
    std::optional<PostAnswer> step();

  private:
    void set_options();
    PostAnswer answer_of(CURLcode result) const;
    void end();

    std::unique_ptr<CURLM, MultiDeleter> multi_;
    std::unique_ptr<CURL, EasyDeleter> easy_;
    std::unique_ptr<curl_slist, ListDeleter> headers_;
    PostRequest request_;
    Body answered_;
    std::array<char, CURL_ERROR_SIZE> failure_{};
};

void Poster::Curl::start(PostRequest request) {
    ENSURE(!easy_);
    request_ = std::move(request);
    answered_ = {};
    failure_.fill(0);
    easy_.reset(curl_easy_init());
    ENSURE(easy_);
    for (const auto& header : request_.headers) {
        auto* const longer = curl_slist_append(headers_.get(), header.c_str());
        ENSURE(longer != nullptr);
        static_cast<void>(headers_.release());
        headers_.reset(longer);
    }
    set_options();
    curl_multi_add_handle(multi_.get(), easy_.get());
}

void Poster::Curl::set_options() {
    auto* const easy = easy_.get();
    curl_easy_setopt(easy, CURLOPT_URL, request_.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // Never waits for a name that hangs.
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!request_.ca_file.empty()) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, request_.ca_file.c_str());
    }
    const long timeout_ms = request_.timeout.count();
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request_.body.size()));
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "leat-central");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, failure_.data());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep_beginning);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answered_);
}

std::optional<PostAnswer> Poster::Curl::step() {
    if (!easy_) return std::nullopt;
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    int left = 0;
    while (const auto* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        auto answer = answer_of(message->data.result);
        end();
        return answer;
    }
    return std::nullopt;
}

/// A status is an answer, even where its body is cut short or never ends.
PostAnswer Poster::Curl::answer_of(CURLcode result) const {
    PostAnswer answer;
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (result != CURLE_OK && status < 200) {
        answer.failure = printable(failure_[0] != 0 ? std::string{failure_.data()}
                                                    : std::string{curl_easy_strerror(result)});
        return answer;
    }
    answer.status = static_cast<int>(status);
    answer.text = printable(answered_.beginning);
    curl_off_t seconds = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RETRY_AFTER, &seconds);
    constexpr curl_off_t kDay = 86'400;
    if (seconds > 0) answer.retry_after = std::chrono::seconds{std::min(seconds, kDay)};
    return answer;
}

void Poster::Curl::end() {
    if (!easy_) return;
    curl_multi_remove_handle(multi_.get(), easy_.get());
    easy_.reset();
    headers_.reset();
    request_ = {};
}

Poster::Poster() : curl_(std::make_unique<Curl>()) {}
Poster::~Poster() = default;

void Poster::start(PostRequest request) {
    curl_->start(std::move(request));
}

std::optional<PostAnswer> Poster::step() {
    return curl_->step();
}

base::Result<std::string> host_of(const std::string& url) {
    const auto refuse = [](const char* why) {
        return base::Error{base::Fault::misconfigured, why};
    };
    const bool is_odd = std::any_of(url.begin(), url.end(), [](char c) { return c <= ' '; });
    if (is_odd) return refuse("a blank or a control character is in it");
    const auto scheme = url.starts_with("https://") ? 8U : url.starts_with("http://") ? 7U : 0U;
    if (scheme == 0) return refuse("it begins with neither https:// nor http://");
    const auto place = url.substr(scheme, url.find_first_of("/?#", scheme) - scheme);
    if (place.find('@') != std::string::npos) {
        return refuse("a user or a password does not stand in it: write token_file");
    }
    const auto host = place.substr(
        0, place.rfind(':') < place.rfind(']') + 1 ? std::string::npos : place.rfind(':'));
    if (host.empty()) return refuse("it names no host");
    return host;
}

}  // namespace alerts
