// The listener's bounds, with a handler of the test's.
#include "node/http/server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>

#include "tests/e2e/http_client.h"

namespace suyuan::http {
namespace {

using test::HttpClient;

constexpr size_t kMiB = size_t{1} << 20;

// Replies that wait until the test lets them go.
class Held {
 public:
  void hold(Reply reply) {
    const std::lock_guard lock(mutex_);
    replies_.push_back(std::move(reply));
    changed_.notify_all();
  }
  // Waits for one and answers it.
  void release(Response response = {.body = "{}"}) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !replies_.empty(); });
    auto reply = std::move(replies_.front());
    replies_.pop_front();
    reply(std::move(response));
  }
  void wait_for(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return replies_.size() >= count; });
  }

 private:
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<Reply> replies_;
};

class HttpServer : public ::testing::Test {
 protected:
  void start(const ServerLimits& limits) {
    auto handler = [this](Request, Reply reply) { held_.hold(std::move(reply)); };
    auto server =
        Server::listen(io_, {boost::asio::ip::address_v4::loopback(), 0}, handler, limits);
    ASSERT_TRUE(server) << to_text(server.error());
    server_ = *std::move(server);
    thread_ = std::thread([this] { io_.run(); });
  }
  void TearDown() override {
    io_.stop();
    thread_.join();
    server_.reset();
  }
  static std::string upload(size_t bytes) {
    return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
           std::string(bytes, 'b');
  }

  boost::asio::io_context io_{1};
  Held held_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

TEST_F(HttpServer, BodiesThatWaitForTheirAnswersAreBoundedTogether) {
  start({.bodies_bytes_max = kMiB});
  HttpClient first(server_->port());
  HttpClient second(server_->port());
  first.write(upload(700 << 10));
  held_.wait_for(1);
  second.write(upload(700 << 10));
  const auto refused = second.read();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503);
  EXPECT_EQ(refused->header("retry-after"), "1");
  EXPECT_NE(refused->body.find("BUSY"), std::string::npos);

  // Without a body there is room, and once the first is answered for the next too.
  HttpClient third(server_->port());
  third.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  held_.wait_for(2);
  held_.release();
  EXPECT_EQ(first.read().value().status, 200);
  held_.release();
  EXPECT_EQ(third.read().value().status, 200);
  second.close();
  second.write(upload(700 << 10));
  held_.release();
  EXPECT_EQ(second.read().value().status, 200);
}

TEST_F(HttpServer, AChunkedBodyCountsToo) {
  start({.bodies_bytes_max = kMiB});
  HttpClient client(server_->port());
  std::string request = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 5; ++i) request += "40000\r\n" + std::string(0x40000, 'c') + "\r\n";
  client.write(request + "0\r\n\r\n");
  EXPECT_EQ(client.read().value().status, 503);
}

TEST_F(HttpServer, AnUploadThatIsTooLargeIsToldSoThoughItIsSentWhole) {
  start({.body_bytes_max = kMiB});
  HttpClient client(server_->port());
  client.write(upload(8 * kMiB));
  const auto answer = client.read();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
}

