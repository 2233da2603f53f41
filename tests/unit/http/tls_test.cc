// HTTPS: real handshakes of OpenSSL's own client and of curl; certificates that change; peers that
// dawdle or send garbage.
#include "node/http/tls.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <thread>

#include "ledger/os/files.h"
#include "node/http/server.h"
#include "tests/support/certificates.h"

namespace suyuan::http {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

std::string output_of(const std::string& command) {
  FILE* pipe = ::popen(("timeout 20 " + command + " 2>&1").c_str(), "r");
  SUYUAN_CHECK(pipe != nullptr);
  std::string text;
  char part[4096];
  for (size_t n = 0; (n = std::fread(part, 1, sizeof(part), pipe)) > 0;) text.append(part, n);
  ::pclose(pipe);
  return text;
}

std::string made_folder() {
  std::string pattern = (fs::temp_directory_path() / "suyuan-tls-XXXXXX").string();
  SUYUAN_CHECK(::mkdtemp(pattern.data()) != nullptr);
  return pattern;
}

class Https : public ::testing::Test {
 protected:
  Https() { make_pair("one"); }
  ~Https() override {
    if (thread_.joinable()) {
      io_.stop();
      thread_.join();
    }
    server_.reset();
    fs::remove_all(folder_);
  }
  void make_pair(const std::string& name) const {
    certs_.make(name, "DNS:localhost,IP:127.0.0.1");
  }
  void start(ServerLimits limits = {}) {
    certs_.put_in_place("one");
    auto identity = TlsIdentity::load({.cert = certs_.cert("live"), .key = certs_.key("live")});
    ASSERT_TRUE(identity) << to_text(identity.error());
    auto handler = [](const Request& request, const Reply& reply) {
      reply({.body = request.path});
    };
    auto server = Server::listen(io_, {asio::ip::address_v4::loopback(), 0}, handler, limits,
                                 *std::move(identity));
    ASSERT_TRUE(server) << to_text(server.error());
    server_ = *std::move(server);
    port_ = std::to_string(server_->port());
    thread_ = std::thread([this] { io_.run(); });
  }
  void reload(bool in_any_case = false) {
    std::promise<void> done;
    asio::post(io_, [&] {
      server_->reload_tls(in_any_case);
      done.set_value();
    });
    done.get_future().wait();
  }
  std::string shake(const std::string& options) const {
    return output_of("openssl s_client -connect 127.0.0.1:" + port_ + " -brief " + options +
                     " </dev/null");
  }
  std::string subject() const {
    return output_of("sh -c 'openssl s_client -connect 127.0.0.1:" + port_ +
                     " </dev/null 2>/dev/null | openssl x509 -noout -subject'");
  }
  Tcp::socket dial(asio::io_context& io) const {
    Tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), server_->port()});
    return socket;
  }
  // A peer learns how its handshake ended before it is counted: the count once it has come so far.
  static uint64_t awaited(const std::atomic<uint64_t>& count, uint64_t least) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (count < least && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return count;
  }
  // Whether the server closes the connection within ten seconds.
  static bool is_closed(Tcp::socket& socket) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    socket.non_blocking(true);
    while (std::chrono::steady_clock::now() < end) {
      char byte = 0;
      error_code error;
      socket.read_some(asio::buffer(&byte, 1), error);
      if (error && error != asio::error::would_block) return true;
      if (error) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

  const std::string folder_ = made_folder();
  const testing::Certificates certs_{folder_};
  asio::io_context io_{1};
  std::unique_ptr<Server> server_;
  std::string port_;
  std::thread thread_;
};

TEST_F(Https, SpeaksTls12And13AndNothingOlder) {
  start();
  EXPECT_NE(shake("-tls1_2").find("Protocol version: TLSv1.2"), std::string::npos);
  EXPECT_NE(shake("-tls1_3").find("Protocol version: TLSv1.3"), std::string::npos);
  const auto old = shake("-tls1_1 -cipher DEFAULT@SECLEVEL=0");
  EXPECT_EQ(old.find("CONNECTION ESTABLISHED"), std::string::npos) << old;
  EXPECT_NE(old.find("alert protocol version"), std::string::npos) << old;
  const auto weak = shake("-tls1_2 -cipher AES128-SHA:AES256-GCM-SHA384");
  EXPECT_EQ(weak.find("CONNECTION ESTABLISHED"), std::string::npos)
      << "no forward secrecy: " << weak;
  EXPECT_EQ(awaited(server_->tls_counts().shaken, 2), 2U);
  EXPECT_EQ(awaited(server_->tls_counts().failed, 2), 2U);
}

TEST_F(Https, AgreesOnHttp11Alone) {
  start();
  const auto agreed = output_of("openssl s_client -connect 127.0.0.1:" + port_ +
                                " -alpn h2,http/1.1 </dev/null");
  EXPECT_NE(agreed.find("ALPN protocol: http/1.1"), std::string::npos) << agreed;
  const auto other = shake("-alpn h2");
  EXPECT_NE(other.find("no application protocol"), std::string::npos) << other;
}

