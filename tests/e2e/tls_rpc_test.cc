// RPC with TLS: who trusts the node's certificate is served, who does not is not; certificates of
// clients; a certificate that changes; what is no handshake.
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "ledger/os/files.h"
#include "node/folder/init.h"
#include "node/settings.h"
#include "tests/e2e/running_node.h"
#include "tests/support/certificates.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

constexpr int64_t kNow = 1'780'000'000'000;

class TlsRpc : public ::testing::Test {
 protected:
  TlsRpc() { certs_.make("one"); }
  static void must_run(const std::string& command) {
    SUYUAN_CHECK(std::system((command + " >/dev/null 2>&1").c_str()) == 0);
  }
  ServeOptions options() const {
    ServeOptions options = without_seals();
    options.tls_cert = certs_.cert("live");
    options.tls_key = certs_.key("live");
    options.tls_check_ms = 20;
    options.rpc_tls = true;
    return options;
  }
  static std::string port_of(const RunningNode& node) {
    const std::string address = node.rpc_address();
    return address.substr(address.rfind(':') + 1);
  }
  // Nullopt: it was served. KJ has one loop for a thread, and a failed one leaves nothing behind.
  static std::optional<Error> asked(const RunningNode& node, ConnectionOptions options) {
    if (options.node.empty()) options.node = "tls://localhost:" + port_of(node);
    options.connect_ms = 10'000;
    options.answer_ms = 10'000;
    const auto connection = Connection::open(options);
    if (!connection) return connection.error();
    const auto status = (*connection)->status();
    if (!status.value) return status.value.error();
    EXPECT_EQ(status.value->genesis_leaf, node.ledger().leaf);
    return std::nullopt;
  }

  const TempFolder certs_folder_;
  const testing::Certificates certs_{certs_folder_.path()};
  const TempFolder data_;
};

TEST_F(TlsRpc, ServesWhoTrustsItsCertificateAndNobodyElse) {
  certs_.put_in_place("one");
  certs_.make("two");
  RunningNode node(data_.path(), kNow, options());
  const auto served = asked(node, {.node = "", .ca = certs_.cert("one")});
  EXPECT_FALSE(served) << to_text(*served);
  EXPECT_TRUE(asked(node, {.node = ""})) << "the system does not know it";
  EXPECT_TRUE(asked(node, {.node = "", .ca = certs_.cert("two")}));
  EXPECT_TRUE(asked(node, {.node = "", .ca = certs_.cert("one"), .tls_name = "other.example"}));
  const auto by_number =
      asked(node, {.node = "tls://127.0.0.1:" + port_of(node), .ca = certs_.cert("one"),
                   .tls_name = "localhost"});
  EXPECT_FALSE(by_number) << to_text(*by_number);
  EXPECT_TRUE(asked(node, {.node = node.rpc_address()})) << "plain text is not answered";
  const auto no_ca = asked(node, {.node = "", .ca = certs_.key("one")});
  ASSERT_TRUE(no_ca);
  EXPECT_EQ(no_ca->code, Code::INVALID_FIELD);
}

TEST_F(TlsRpc, SaysWhichOptionACertificateNeeds) {
  certs_.make("number", "IP:127.0.0.1");
  certs_.put_in_place("number");
  RunningNode node(data_.path(), kNow, options());
  const std::string by_number = "tls://127.0.0.1:" + port_of(node);
  const auto other_name = asked(node, {.node = by_number, .ca = certs_.cert("number")});
  ASSERT_TRUE(other_name) << "names of DNS are checked, no addresses";
  EXPECT_NE(other_name->message.find("--tls-name"), std::string::npos) << other_name->message;
  const auto other_ca = asked(node, {.node = by_number, .ca = certs_.cert("one")});
  ASSERT_TRUE(other_ca);
  EXPECT_NE(other_ca->message.find("--ca"), std::string::npos) << other_ca->message;
}

TEST_F(TlsRpc, TakesOnlyClientsWithACertificateWhereItIsToldTo) {
  certs_.put_in_place("one");
  certs_.make("clients", "DNS:clients.example");
  certs_.make_signed("client", "clients");
  ServeOptions with_clients = options();
  with_clients.tls_client_ca = certs_.cert("clients");
  RunningNode node(data_.path(), kNow, with_clients);
  const auto served = asked(node, {.node = "",
                                   .ca = certs_.cert("one"),
                                   .cert = certs_.cert("client"),
                                   .key = certs_.key("client")});
  EXPECT_FALSE(served) << to_text(*served);
  EXPECT_TRUE(asked(node, {.node = "", .ca = certs_.cert("one")}));
  EXPECT_TRUE(asked(node, {.node = "",
                           .ca = certs_.cert("one"),
                           .cert = certs_.cert("one"),
                           .key = certs_.key("one")}))
      << "of another authority";
}

