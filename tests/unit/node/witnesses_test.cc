#include "node/peers/witnesses.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "ledger/os/files.h"
#include "tests/support/certificates.h"
#include "tests/support/witness_process.h"
#include "tests/unit/node/sealed_ledger.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using testing::WitnessProcess;

// A peer that reads requests and answers each with the same bytes.
class Canned {
 public:
  explicit Canned(std::string answer) : answer_(std::move(answer)) {
    thread_ = std::thread([this] { serve(); });
  }
  ~Canned() {
    stopping_ = true;
    boost::system::error_code ignored;
    tcp::socket wake(io_);
    wake.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  Canned(const Canned&) = delete;
  Canned& operator=(const Canned&) = delete;

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/w/";
  }
  int asked() const { return asked_; }
  static std::string http_answer(int status, const std::string& body) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }

 private:
  void serve() {
    while (!stopping_) {
      boost::system::error_code error;
      tcp::socket socket(io_);
      acceptor_.accept(socket, error);
      if (error || stopping_) continue;
      boost::beast::flat_buffer buffer;
      http::request<http::string_body> request;
      http::read(socket, buffer, request, error);
      if (request.target() == "/w/add-checkpoint") ++asked_;
      asio::write(socket, asio::buffer(answer_), error);
    }
  }

  const std::string answer_;
  asio::io_context io_;
  tcp::acceptor acceptor_{io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::atomic<bool> stopping_{false};
  std::atomic<int> asked_{0};
  std::thread thread_;
};

// Of witnesses that answer: a machine that has much else to do takes its time.
constexpr HttpWitnesses::Limits kPatient{.all = std::chrono::seconds(30),
                                         .one = std::chrono::seconds(20)};

class WitnessesTest : public testing::SealedLedger {
 protected:
  WitnessesTest() {
    log_ = key_from_seed(Bytes(kSeedBytes, 'l'));
    const auto made = make_witness(folder / "w", "witness.example/w");
    EXPECT_TRUE(made);
    key_ = *made;
  }
  NoteKey log_key() { return {.name = ledger.head().origin, .key = log_->key}; }
  Policy policy_of(const std::vector<std::string>& urls) const {
    Policy policy;
    for (const auto& url : urls) {
      policy.witnesses.push_back({.name = "w", .key = key_, .url = url});
    }
    return policy;
  }
  // What it gets for the tree as it stands now.
  std::string ask(HttpWitnesses& witnesses) {
    const auto sealed = seal();
    const TreeHead tree{.size = sealed.head.leaves, .root = sealed.root};
    checkpoint_ = sign_checkpoint({.origin = sealed.head.origin, .head = tree}, log_->secret,
                                  log_->key);
    return witnesses.cosign(
        {.checkpoint = checkpoint_, .tree = tree, .state = *sealed.state});
  }
  bool is_cosigned(const std::string& lines) const {
    const std::vector<NoteKey> known = {key_};
    return open_note(checkpoint_ + lines, known).has_value();
  }

  std::optional<KeyPair> log_;
  NoteKey key_;
  std::string checkpoint_;
};

TEST_F(WitnessesTest, GrowWithTheLogAndCatchUp) {
  ASSERT_TRUE(watch_log(folder / "w", write_note_key(log_key())));
  WitnessProcess process(folder / "w");
  auto witnesses = *HttpWitnesses::make(policy_of({process.url()}), kPatient);
  for (int i = 0; i < 3; ++i) {
    grow();
    EXPECT_TRUE(is_cosigned(ask(*witnesses))) << i;
  }
  // A node that was started again does not know what they have seen: they tell it.
  auto again = *HttpWitnesses::make(policy_of({process.url()}), kPatient);
  grow();
  EXPECT_TRUE(is_cosigned(ask(*again)));
  // The witness was away while the log grew.
  const uint16_t port = process.port();
  process.end(SIGKILL);
  grow();
  EXPECT_EQ(ask(*again), "");
  WitnessProcess back(folder / "w", port);
  grow();
  EXPECT_TRUE(is_cosigned(ask(*again)));
}