TEST_F(Https, IsSpokenByCurlWhichChecksTheCertificate) {
  start();
  const std::string url = "https://localhost:" + port_ + "/path";
  const auto answer = output_of("curl -sS -D - --resolve localhost:" + port_ +
                                ":127.0.0.1 --cacert " + certs_.cert("one") + " " + url);
  EXPECT_NE(answer.find("200"), std::string::npos) << answer;
  EXPECT_NE(answer.find("Strict-Transport-Security: max-age="), std::string::npos) << answer;
  EXPECT_NE(answer.find("\n/path"), std::string::npos) << answer;
  const auto distrusted = output_of("curl -sS " + url);
  EXPECT_NE(distrusted.find("certificate"), std::string::npos) << distrusted;
}

TEST_F(Https, TakesANewCertificateAndLetsOldConnectionsGoOn) {
  start();
  make_pair("two");
  asio::io_context io;
  asio::ssl::context trust(asio::ssl::context::tls_client);
  asio::ssl::stream<Tcp::socket> before(dial(io), trust);
  before.handshake(asio::ssl::stream_base::client);
  reload();
  EXPECT_EQ(server_->tls_counts().reloaded, 0U) << "nothing has changed";
  certs_.put_in_place("two");
  EXPECT_NE(subject().find("CN = one"), std::string::npos) << "not looked at yet";
  reload();
  EXPECT_NE(subject().find("CN = two"), std::string::npos) << subject();
  EXPECT_EQ(server_->tls_counts().reloaded, 1U);
  asio::write(before, asio::buffer(std::string("GET /old HTTP/1.1\r\nHost: x\r\n\r\n")));
  char head[12];
  EXPECT_EQ(asio::read(before, asio::buffer(head)), sizeof(head));
  EXPECT_EQ(std::string(head, sizeof(head)), "HTTP/1.1 200");
}

TEST_F(Https, KeepsTheOldCertificateWhereTheNewOneIsBad) {
  start();
  make_pair("two");
  fs::copy_file(certs_.cert("two"), certs_.cert("live"), fs::copy_options::overwrite_existing);
  reload();  // the key is still that of the first
  EXPECT_NE(subject().find("CN = one"), std::string::npos);
  reload();
  EXPECT_EQ(server_->tls_counts().not_reloaded, 1U) << "said once, not at each look";
  ASSERT_TRUE(write_file(certs_.cert("live"), "garbage", FileMode::shared));
  reload(true);
  EXPECT_NE(subject().find("CN = one"), std::string::npos);
  EXPECT_EQ(server_->tls_counts().not_reloaded, 2U);
  certs_.put_in_place("two");
  reload();
  EXPECT_NE(subject().find("CN = two"), std::string::npos);
}

TEST_F(Https, RefusesAtTheStartWhatIsNoPair) {
  make_pair("two");
  const auto refused = [](const TlsFiles& files) {
    const auto identity = TlsIdentity::load(files);
    return identity ? Error{.message = "taken"} : identity.error();
  };
  const auto other = refused({.cert = certs_.cert("one"), .key = certs_.key("two")});
  EXPECT_EQ(other.field, "--tls-key");
  EXPECT_NE(other.message.find("not that of the certificate"), std::string::npos) << other.message;
  EXPECT_EQ(refused({.cert = certs_.key("one"), .key = certs_.key("one")}).field, "--tls-cert");
  EXPECT_EQ(refused({.cert = certs_.cert("one"), .key = certs_.cert("one")}).field, "--tls-key");
  EXPECT_EQ(refused({.cert = certs_.cert("one"), .key = ""}).field, "--tls-key");
  EXPECT_EQ(refused({.cert = folder_ + "/none", .key = certs_.key("one")}).code, Code::NOT_FOUND);
  output_of("openssl ec -in " + certs_.key("one") + " -aes256 -passout pass:secret -out " +
            certs_.key("sealed"));
  EXPECT_EQ(refused({.cert = certs_.cert("one"), .key = certs_.key("sealed")}).field, "--tls-key");
}

TEST_F(Https, CutsAHandshakeThatDoesNotEnd) {
  start({.handshake_max = std::chrono::seconds(1)});
  asio::io_context io;
  auto silent = dial(io);
  EXPECT_TRUE(is_closed(silent));
  auto slow = dial(io);
  const unsigned char beginning[] = {0x16, 3, 1, 0x02, 0};  // of a ClientHello of 512 bytes
  asio::write(slow, asio::buffer(beginning));
  EXPECT_TRUE(is_closed(slow));
  EXPECT_NE(shake("-tls1_3").find("CONNECTION ESTABLISHED"), std::string::npos);
}

TEST_F(Https, SurvivesGarbage) {
  start();
  asio::io_context io;
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), std::string(100'000, '\xff'),
        std::string("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10)}) {
    auto socket = dial(io);
    error_code ignored;
    asio::write(socket, asio::buffer(bytes), ignored);
    EXPECT_TRUE(is_closed(socket));
  }
  EXPECT_NE(shake("-tls1_2").find("CONNECTION ESTABLISHED"), std::string::npos);
}

TEST_F(Https, BoundsTheHandshakesInFlight) {
  start({.handshake_max = std::chrono::seconds(30), .handshakes_max = 2});
  asio::io_context io;
  auto first = dial(io);
  auto second = dial(io);
  auto third = dial(io);
  EXPECT_TRUE(is_closed(third));
  first.close();
  second.close();
  EXPECT_EQ(awaited(server_->tls_counts().failed, 2), 2U);
  EXPECT_NE(shake("-tls1_3").find("CONNECTION ESTABLISHED"), std::string::npos);
  EXPECT_EQ(server_->tls_counts().crowded, 1U);
}

}  // namespace
}  // namespace suyuan::http
