// TLS, with a real Mosquitto and certificates made on the spot: what works, and that each thing
// that does not is told as itself.
#include <doctest/doctest.h>

#include <cstdlib>

#include "lib/broker/certificates.hpp"
#include "support/free_port.hpp"

using namespace std::chrono_literals;
using support::Mosquitto;

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

TEST_CASE("a broker with a certificate of an unknown authority is not trusted, and that is told") {
    const Certificates certificates("127.0.0.1");
    const Certificates foreign("127.0.0.1");
    const auto broker = certificates.broker();
    auto options = certificates.options(*broker);
    options.ca_file = foreign.files.file("ca.pem");
    Peer peer(options);
    CHECK(trouble_says(peer, "is not of the authority in ca_file " + options.ca_file));
    options.ca_file.clear();
    Peer other(options);
    CHECK(trouble_says(other, "is of an authority that this machine does not know: set ca_file"));
    CHECK(peer.connection.session() == 0);
    CHECK(other.connection.session() == 0);
}

TEST_CASE("a broker whose certificate is for another name is not trusted, and the name is told") {
    const Certificates certificates("elsewhere.example");
    const auto broker = certificates.broker();
    Peer peer(certificates.options(*broker));
    CHECK(trouble_says(peer, "is for elsewhere.example, and not for 127.0.0.1"));
    auto options = certificates.options(*broker);
    options.address = "ssl://localhost:" + std::to_string(broker->port());
    Peer by_name(options);
    CHECK(trouble_says(by_name, "is for elsewhere.example, and not for localhost"));
    CHECK(peer.connection.session() == 0);
}

TEST_CASE("a certificate that has ended, or not begun, is told with both dates") {
    const Certificates certificates("127.0.0.1");
    certificates.make("server", "127.0.0.1");
    certificates.make_dated("server", "20200101000000Z", "20210203000000Z");
    {
        const auto broker = certificates.broker();
        Peer peer(certificates.options(*broker));
        CHECK(trouble_says(peer, "ended on 2021-02-03, and this machine's clock says 2"));
        CHECK(peer.connection.session() == 0);
    }
    certificates.make_dated("server", "20980102000000Z", "20990101000000Z");
    const auto broker = certificates.broker();
    Peer peer(certificates.options(*broker));
    CHECK(trouble_says(peer, "begins on 2098-01-02, and this machine's clock says 2"));
}

TEST_CASE("TLS to a plain port, and plain MQTT to a TLS port, are told with the address to write") {
    const Certificates certificates("127.0.0.1");
    const Mosquitto plain;
    auto options = certificates.options(plain);
    Peer tls_to_plain(options);
    CHECK(trouble_says(tls_to_plain,
                       plain.address() + " does not speak TLS: write tcp://" + plain.address()));
    const auto secured = certificates.broker();
    Peer plain_to_tls(options_for(*secured, "plain"));
    CHECK(trouble_says(plain_to_tls, secured->address() +
                                         " speaks TLS, and the address asks for plain MQTT: write "
                                         "ssl://" +
                                         secured->address()));
}

TEST_CASE("a broker that wants a certificate of ours says so, and so does one that takes it not") {
    const Certificates certificates("127.0.0.1");
    const Certificates foreign("127.0.0.1");
    const auto broker = certificates.broker();
    auto options = certificates.options(*broker);
    options.certificate_file = options.key_file = {};
    Peer bare(options);
    CHECK(trouble_says(bare, "wants a certificate of ours: set certificate_file and key_file"));
    options.certificate_file = foreign.files.file("client.pem");
    options.key_file = foreign.files.file("client.key");
    Peer stranger(options);
    CHECK(trouble_says(stranger, "does not take our certificate " + options.certificate_file));
}

TEST_CASE("a certificate, key or authority that is none is told by its key and file") {
    const Certificates certificates("127.0.0.1");
    const Certificates other("127.0.0.1");
    const auto broker = certificates.broker();
    const auto good = certificates.options(*broker);
    certificates.files.write("text", "hello\n");
    run({"openssl", "pkey", "-in", "client.key", "-aes256", "-passout", "pass:x", "-out",
         "locked.key"},
        certificates.files);
    const auto text = certificates.files.file("text");
    struct Row {
        std::string broker::PahoOptions::*option;
        std::string file;
        std::string told;
    };
    const std::vector<Row> rows{
        {&broker::PahoOptions::ca_file, "/nowhere.pem",
         "cannot read ca_file /nowhere.pem: No such file or directory"},
        {&broker::PahoOptions::ca_file, text, "ca_file " + text + " holds no certificate in PEM"},
        {&broker::PahoOptions::certificate_file, text,
         "certificate_file " + text + " holds no certificate in PEM"},
        {&broker::PahoOptions::key_file, text, "key_file " + text + " holds no private key in PEM"},
        {&broker::PahoOptions::key_file, other.files.file("client.key"),
         "is not the key of certificate_file " + good.certificate_file},
        {&broker::PahoOptions::key_file, certificates.files.file("locked.key"),
         "has a passphrase, and nobody is there to type it"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.told);
        auto options = good;
        options.*row.option = row.file;
        Peer peer(options);
        CHECK(trouble_says(peer, row.told));
    }
}

TEST_CASE("a host that no name service knows is told by its name") {
    broker::PahoOptions options;
    options.address = "tcp://no-such-host.invalid";
    Peer peer(options);
    // Without a network no service answers at all.
    CHECK(peer.until([&] {
        const auto trouble = peer.connection.trouble();
        return trouble.find("no host is called no-such-host.invalid") != std::string::npos ||
               trouble.find("nobody knows where no-such-host.invalid is") != std::string::npos;
    }));
}

TEST_CASE("a TLS server older than 1.2 is not spoken to, whatever the machine's policy is") {
    const Certificates certificates("127.0.0.1");
    const auto policy = certificates.files.write(
        "openssl.cnf",
        "openssl_conf = o\n[o]\nssl_conf = s\n[s]\nsystem_default = d\n[d]\n"
        "MinProtocol = TLSv1\nCipherString = DEFAULT@SECLEVEL=0\n");
    const auto port = std::to_string(support::free_port());
    auto server = support::Process::start(
        {.argv = {"openssl", "s_server", "-accept", port, "-cert", "server.pem", "-key",
                  "server.key", "-rev", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"},
         .environment = {"OPENSSL_CONF=" + policy},
         .log_file = certificates.files.file("s_server.log"),
         .folder = certificates.files.path().string()});
    auto child = support::Process::start(
        {.argv = {"/proc/self/exe", "--no-skip",
                  "--test-case=a client that a lax policy allows TLS 1.1"},
         .environment = {"OPENSSL_CONF=" + policy, "BROKER=ssl://127.0.0.1:" + port,
                         "CA_FILE=" + certificates.files.file("ca.pem")},
         .log_file = certificates.files.file("child.log"),
         .folder = {}});
    const auto ended = child.wait(60s);
    INFO(child.log());
    INFO(server.log());
    CHECK(ended == 0);
    CHECK(server.log().find("CONNECTION ESTABLISHED") == std::string::npos);
}

// Runs in a process of its own: see the test before.
TEST_CASE("a client that a lax policy allows TLS 1.1" * doctest::skip()) {
    const char* url = std::getenv("BROKER");
    const char* authority = std::getenv("CA_FILE");
    REQUIRE(url != nullptr);
    REQUIRE(authority != nullptr);
    broker::PahoOptions options;
    options.address = url;
    options.ca_file = authority;
    Peer peer(options);
    CHECK(trouble_says(peer, "offers no TLS 1.2 or newer"));
}