TEST_F(WitnessesTest, ABadPeerCostsItsOwnLineAlone) {
  ASSERT_TRUE(watch_log(folder / "w", write_note_key(log_key())));
  WitnessProcess process(folder / "w");
  const NoteLine stranger = {.name = key_.name, .key_id = key_.id(), .signature = Bytes(72, 'x')};
  const std::vector<std::string> answers = {
      "nonsense",
      Canned::http_answer(200, ""),
      Canned::http_answer(200, "nonsense\n"),
      Canned::http_answer(200, write_note_line(stranger)),
      Canned::http_answer(200, std::string(1 << 20, 'x')),
      Canned::http_answer(409, ""),
      Canned::http_answer(409, "0\n"),
      Canned::http_answer(409, "1000000\n"),
      Canned::http_answer(409, "99999999999999999999\n"),
      Canned::http_answer(500, "no\n"),
      "HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n",
  };
  for (const auto& answer : answers) {
    Canned bad(answer);
    auto witnesses = *HttpWitnesses::make(policy_of({bad.url(), process.url()}), kPatient);
    grow();
    const auto lines = ask(*witnesses);
    EXPECT_TRUE(is_cosigned(lines)) << answer.substr(0, 80);
    EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);
    EXPECT_LE(bad.asked(), 3);
    EXPECT_GE(bad.asked(), 1);
  }
}

TEST_F(WitnessesTest, ASilentPeerHoldsNothingUpForLong) {
  asio::io_context io;
  tcp::acceptor silent(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const std::string url = "http://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
  auto witnesses = *HttpWitnesses::make(
      policy_of({url, url}), {.all = std::chrono::milliseconds(200),
                              .one = std::chrono::milliseconds(100)});
  grow();
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(*witnesses), "");
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(20));
}

