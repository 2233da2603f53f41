// RPC connections that lie, stall, come by the hundred or vanish: the node serves on, within
// bounded memory.
#include <capnp/ez-rpc.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <fstream>
#include <random>
#include <thread>

#include "proto/ledger.capnp.h"
#include "proto/rpc_codec.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

size_t resident_mib() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    size_t kib = 0;
    if (word == "VmRSS:" && status >> kib) return kib >> 10;
  }
  return 0;
}

std::string little_endian(std::initializer_list<uint32_t> words) {
  std::string out;
  for (const uint32_t word : words) {
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(word >> shift & 0xFF);
  }
  return out;
}

class RobustnessTest : public ::testing::Test {
 protected:
  explicit RobustnessTest(const ServeOptions& options = {}) : ledger_(options) {}
  tcp::socket connect() {
    const auto address = ledger_.running().rpc_address();
    const auto port = static_cast<uint16_t>(std::stoul(address.substr(address.find(':') + 1)));
    tcp::socket socket(io_);
    socket.connect({asio::ip::address_v4::loopback(), port});
    return socket;
  }
  // The node may drop the connection before all is written: that is its right.
  tcp::socket send(const std::string& bytes) {
    auto socket = connect();
    boost::system::error_code ignored;
    asio::write(socket, asio::buffer(bytes), ignored);
    return socket;
  }
  // Reads until the node closes the connection.
  void expect_dropped(tcp::socket socket) {
    boost::system::error_code error;
    char some[4096];
    while (!error) socket.read_some(asio::buffer(some), error);
    EXPECT_TRUE(error == asio::error::eof || error == asio::error::connection_reset)
        << error.message();
  }
  void expect_serving() {
    const auto answer = ledger_.rpc().status();
    EXPECT_TRUE(answer.value) << to_text(answer.value.error());
  }

  asio::io_context io_;
  SmallLedger ledger_;
};

TEST_F(RobustnessTest, DropsFramesThatClaimTooMuch) {
  const std::map<std::string, std::string> frames = {
      {"a header of ff", std::string(64, '\xFF')},
      {"513 segments", little_endian({512}) + std::string(513 * 4, '\0')},
      {"one segment of 1 GiB", little_endian({0, (1U << 30) / 8})},
      {"one segment of 17 MiB", little_endian({0, (17U << 20) / 8})},
      {"512 segments of 1 MiB",
       [] {
         std::string frame = little_endian({511});
         for (int i = 0; i < 512; ++i) frame += little_endian({(1U << 20) / 8});
         return frame + std::string(4, '\0');
       }()},
  };
  for (const auto& [what, bytes] : frames) {
    SCOPED_TRACE(what);
    expect_dropped(send(bytes));
    expect_serving();
  }
}

TEST_F(RobustnessTest, OutlivesRandomBytes) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 200; ++i) {
    std::string bytes(random() % 512, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    // Half of them with a header that fits, so that the message itself is read.
    if (i % 2 == 0) {
      bytes.resize(bytes.size() / 8 * 8);
      bytes.insert(0, little_endian({0, static_cast<uint32_t>(bytes.size() / 8)}));
    }
    send(bytes);
  }
  expect_serving();
}

TEST_F(RobustnessTest, HoldsNoMemoryForWhatIsOnlyClaimed) {
  const size_t before = resident_mib();
  std::vector<tcp::socket> silent;
  for (int i = 0; i < 64; ++i)
    silent.push_back(send(little_endian({0, (15U << 20) / 8}) + std::string(1000, 'x')));
  for (int i = 0; i < 5; ++i) expect_serving();
  EXPECT_LT(resident_mib(), before + 128);
}

TEST_F(RobustnessTest, OutlivesTwoHundredConnectionsThatComeAndGo) {
  for (int i = 0; i < 200; ++i) {
    auto socket = i % 2 == 0 ? connect() : send(little_endian({0, 4}));
  }
  expect_serving();
}

class CrowdedTest : public RobustnessTest {
 protected:
  CrowdedTest() : RobustnessTest(ServeOptions{.rpc_connections = 8}) {}
};

class LittleMemoryTest : public RobustnessTest {
 protected:
  static ServeOptions little_memory() {
    ServeOptions options = without_seals();
    options.rpc_memory_mib = 64;  // 16 MiB for messages that are not whole, 32 for submissions
    return options;
  }
  LittleMemoryTest() : RobustnessTest(little_memory()) {}
  static bool is_closed(tcp::socket& socket) {
    boost::system::error_code error;
    char some[64];
    socket.non_blocking(true);
    socket.read_some(asio::buffer(some), error);
    return error && error != asio::error::would_block;
  }
};

