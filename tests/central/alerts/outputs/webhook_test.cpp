// Goal: alerts reach a web server whatever it does. Method: the real webhook against a real server
// on 127.0.0.1 whose answers the test decides. Reproduce: run it.
#include "central/alerts/outputs/webhook/webhook.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include "central/alerts/outputs/some_alert.hpp"
#include "central/alerts/outputs/webhook/verdict.hpp"
#include "lib/broker/certificates.hpp"
#include "support/captured.hpp"
#include "support/eventually.hpp"
#include "support/free_port.hpp"
#include "support/http_receiver.hpp"

using alerts::Attempt;
using alerts::Delivered;
using alerts::Webhook;
using alerts_test::closed;
using alerts_test::some_alert;
using support::HttpReceiver;
using namespace std::chrono_literals;

namespace {

HttpReceiver::Answer always(const std::string& status) {
    return [status](const HttpReceiver::Request&) { return HttpReceiver::status(status); };
}

alerts::WebhookOptions options_for(const std::string& url) {
    alerts::WebhookOptions options;
    options.name = "phone";
    options.url = url;
    options.timeout = 300ms;
    options.courier.backoff = {.first = 10ms, .longest = 50ms};
    return options;
}

struct World {
    explicit World(const alerts::WebhookOptions& options) : webhook(options, counters, 3) {}

    /// Ticks until it holds.
    template <class Predicate>
    bool until(Predicate predicate, base::Duration patience = 10s) {
        return support::eventually(
            [&] {
                webhook.tick(clock.instant());
                ++ticks;
                for (auto& what : webhook.take_delivered()) delivered.push_back(std::move(what));
                return predicate();
            },
            patience);
    }
    bool until_delivered(std::size_t count) {
        return until([&] { return delivered.size() >= count; });
    }
    double given_up() const { return counters.sum("leat_central_alerts_given_up_total"); }

    base::Counters counters;
    base::SystemClock clock;
    Webhook webhook;
    std::vector<Delivered> delivered;
    int ticks = 0;
};

}  // namespace

TEST_CASE("a webhook posts an alert as JSON, with a name for this form of it") {
    const support::TemporaryFolder folder;
    HttpReceiver receiver(always("204 No Content"));
    auto options = options_for(receiver.url("/hook/secret?x=1"));
    options.token_file = folder.write("token", "tk-4711\n");
    World world(options);
    CHECK(world.webhook.name() == "webhook/phone");
    world.webhook.offer(some_alert());
    REQUIRE(world.until_delivered(1));
    CHECK(world.delivered[0] == Delivered{.id = "00000000000000a1", .revision = 1});
    const auto request = receiver.requests().at(0);
    CHECK(request.has("POST /hook/secret?x=1 HTTP/1.1\r\n"));
    CHECK(request.has("\r\nContent-Type: application/json\r\n"));
    CHECK(request.has("\r\nIdempotency-Key: 00000000000000a1-1\r\n"));
    CHECK(request.has("\r\nAuthorization: Bearer tk-4711\r\n"));
    CHECK(request.body ==
          R"({"id":"00000000000000a1","code":"limit","state":"open","severity":"warning",)"
          R"("node":"attic","series":"attic/climate.temperature","opened":1763640000000,)"
          R"("updated":1763640060000,"closed":null,"times":1,"revision":1,)"
          R"("sentence":"attic/climate.temperature: 41 °C, above 30 °C since 12:00",)"
          R"("advice":"look at it","silenced":false})");
    CHECK(world.webhook.trouble().empty());
}

TEST_CASE("what a receiver is too busy for comes again, until it is taken") {
    int left = 3;
    HttpReceiver receiver([&](const HttpReceiver::Request&) {
        return HttpReceiver::status(--left >= 0 ? "503 Busy" : "200 OK");
    });
    World world(options_for(receiver.url()));
    world.webhook.offer(some_alert());
    world.webhook.offer(some_alert("00000000000000a2"));
    REQUIRE(world.until_delivered(2));
    CHECK(receiver.requests().size() == 5);
    CHECK(world.counters.sum("leat_central_alerts_retried_total") == 3);
    CHECK(world.counters.sum("leat_central_alerts_sent_total") == 2);
}

