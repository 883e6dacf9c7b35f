// Users, access rules and TLS, with a real Mosquitto and certificates made on the spot.
#include <doctest/doctest.h>

#include "lib/broker/peer.hpp"

using namespace std::chrono_literals;
using support::Mosquitto;

namespace {

void run(const std::vector<std::string>& argv, const support::TemporaryFolder& folder) {
    auto process = support::Process::start({.argv = argv,
                                            .environment = {},
                                            .log_file = folder.file("log"),
                                            .folder = folder.path().string()});
    const auto code = process.wait(60s);
    INFO(process.log());
    REQUIRE(code == 0);
}

bool trouble_says(Peer& peer, const std::string& words) {
    return peer.until([&] { return peer.connection.trouble().find(words) != std::string::npos; },
                      20s);
}

/// A broker with the user "node" (password "secret"), who may write to `allowed` only.
struct GuardedBroker {
    GuardedBroker() {
        run({"mosquitto_passwd", "-b", "-c", files.file("passwords"), "node", "secret"}, files);
        files.write("rules", "user node\ntopic readwrite allowed\n");
        broker = std::make_unique<Mosquitto>(
            support::MosquittoOptions{.lines = {"password_file " + files.file("passwords"),
                                                "acl_file " + files.file("rules")},
                                      .anonymous = false});
    }

    support::TemporaryFolder files;
    std::unique_ptr<Mosquitto> broker;
};

/// An authority, and a certificate that it gave to `name`.
struct Certificates {
    explicit Certificates(const std::string& name) {
        run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem"},
            files);
        make("server", name);
        make("client", "node");
    }

    void make(const std::string& file, const std::string& name) const {
        run({"openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=" + name, "-keyout",
             file + ".key", "-out", file + ".csr"},
            files);
        files.write("extensions",
                    "subjectAltName=" + std::string(name == "127.0.0.1" ? "IP:" : "DNS:") + name);
        run({"openssl", "x509", "-req", "-in", file + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key",
             "-CAcreateserial", "-days", "2", "-extfile", "extensions", "-out", file + ".pem"},
            files);
    }

    std::unique_ptr<Mosquitto> broker() const {
        return std::make_unique<Mosquitto>(support::MosquittoOptions{
            .lines = {"cafile " + files.file("ca.pem"), "certfile " + files.file("server.pem"),
                      "keyfile " + files.file("server.key"), "require_certificate true"}});
    }

    broker::PahoOptions options(const Mosquitto& broker) const {
        auto options = options_for(broker, "tls");
        options.address = "ssl://" + broker.address();
        options.ca_file = files.file("ca.pem");
        options.certificate_file = files.file("client.pem");
        options.key_file = files.file("client.key");
        return options;
    }

    support::TemporaryFolder files;
};

}  // namespace

TEST_CASE("the password is read from its file at each connect") {
    GuardedBroker guarded;
    auto options = options_for(*guarded.broker, "node", {{"allowed", 1}});
    options.user = "node";
    options.password_file = guarded.files.file("password");
    Peer peer(options);
    CHECK(trouble_says(peer, "cannot read the password file"));
    guarded.files.write("password", "wrong\n");
    CHECK(trouble_says(peer, "check the password of user node"));
    guarded.files.write("password", "secret\n");
    CHECK(peer.connect());
}

TEST_CASE("a stranger learns that a user is required") {
    GuardedBroker guarded;
    Peer peer(options_for(*guarded.broker, "stranger"));
    CHECK(trouble_says(peer, "set user and password_file"));
}

TEST_CASE("a publish that the access rules forbid is counted as refused") {
    GuardedBroker guarded;
    auto options = options_for(*guarded.broker, "node");
    options.user = "node";
    options.password_file = guarded.files.write("password", "secret");
    Peer peer(options);
    REQUIRE(peer.connect());
    REQUIRE(peer.send({.topic = "allowed", .payload = "x"}));
    REQUIRE(peer.send({.topic = "forbidden", .payload = "x"}));
    REQUIRE(peer.send({.topic = "forbidden/too", .payload = "x"}));
    CHECK(peer.until([&] { return peer.connection.in_flight() == 0; }));
    CHECK(peer.connection.refused() == 2);
}

TEST_CASE("TLS with certificates on both sides carries messages") {
    const Certificates certificates("127.0.0.1");
    const auto broker = certificates.broker();
    auto options = certificates.options(*broker);
    options.subscriptions = {{"t", 1}};
    Peer peer(options);
    CAPTURE(peer.connection.trouble());
    REQUIRE(peer.connect());
    CHECK(peer.connection.publish({.topic = "t", .payload = std::string(100'000, 'x')}));
    CHECK(peer.next().payload.size() == 100'000);
}

TEST_CASE("a broker with a certificate of an unknown authority is not trusted") {
    const Certificates certificates("127.0.0.1");
    const Certificates foreign("127.0.0.1");
    const auto broker = certificates.broker();
    auto options = certificates.options(*broker);
    options.ca_file = foreign.files.file("ca.pem");
    Peer peer(options);
    CHECK(trouble_says(peer, "no TLS connection to"));
    CHECK(peer.connection.session() == 0);
}

TEST_CASE("a broker whose certificate is for another name is not trusted") {
    const Certificates certificates("elsewhere.example");
    const auto broker = certificates.broker();
    Peer peer(certificates.options(*broker));
    CHECK(trouble_says(peer, "no TLS connection to"));
    CHECK(peer.connection.session() == 0);
}