TEST_F(LittleMemoryTest, ManyWhoStopInLargeMessagesDoNotFillItTogether) {
  constexpr size_t kPeers = 8;
  std::vector<tcp::socket> peers;
  for (size_t i = 0; i < kPeers; ++i) {
    peers.push_back(send(little_endian({0, (15U << 20) / 8}) + std::string(4 << 20, 'x')));
  }
  // 32 MiB were sent: at least four of them must go, and then the node is at peace.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  size_t closed = 0;
  while (closed < kPeers / 2 && std::chrono::steady_clock::now() < until) {
    expect_serving();
    closed = static_cast<size_t>(std::count_if(peers.begin(), peers.end(), is_closed));
  }
  EXPECT_GE(closed, kPeers / 2);
  expect_serving();
}

// Each of 1 MiB, nearly all of it payload: more than may wait at once, so some may get BUSY, and
// the client sends those again.
TEST_F(LittleMemoryTest, TakesMoreThanFitsOneAfterTheOther) {
  std::vector<Submission> submissions;
  for (int i = 0; i < 48; ++i) {
    std::vector<TraceEvent> events;
    for (int n = 0; n < 200; ++n) {
      auto event = testing::observe("09:30", "storing",
                                    {"sgtin:" + kFormula + ":M" + std::to_string(i * 1000 + n)});
      event.extensions = {{.kind = NodeKind::text,
                           .name = "https://maker.example/remark",
                           .value = std::string(4000, 'n')}};
      events.push_back(std::move(event));
    }
    submissions.push_back(ledger_.batch("maker", std::move(events)));
  }
  size_t next = 0, accepted = 0, busy = 0;
  const auto done = ledger_.rpc().submit_many(
      {.next = [&]() -> std::optional<Outgoing> {
         if (next == submissions.size()) return std::nullopt;
         return Outgoing{.number = next, .submission = submissions[next++]};
       },
       .done = [&](const Outgoing&, SubmitAnswer answer) -> std::optional<uint32_t> {
         if (answer.outcome) {
           ++accepted;
           return std::nullopt;
         }
         EXPECT_EQ(answer.outcome.error().front().code, Code::BUSY);
         EXPECT_GT(answer.head.retry_after_ms, 0U);
         ++busy;
         return answer.head.retry_after_ms;
       }},
      submissions.size());
  EXPECT_TRUE(done);
  EXPECT_EQ(accepted, submissions.size());
  std::printf("BUSY: %zu times\n", busy);
}

// The ledger's own client is one of the eight.
TEST_F(CrowdedTest, ClosesTheNewestConnectionWhereThereAreTooMany) {
  std::vector<tcp::socket> open;
  for (int i = 0; i < 8; ++i) open.push_back(connect());
  expect_dropped(std::move(open.back()));
  expect_serving();
}

// What was in flight when the client vanished is in the ledger whole or not at all.
TEST_F(RobustnessTest, OutlivesAClientThatDropsItsSubmissions) {
  std::vector<Submission> submissions;
  for (int i = 0; i < 256; ++i) {
    submissions.push_back(ledger_.batch(
        "maker",
        {testing::observe("09:30", "storing", {"sgtin:" + kFormula + ":D" + std::to_string(i)})}));
  }
  std::thread([&] {
    capnp::EzRpcClient client(ledger_.running().rpc_address());
    auto node = client.getMain<wire::Ledger>();
    std::vector<capnp::RemotePromise<wire::Ledger::SubmitResults>> in_flight;
    for (const auto& submission : submissions) {
      auto request = node.submitRequest();
      to_wire(submission, request.initSubmission());
      in_flight.push_back(request.send());
    }
    in_flight.front().wait(client.getWaitScope());
  }).join();
  size_t found = 0;
  for (const auto& submission : submissions) {
    if (ledger_.rpc().receipt(batch_id(signed_text(submission.note))).value) ++found;
  }
  EXPECT_GE(found, 1U);
  // Nothing wedged: the next batch goes through.
  ledger_.accept("maker", {testing::observe("09:30", "storing", {"sgtin:" + kFormula + ":LAST"})});
}

}  // namespace
}  // namespace suyuan::test