// A witness behind TLS, as a proxy would put it there. Answers one request after the other.
class TlsWitness {
 public:
  TlsWitness(const std::string& folder, const std::string& cert, const std::string& key)
      : desk_(WitnessDesk::open(folder).value()) {
    tls_.use_certificate_chain_file(cert);
    tls_.use_private_key_file(key, asio::ssl::context::pem);
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsWitness() {
    stopping_ = true;
    boost::system::error_code ignored;
    tcp::socket wake(io_);
    wake.connect(acceptor_.local_endpoint(), ignored);
    wake.close(ignored);
    thread_.join();
  }
  TlsWitness(const TlsWitness&) = delete;
  TlsWitness& operator=(const TlsWitness&) = delete;
  std::string url(const std::string& host) const {
    return "https://" + host + ":" + std::to_string(acceptor_.local_endpoint().port()) + "/w";
  }

 private:
  void serve() {
    while (!stopping_) {
      boost::system::error_code error;
      tcp::socket socket(io_);
      acceptor_.accept(socket, error);
      if (error || stopping_) continue;
      asio::ssl::stream<tcp::socket> stream(std::move(socket), tls_);
      stream.handshake(asio::ssl::stream_base::server, error);
      if (error) continue;
      boost::beast::flat_buffer buffer;
      http::request<http::string_body> request;
      http::read(stream, buffer, request, error);
      if (error || request.target() != "/w/add-checkpoint") continue;
      const auto answer = desk_->add_checkpoint(request.body(), 1'767'139'200);
      asio::write(stream, asio::buffer(Canned::http_answer(answer.status, answer.body)), error);
    }
  }

  const std::unique_ptr<WitnessDesk> desk_;
  asio::io_context io_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_{io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

class TlsWitnessesTest : public WitnessesTest {
 protected:
  const testing::Certificates certs{folder / "certs"};
};

TEST_F(TlsWitnessesTest, CosignOverHttpsByAddressAndByName) {
  ASSERT_TRUE(watch_log(folder / "w", write_note_key(log_key())));
  certs.make("w", "DNS:localhost,IP:127.0.0.1");
  TlsWitness witness(folder / "w", certs.cert("w"), certs.key("w"));
  const auto ca = certs.cert("w");
  auto by_address = *HttpWitnesses::make(policy_of({witness.url("127.0.0.1")}), kPatient, ca);
  grow();
  EXPECT_TRUE(is_cosigned(ask(*by_address)));
  // A name is looked up beside: until then a checkpoint goes without.
  auto by_name = *HttpWitnesses::make(policy_of({witness.url("localhost")}), kPatient, ca);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  bool cosigned = false;
  while (!cosigned && std::chrono::steady_clock::now() < until) {
    grow();
    cosigned = is_cosigned(ask(*by_name));
  }
  EXPECT_TRUE(cosigned);
}

TEST_F(TlsWitnessesTest, AreNotAskedBehindACertificateOfAnother) {
  ASSERT_TRUE(watch_log(folder / "w", write_note_key(log_key())));
  certs.make("w", "IP:127.0.0.1");
  certs.make("stranger", "IP:127.0.0.1");
  certs.make("elsewhere", "DNS:elsewhere.example");
  {
    TlsWitness witness(folder / "w", certs.cert("w"), certs.key("w"));
    const auto policy = policy_of({witness.url("127.0.0.1")});
    grow();
    auto stranger = *HttpWitnesses::make(policy, kPatient, certs.cert("stranger"));
    EXPECT_EQ(ask(*stranger), "");
    auto of_the_system = *HttpWitnesses::make(policy, kPatient);
    EXPECT_EQ(ask(*of_the_system), "");
    auto known = *HttpWitnesses::make(policy, kPatient, certs.cert("w"));
    EXPECT_TRUE(is_cosigned(ask(*known)));
  }
  TlsWitness elsewhere(folder / "w", certs.cert("elsewhere"), certs.key("elsewhere"));
  grow();
  const auto policy = policy_of({elsewhere.url("127.0.0.1")});
  auto misled = *HttpWitnesses::make(policy, kPatient, certs.cert("elsewhere"));
  EXPECT_EQ(ask(*misled), "");
  EXPECT_FALSE(HttpWitnesses::make(policy, {}, certs.key("w"))) << "no certificate";
  const std::string large = folder / "large";
  ASSERT_TRUE(write_file(large, Bytes((1 << 20) + 1, '#'), FileMode::shared));
  const auto refused = HttpWitnesses::make(policy, {}, large);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::INVALID_FIELD) << "a restart does not cure it";
}

TEST(LinkUrl, IsPlainHttpOnLoopbackAndHttpsEverywhere) {
  const LinkUrl url{.host = "127.0.0.1", .port = 7491, .prefix = "/a"};
  EXPECT_EQ(parse_link_url("http://127.0.0.1:7491/a/").value(), url);
  EXPECT_EQ(parse_link_url("http://127.0.0.1:1")->prefix, "");
  EXPECT_EQ(parse_link_url("http://[::1]:7")->host, "::1");
  const LinkUrl named{
      .tls = true, .host = "witness.example", .port = 443, .prefix = "/w1"};
  EXPECT_EQ(parse_link_url("https://witness.example/w1").value(), named);
  EXPECT_EQ(parse_link_url("https://witness.example:443/w1/").value(), named);
  EXPECT_EQ(parse_link_url("https://10.0.0.1:8443")->port, 8443);
  EXPECT_EQ(parse_link_url("https://[2001:db8::1]/w")->host, "2001:db8::1");
  for (const char* bad : {"", "127.0.0.1:1", "http://127.0.0.1", "http://127.0.0.1:0",
                          "http://127.0.0.1:65536", "http://localhost:1", "http://10.0.0.1:1",
                          "http://127.0.0.1:1/?q", "http://u@127.0.0.1:1",
                          "http://127.0.0.1:1/a b", "http://127.0.0.1:x", "https://",
                          "https://:443", "https://a_b.example", "https://W.example",
                          "https://u@w.example", "https://[w.example]", "https://[::1",
                          "https://[::1]x:1", "https://w.example:", "ftp://w.example"}) {
    EXPECT_FALSE(parse_link_url(bad)) << bad;
  }
}

}  // namespace
}  // namespace suyuan