TEST_F(HttpServer, AnAnswerWithoutContentHasNoLength) {
  start({});
  HttpClient client(server_->port());
  for (const int status : {204, 304}) {
    for (const std::string method : {"GET", "HEAD"}) {
      client.write(method + " / HTTP/1.1\r\nHost: x\r\n\r\n");
      held_.release({.status = status, .body = {}});
      const auto answer = client.read(method == "HEAD");
      ASSERT_TRUE(answer) << method << " " << status;
      EXPECT_EQ(answer->status, status);
      EXPECT_FALSE(answer->headers.contains("content-length")) << method << " " << status;
    }
  }
  // An empty answer of another status has one, and HEAD has that of GET.
  client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  held_.release({.body = {}});
  EXPECT_EQ(client.read().value().header("content-length"), "0");
  client.write("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  held_.release();
  EXPECT_EQ(client.read(true).value().header("content-length"), "2");
}

ServerLimits hurried() {
  ServerLimits limits;
  limits.request_max = std::chrono::seconds(1);
  limits.response_max = std::chrono::seconds(1);
  return limits;
}

// Whether the node ends the connection though bytes come, one after the other.
TEST_F(HttpServer, WhoSendsARequestByteAfterByteIsDroppedInTime) {
  start(hurried());
  boost::asio::io_context peers;
  boost::asio::ip::tcp::socket peer(peers);
  peer.connect({boost::asio::ip::address_v4::loopback(), server_->port()});
  const std::string begun = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n";
  boost::asio::write(peer, boost::asio::buffer(begun));
  boost::system::error_code error;
  const auto since = std::chrono::steady_clock::now();
  for (int i = 0; i < 900 && !error; ++i) {
    boost::asio::write(peer, boost::asio::buffer("x", 1), error);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(error);
  EXPECT_LT(std::chrono::steady_clock::now() - since, std::chrono::seconds(30));
}

TEST_F(HttpServer, WhoDoesNotReadItsAnswerIsDroppedInTime) {
  io_.stop();
  auto handler = [](Request, const Reply& reply) { reply({.body = std::string(64 * kMiB, 'b')}); };
  io_.restart();
  auto server = Server::listen(io_, {boost::asio::ip::address_v4::loopback(), 0}, handler,
                               hurried());
  ASSERT_TRUE(server);
  server_ = *std::move(server);
  thread_ = std::thread([this] { io_.run(); });
  boost::asio::io_context peers;
  boost::asio::ip::tcp::socket peer(peers);
  peer.connect({boost::asio::ip::address_v4::loopback(), server_->port()});
  const std::string asked = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  boost::asio::write(peer, boost::asio::buffer(asked));
  peer.wait(boost::asio::ip::tcp::socket::wait_read);  // the time counts once the answer comes
  std::this_thread::sleep_for(std::chrono::seconds(3));
  // What lies in the sockets is read; the rest was never sent.
  std::string some(kMiB, '\0');
  size_t read = 0;
  boost::system::error_code error;
  while (!error) read += peer.read_some(boost::asio::buffer(some), error);
  EXPECT_LT(read, 64 * kMiB);
}

// But where memory has run out the thread's loop learns of it, and ends (node/handlers.h).
TEST_F(HttpServer, ARequestThatFailsLosesItsConnectionAlone) {
  auto handler = [](const Request& request, const Reply& reply) {
    if (request.path == "/fails") throw std::runtime_error("of the test");
    if (request.path == "/starves") throw std::bad_alloc();
    reply({.body = "{}"});
  };
  auto server = Server::listen(io_, {boost::asio::ip::address_v4::loopback(), 0}, handler, {});
  ASSERT_TRUE(server);
  server_ = *std::move(server);
  std::atomic<int> starved = 0;
  thread_ = std::thread([&] {
    while (!io_.stopped()) {
      try {
        io_.run();
      } catch (const std::bad_alloc&) {
        ++starved;
      }
    }
  });
  const auto ask = [](HttpClient& client, const std::string& path) {
    client.write("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.read();
  };
  HttpClient other(server_->port());
  EXPECT_TRUE(ask(other, "/"));
  for (const std::string path : {"/fails", "/starves", "/fails"}) {
    HttpClient client(server_->port());
    EXPECT_FALSE(ask(client, path)) << path;
  }
  EXPECT_EQ(starved, 1);
  EXPECT_TRUE(ask(other, "/"));
  HttpClient next(server_->port());
  EXPECT_TRUE(ask(next, "/"));
  boost::asio::post(io_, [this] { server_->stop(); });  // closes those that wait, and no others
  EXPECT_FALSE(next.read());
}

}  // namespace
}  // namespace suyuan::http