TEST_CASE("a receiver that is away gets the newest form when it is back") {
    const int port = support::free_port();
    World world(options_for("http://127.0.0.1:" + std::to_string(port) + "/"));
    world.webhook.offer(some_alert());
    REQUIRE(world.until([&] { return !world.webhook.trouble().empty(); }));
    CHECK(world.webhook.trouble().find("Failed to connect") == 0);
    world.webhook.offer(closed(some_alert()));
    HttpReceiver receiver(always("200 OK"), port);
    REQUIRE(world.until_delivered(1));
    CHECK(world.delivered[0].revision == 2);
    REQUIRE(receiver.requests().size() == 1);
    CHECK(receiver.requests()[0].body.find("\"state\":\"closed\"") != std::string::npos);
    CHECK(world.webhook.trouble().empty());
}

TEST_CASE("a receiver that never answers costs its time-out, and no tick waits for it") {
    std::atomic<int> calls{0};
    HttpReceiver receiver([&](const HttpReceiver::Request&) {
        return ++calls == 1 ? std::string{} : HttpReceiver::status("200 OK");
    });
    World world(options_for(receiver.url()));
    world.webhook.offer(some_alert());
    REQUIRE(world.until([&] { return !world.webhook.trouble().empty(); }));
    CHECK(world.webhook.trouble().find("timed out") != std::string::npos);
    REQUIRE(world.until_delivered(1));
    CHECK(world.ticks > 10);  // None waited for it.
}