TEST_F(TlsRpc, ServesANewCertificateSoonAfterItsFilesChanged) {
  certs_.put_in_place("one");
  RunningNode node(data_.path(), kNow, options());
  ASSERT_FALSE(asked(node, {.node = "", .ca = certs_.cert("one")}));
  certs_.make("two");
  certs_.put_in_place("two");
  bool taken = false;
  for (int i = 0; i < 500 && !taken; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    taken = !asked(node, {.node = "", .ca = certs_.cert("two")});
  }
  EXPECT_TRUE(taken);
}

TEST_F(TlsRpc, ServesANewCertificateWhenItIsToldToLookAtIt) {
  certs_.put_in_place("one");
  ASSERT_TRUE(init_ledger({.data = data_.path()}, kNow));
  NodeProcess node(SUYUAN_NODE_PROGRAM, data_.path(), {},
                   {"--rpc-tls", "--tls-cert", certs_.cert("live"), "--tls-key",
                    certs_.key("live"), "--tls-check-ms", "86400000"});
  const auto serves = [&](const std::string& name) {
    return Connection::open({.node = "tls://" + node.rpc_address(),
                             .ca = certs_.cert(name),
                             .tls_name = "localhost"})
        .has_value();
  };
  ASSERT_TRUE(serves("one")) << "so it runs, and hears signals";
  certs_.make("two");
  certs_.put_in_place("two");
  ASSERT_EQ(::kill(node.pid(), SIGHUP), 0);
  bool taken = false;
  for (int i = 0; i < 500 && !taken; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    taken = serves("two");
  }
  EXPECT_TRUE(taken);
}

// trust and status, which know no ledger as yet, among them.
TEST_F(TlsRpc, IsSpokenByEveryCommandOfTheClient) {
  certs_.put_in_place("one");
  certs_.make("two");
  RunningNode node(data_.path(), kNow, options());
  const auto client = [&](const std::string& ca, const std::string& command) {
    return std::system(("XDG_CONFIG_HOME=" + certs_.file("home") + " " SUYUAN_PROGRAM
                        " --node tls://127.0.0.1:" + port_of(node) + " --tls-name localhost --ca " +
                        certs_.cert(ca) + " " + command + " >/dev/null 2>&1").c_str());
  };
  for (const char* command : {"trust", "status"}) {
    EXPECT_NE(client("two", command), 0) << command;
    EXPECT_EQ(client("one", command), 0) << command;
  }
}

TEST_F(TlsRpc, AnswersOthersBesideAPeerThatShakesNoHands) {
  certs_.put_in_place("one");
  RunningNode node(data_.path(), kNow, options());
  boost::asio::io_context io;
  std::vector<boost::asio::ip::tcp::socket> silent;
  for (int i = 0; i < 20; ++i) {
    auto& socket = silent.emplace_back(io);
    socket.connect({boost::asio::ip::address_v4::loopback(),
                    static_cast<uint16_t>(std::stoi(port_of(node)))});
    if (i % 2 == 0) boost::asio::write(socket, boost::asio::buffer("GET / HTTP/1.1\r\n\r\n", 18));
  }
  for (int i = 0; i < 3; ++i) {
    const auto served = asked(node, {.node = "", .ca = certs_.cert("one")});
    EXPECT_FALSE(served) << to_text(*served);
  }
}

TEST_F(TlsRpc, CountsHandshakes) {
  certs_.put_in_place("one");
  RunningNode node(data_.path(), kNow, options());
  ASSERT_FALSE(asked(node, {.node = "", .ca = certs_.cert("one")}));
  ASSERT_TRUE(asked(node, {.node = ""}));
  must_run("curl -sf --cacert " + certs_.cert("one") + " -o " + certs_.file("metrics") +
           " https://localhost:" + std::to_string(node.http_port()) + "/metrics");
  const std::string metrics = read_file(certs_.file("metrics"), 1 << 20).value();
  EXPECT_NE(metrics.find("suyuan_rpc_tls_handshakes_total{outcome=\"done\"}"), std::string::npos);
  EXPECT_NE(metrics.find("suyuan_rpc_tls_handshakes_total{outcome=\"failed\"}"),
            std::string::npos);
}

TEST(RpcTlsOptions, SpeakTlsBeyondLoopbackAndPlainOnlyWhereToldTo) {
  ServeOptions options;
  EXPECT_FALSE(*rpc_speaks_tls(options));
  EXPECT_TRUE(check_plain(options.rpc, "RPC", options)) << "loopback";
  options.rpc.host = "0.0.0.0";
  EXPECT_FALSE(check_plain(options.rpc, "RPC", options));
  options.tls_cert = "cert.pem";
  options.tls_key = "key.pem";
  EXPECT_TRUE(*rpc_speaks_tls(options));
  options.plain_beyond_loopback = true;
  EXPECT_FALSE(*rpc_speaks_tls(options));
  options.rpc_tls = true;
  EXPECT_TRUE(*rpc_speaks_tls(options));
  options = {};
  options.rpc_tls = true;
  EXPECT_EQ(rpc_speaks_tls(options).error().field, "--rpc-tls");
  options = {};
  options.tls_client_ca = "ca.pem";
  EXPECT_EQ(rpc_speaks_tls(options).error().field, "--tls-client-ca");
}

}  // namespace
}  // namespace suyuan::test
