// RPC with TLS: who trusts the node's certificate is served, who does not is not; certificates of
// clients; a certificate that changes; what is no handshake.
#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "ledger/os/files.h"
#include "node/settings.h"
#include "tests/e2e/running_node.h"

namespace suyuan::test {
namespace {

constexpr int64_t kNow = 1'780'000'000'000;

class TlsRpc : public ::testing::Test {
 protected:
  TlsRpc() { make_pair("one", "localhost"); }
  std::string file(const std::string& name) const { return certs_.path() + "/" + name; }
  static void must_run(const std::string& command) {
    SUYUAN_CHECK(std::system((command + " >/dev/null 2>&1").c_str()) == 0);
  }
  void make_pair(const std::string& name, const std::string& host) const {
    must_run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "
             "/CN=" + name + " -addext subjectAltName=DNS:" + host + " -keyout " +
             file(name + ".key") + " -out " + file(name + ".crt"));
  }
  void put_in_place(const std::string& name) const {
    for (const char* end : {".key", ".crt"})
      std::filesystem::copy_file(file(name + end), file(std::string("live") + end),
                                 std::filesystem::copy_options::overwrite_existing);
  }
  ServeOptions options() const {
    ServeOptions options = without_seals();
    options.tls_cert = file("live.crt");
    options.tls_key = file("live.key");
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

  const TempFolder certs_;
  const TempFolder data_;
};

TEST_F(TlsRpc, ServesWhoTrustsItsCertificateAndNobodyElse) {
  put_in_place("one");
  make_pair("two", "localhost");
  RunningNode node(data_.path(), kNow, options());
  const auto served = asked(node, {.node = "", .ca = file("one.crt")});
  EXPECT_FALSE(served) << to_text(*served);
  EXPECT_TRUE(asked(node, {.node = ""})) << "the system does not know it";
  EXPECT_TRUE(asked(node, {.node = "", .ca = file("two.crt")}));
  EXPECT_TRUE(asked(node, {.node = "", .ca = file("one.crt"), .tls_name = "other.example"}));
  const auto by_number =
      asked(node, {.node = "tls://127.0.0.1:" + port_of(node), .ca = file("one.crt"),
                   .tls_name = "localhost"});
  EXPECT_FALSE(by_number) << to_text(*by_number);
  EXPECT_TRUE(asked(node, {.node = node.rpc_address()})) << "plain text is not answered";
  const auto no_ca = asked(node, {.node = "", .ca = file("one.key")});
  ASSERT_TRUE(no_ca);
  EXPECT_EQ(no_ca->code, Code::INVALID_FIELD);
}

TEST_F(TlsRpc, TakesOnlyClientsWithACertificateWhereItIsToldTo) {
  put_in_place("one");
  make_pair("clients", "clients.example");
  must_run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=supplier "
           "-keyout " + file("client.key") + " -out " + file("client.csr"));
  must_run("openssl x509 -req -days 2 -in " + file("client.csr") + " -CA " + file("clients.crt") +
           " -CAkey " + file("clients.key") + " -CAcreateserial -out " + file("client.crt"));
  ServeOptions with_clients = options();
  with_clients.tls_client_ca = file("clients.crt");
  RunningNode node(data_.path(), kNow, with_clients);
  const auto served = asked(node, {.node = "",
                                   .ca = file("one.crt"),
                                   .cert = file("client.crt"),
                                   .key = file("client.key")});
  EXPECT_FALSE(served) << to_text(*served);
  EXPECT_TRUE(asked(node, {.node = "", .ca = file("one.crt")}));
  EXPECT_TRUE(asked(node, {.node = "",
                           .ca = file("one.crt"),
                           .cert = file("one.crt"),
                           .key = file("one.key")}))
      << "of another authority";
}

TEST_F(TlsRpc, ServesANewCertificateSoonAfterItsFilesChanged) {
  put_in_place("one");
  RunningNode node(data_.path(), kNow, options());
  ASSERT_FALSE(asked(node, {.node = "", .ca = file("one.crt")}));
  make_pair("two", "localhost");
  put_in_place("two");
  bool taken = false;
  for (int i = 0; i < 500 && !taken; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    taken = !asked(node, {.node = "", .ca = file("two.crt")});
  }
  EXPECT_TRUE(taken);
}

TEST_F(TlsRpc, AnswersOthersBesideAPeerThatShakesNoHands) {
  put_in_place("one");
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
    const auto served = asked(node, {.node = "", .ca = file("one.crt")});
    EXPECT_FALSE(served) << to_text(*served);
  }
}

TEST_F(TlsRpc, CountsHandshakes) {
  put_in_place("one");
  RunningNode node(data_.path(), kNow, options());
  ASSERT_FALSE(asked(node, {.node = "", .ca = file("one.crt")}));
  ASSERT_TRUE(asked(node, {.node = ""}));
  must_run("curl -sf --cacert " + file("one.crt") + " -o " + file("metrics") +
           " https://localhost:" + std::to_string(node.http_port()) + "/metrics");
  const std::string metrics = read_file(file("metrics"), 1 << 20).value();
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