TEST_CASE("a receiver that has said yes has taken it, though its body never ends or is a flood") {
    const std::string yes = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n";
    for (const std::size_t bytes : {10UL, 200'000UL}) {
        CAPTURE(bytes);
        HttpReceiver receiver(
            [&](const HttpReceiver::Request&) { return yes + std::string(bytes, 'x'); });
        World world(options_for(receiver.url()));
        world.webhook.offer(some_alert());
        REQUIRE(world.until_delivered(1));
        CHECK(receiver.requests().size() == 1);
        CHECK(world.webhook.trouble().empty());
    }
}

TEST_CASE("a receiver that refuses is not asked again, and no redirect is followed") {
    HttpReceiver elsewhere(always("200 OK"));
    struct Case {
        std::string status;
        std::string headers;
        std::string reason;
    };
    const std::vector<Case> cases{
        {"404 Not Found", "", "it answers 404"},
        {"403 Forbidden", "", "it answers 403: check token_file"},
        {"302 Found", "Location: " + elsewhere.url() + "\r\n", "it answers 302, a redirect"},
        {"307 Temporary Redirect", "Location: " + elsewhere.url() + "\r\n", "it answers 307"}};
    for (const auto& refusal : cases) {
        CAPTURE(refusal.status);
        HttpReceiver receiver([&](const HttpReceiver::Request&) {
            return HttpReceiver::status(refusal.status, refusal.headers);
        });
        World world(options_for(receiver.url()));
        world.webhook.offer(some_alert());
        CHECK(world.until([&] { return world.given_up() == 1; }));
        CHECK(world.webhook.trouble().find(refusal.reason) != std::string::npos);
        world.until([&] { return receiver.requests().size() > 1; }, 100ms);
        CHECK(receiver.requests().size() == 1);
        CHECK(world.delivered.empty());
    }
    CHECK(elsewhere.requests().empty());
}

TEST_CASE("an answer says whether to come again, and when") {
    const auto later = alerts::judge({.status = 429, .failure = {}, .retry_after = 7s, .text = {}});
    CHECK(later.outcome == Attempt::Outcome::failed);
    CHECK(later.wait == 7s);
    for (const int status : {408, 425, 500, 502, 503, 504}) {
        CHECK(alerts::judge({.status = status, .failure = {}, .text = {}}).outcome ==
              Attempt::Outcome::failed);
    }
    for (const int status : {301, 400, 401, 404, 410, 413, 422}) {
        CHECK(alerts::judge({.status = status, .failure = {}, .text = {}}).outcome ==
              Attempt::Outcome::refused);
    }
    for (const int status : {200, 201, 202, 204}) {
        CHECK(alerts::judge({.status = status, .failure = {}, .text = {}}).outcome ==
              Attempt::Outcome::delivered);
    }
}

TEST_CASE("a receiver's Retry-After is read from its answer") {
    HttpReceiver receiver([](const HttpReceiver::Request&) {
        return HttpReceiver::status("429 Too Many Requests", "Retry-After: 77\r\n");
    });
    alerts::Poster poster;
    poster.start({.url = receiver.url(), .headers = {}, .body = "x", .ca_file = {}});
    std::optional<alerts::PostAnswer> answer;
    REQUIRE(support::eventually([&] { return (answer = poster.step()).has_value(); }));
    CHECK(answer->status == 429);
    CHECK(answer->retry_after == 77s);
}

TEST_CASE("while its token cannot be read nothing is sent without it, and it is never logged") {
    const support::TemporaryFolder folder;
    HttpReceiver receiver(always("401 Unauthorized"));
    auto options = options_for(receiver.url("/secret-path"));
    options.token_file = folder.file("token");
    World world(options);
    const support::Captured log(2);
    world.webhook.offer(some_alert());
    REQUIRE(world.until([&] { return !world.webhook.trouble().empty(); }));
    CHECK(world.webhook.trouble().find(options.token_file) != std::string::npos);
    CHECK(receiver.requests().empty());
    folder.write("token", "two words\n");
    CHECK(world.until(
        [&] { return world.webhook.trouble().find("is no token") != std::string::npos; }));
    CHECK(receiver.requests().empty());
    folder.write("token", "tk-4711\n");
    CHECK(world.until([&] { return world.given_up() == 1; }));
    CHECK(world.webhook.trouble() == "it answers 401: check token_file");
    CHECK(log.text().find("4711") == std::string::npos);
    CHECK(log.text().find("secret-path") == std::string::npos);
}

TEST_CASE("a certificate is believed only when the CA file or the system vouches for it") {
    const Certificates certificates("127.0.0.1");
    const auto port = std::to_string(support::free_port());
    auto server = support::Process::start({.argv = {"openssl", "s_server", "-accept", port, "-cert",
                                                    "server.pem", "-key", "server.key", "-rev"},
                                           .environment = {},
                                           .log_file = certificates.files.file("s_server.log"),
                                           .folder = certificates.files.path().string()});
    REQUIRE(support::eventually([&] { return support::port_answers(std::stoi(port)); }));
    const auto is_connected = [&] {
        return server.log().find("CONNECTION ESTABLISHED") != std::string::npos;
    };
    auto options = options_for("https://127.0.0.1:" + port + "/");
    World stranger(options);
    stranger.webhook.offer(some_alert());
    CHECK(stranger.until(
        [&] { return stranger.webhook.trouble().find("certificate") != std::string::npos; }));
    CHECK_FALSE(is_connected());
    options.ca_file = certificates.files.file("ca.pem");
    World friendly(options);
    friendly.webhook.offer(some_alert());
    CHECK(friendly.until(is_connected));
}

TEST_CASE("each format says it as its receivers want it") {
    using alerts::Format;
    auto alert = some_alert();
    alert.sentence = "a <b> & c";
    const auto text = alerts::form_of(alert, Format::text);
    CHECK(text.content_type == "text/plain; charset=utf-8");
    CHECK(text.body == "a <b> & c\nlook at it");
    CHECK(text.headers == std::vector<std::string>{"Title: attic/climate.temperature",
                                                   "Priority: 3", "Tags: warning"});
    CHECK(alerts::form_of(alert, Format::slack).body ==
          R"({"text":"*attic/climate.temperature* a &lt;b&gt; &amp; c\nlook at it"})");
    CHECK(alerts::form_of(alert, Format::gotify).body ==
          R"({"title":"attic/climate.temperature","message":"a <b> & c\nlook at it",)"
          R"("priority":5})");
    const auto over = alerts::form_of(closed(alert), Format::text);
    CHECK(over.body == "over: a <b> & c");
    CHECK(over.headers[1] == "Priority: 2");
    alert.node.clear();
    alert.series.clear();
    alert.severity = detect::Severity::critical;
    CHECK(alerts::form_of(alert, Format::text).headers[0] == "Title: the line");
    CHECK(alerts::form_of(alert, Format::text).headers[1] == "Priority: 5");
}

TEST_CASE("only the host of a URL is shown, and a URL with a password in it is none") {
    CHECK(alerts::host_of("https://ntfy.sh/secret").value() == "ntfy.sh");
    CHECK(alerts::host_of("http://10.0.0.2:8080?secret").value() == "10.0.0.2");
    CHECK(alerts::host_of("http://[::1]:80/x").value() == "[::1]");
    CHECK(alerts::host_of("http://[::1]/x").value() == "[::1]");
    for (const auto* url : {"", "ntfy.sh/x", "ftp://ntfy.sh", "https://", "https://:80/",
                            "https://me:pw@ntfy.sh/", "https://ntfy.sh/a b", "https://a\r\nb"}) {
        CAPTURE(url);
        CHECK_FALSE(alerts::host_of(url));
    }
}
