#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "lib/broker/peer.hpp"

inline void run(const std::vector<std::string>& argv, const support::TemporaryFolder& folder) {
    auto process = support::Process::start({.argv = argv,
                                            .environment = {},
                                            .log_file = folder.file("log"),
                                            .folder = folder.path().string()});
    const auto code = process.wait(std::chrono::seconds{60});
    INFO(process.log());
    REQUIRE(code == 0);
}

inline bool trouble_says(Peer& peer, const std::string& words) {
    return peer.until([&] { return peer.connection.trouble().find(words) != std::string::npos; },
                      std::chrono::seconds{20});
}

/// An authority, and a certificate that it gave to `name`.
struct Certificates {
    explicit Certificates(const std::string& name) {
        run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem"},
            files);
        make("server", name);
        make("client", "node");
    }

    /// A certificate of the authority for a span of time, as OpenSSL writes it: 20200101000000Z.
    void make_dated(const std::string& file, const std::string& from, const std::string& to) const {
        files.write("index", "");
        files.write("serial", "1000\n");
        files.write(
            "ca.conf",
            "[ca]\ndefault_ca = c\n[c]\nnew_certs_dir = .\ndatabase = index\n"
            "serial = serial\ndefault_md = sha256\npolicy = p\n[p]\ncommonName = supplied\n");
        run({"openssl",  "ca",       "-batch",   "-notext",    "-config",     "ca.conf",    "-cert",
             "ca.pem",   "-keyfile", "ca.key",   "-in",        file + ".csr", "-startdate", from,
             "-enddate", to,         "-extfile", "extensions", "-out",        file + ".pem"},
            files);
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

    std::unique_ptr<support::Mosquitto> broker() const {
        return std::make_unique<support::Mosquitto>(support::MosquittoOptions{
            .lines = {"cafile " + files.file("ca.pem"), "certfile " + files.file("server.pem"),
                      "keyfile " + files.file("server.key"), "require_certificate true"}});
    }

    broker::PahoOptions options(const support::Mosquitto& broker) const {
        auto options = options_for(broker, "tls");
        options.address = "ssl://" + broker.address();
        options.ca_file = files.file("ca.pem");
        options.certificate_file = files.file("client.pem");
        options.key_file = files.file("client.key");
        return options;
    }

    support::TemporaryFolder files;
};
