// Subscriptions whose subscriber does not answer: again, each time later, and not for ever.
#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "tests/e2e/epcis_fixture.h"
#include "tests/e2e/session_fixture.h"

namespace suyuan::test {
namespace {

namespace bhttp = boost::beast::http;
namespace fs = std::filesystem;

// A server of callbacks: "/good" is taken, "/bad" is answered 503 as often as it is told.
class Subscriber {
 public:
  Subscriber() : acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}) {
    thread_ = std::thread([this] { serve(); });
  }
  ~Subscriber() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket last(io);
    last.connect(acceptor_.local_endpoint());
    thread_.join();
  }
  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + path;
  }
  void refuse(size_t times) {
    const std::lock_guard lock(mutex_);
    refusals_ = times;
  }
  size_t tries(const std::string& path) {
    const std::lock_guard lock(mutex_);
    return tries_[path];
  }
  // eventIDs of the reports that were taken there, in order.
  std::vector<std::string> taken(const std::string& path) {
    const std::lock_guard lock(mutex_);
    return taken_[path];
  }

 private:
  void serve() {
    for (;;) {
      boost::asio::ip::tcp::socket socket(io_);
      acceptor_.accept(socket);
      {
        const std::lock_guard lock(mutex_);
        if (ended_) return;
      }
      boost::system::error_code error;
      boost::beast::flat_buffer buffer;
      bhttp::request<bhttp::string_body> request;
      bhttp::read(socket, buffer, request, error);
      if (error) continue;
      bhttp::response<bhttp::empty_body> answer{take(request), 11};
      answer.prepare_payload();
      bhttp::write(socket, answer, error);
    }
  }
  bhttp::status take(const bhttp::request<bhttp::string_body>& request) {
    const std::lock_guard lock(mutex_);
    const std::string path(request.target());
    ++tries_[path];
    if (path == "/bad" && refusals_ > 0) {
      --refusals_;
      return bhttp::status::service_unavailable;
    }
    const json::value document = json::parse(request.body());
    for (const auto& event : document.at("epcisBody").at("queryResults").at("resultsBody")
                                 .at("eventList").as_array()) {
      taken_[path].emplace_back(event.at("eventID").as_string());
    }
    return bhttp::status::no_content;
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::mutex mutex_;  // guards what follows
  std::map<std::string, size_t> tries_;
  std::map<std::string, std::vector<std::string>> taken_;
  size_t refusals_ = 0;
  bool ended_ = false;
  std::thread thread_;
};

class EpcisWebhook : public EpcisTest {
 protected:
  void subscribe(const std::string& path, const std::string& query = "all") {
    const auto made = send("POST", "/queries/" + query + "/subscriptions", farm_,
                           R"({"dest":")" + subscriber_.url(path) + R"(","stream":true})");
    ASSERT_EQ(made.status, 201) << made.body;
    one_[path] = made.header("location").substr(6);
  }
  void SetUp() override {
    ASSERT_EQ(send("POST", "/queries", farm_, R"({"name":"all","query":{}})").status, 201);
    subscribe("/bad");
    subscribe("/good");
  }
  // One event more, and the look after subscriptions that it leads to has been: another one, which
  // began after it, has reached "/good".
  void post() {
    for (int i = 0; i < 2; ++i) {
      const auto n = std::to_string(++posted_);
      ASSERT_EQ(send("POST", "/events", farm_, event_of("L" + n, "urn:uuid:" + n)).status, 201);
      for (int waits = 0; subscriber_.taken("/good").size() < posted_ && waits < 6000; ++waits)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ASSERT_EQ(subscriber_.taken("/good").size(), posted_);
    }
  }
  void advance(int64_t ms) { ledger_.running().set_clock(now_ms_ += ms); }
  json::value about(const std::string& path) {
    return json::parse(send("GET", one_[path], farm_).body);
  }

  int64_t failures_of(const std::string& path) {
    const auto value = about(path);
    const auto* failures = value.as_object().if_contains("suyuan:failures");
    return failures == nullptr ? 0 : failures->as_int64();
  }
  // Waits until the node has written down so many failures in a row of "/bad".
  void wait_for_failures(int64_t count) {
    int64_t found = -1;
    for (int waits = 0; found != count && waits < 6000; ++waits) {
      found = failures_of("/bad");
      if (found != count) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_EQ(found, count);
  }

  std::string id_of(const std::string& path) const {
    return one_.at(path).substr(one_.at(path).rfind('/') + 1);
  }
  json::array access_entries() {
    const auto answer =
        get_as(ledger_, "/v1/access?limit=1000", token_over_http(ledger_, "registrar"));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body).at("access").at("entries").as_array();
  }
  Subscriber subscriber_;
  std::map<std::string, std::string> one_;
  size_t posted_ = 0;
  int64_t now_ms_ = testing::ms("2026-06-02T00:00:00Z");
};

TEST_F(EpcisWebhook, AReportThatDoesNotArriveIsSentAgainEachTimeLater) {
  subscriber_.refuse(2);
  post();
  wait_for_failures(1);
  post();
  EXPECT_EQ(subscriber_.tries("/bad"), 1U) << "within the second that it waits";
  EXPECT_FALSE(about("/bad").at("suyuan:failure").as_string().empty());
  advance(1000);
  wait_for_failures(2);
  advance(1999);
  post();
  EXPECT_EQ(subscriber_.tries("/bad"), 2U) << "now it waits two";
  advance(1);
  wait_for_failures(0);
  EXPECT_EQ(subscriber_.tries("/bad"), 3U);
  EXPECT_EQ(subscriber_.taken("/bad"), subscriber_.taken("/good")) << "all of it, once, in order";
}

// What is for partners leaves the node in a report too: in the party's name, without a key, and
// once for each time that it is tried.
TEST_F(EpcisWebhook, AReportOfWhatIsForPartnersIsInTheAccessLogBeforeItLeaves) {
  subscriber_.refuse(1);
  post();
  wait_for_failures(1);
  advance(1000);
  wait_for_failures(0);
  std::map<std::string, std::vector<std::string>> places;  // by subscription
  for (const auto& value : access_entries()) {
    const auto& entry = value.as_object();
    if (entry.at("question").as_string() != "epcis/subscription") continue;
    EXPECT_EQ(entry.at("party").as_string(), "farm");
    EXPECT_EQ(entry.at("keyId").as_string(), "-");
    for (const auto& place : entry.at("places").as_array()) {
      places[std::string(entry.at("code").as_string())].push_back(
          std::to_string(place.at("leaf").as_int64()));
    }
  }
  ASSERT_EQ(places.size(), 2U);
  // "/bad" was told the first event twice, the second as often as it was in what was tried.
  const auto& good = places.at(id_of("/good"));
  const auto& bad = places.at(id_of("/bad"));
  EXPECT_EQ(good.size(), posted_);
  EXPECT_EQ(std::count(bad.begin(), bad.end(), good.front()), 2) << "each time that it was tried";
  EXPECT_EQ(subscriber_.taken("/bad"), subscriber_.taken("/good"));
}

// A disk under the access log that takes nothing: the file that is open is full, and no other can
// be begun in its folder.
class AccessLogAway {
 public:
  explicit AccessLogAway(std::string folder) : folder_(std::move(folder)) {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    EXPECT_GE(full, 0);
    for (const auto& one : fs::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      const std::string target = fs::read_symlink(one.path(), gone).string();
      if (target.starts_with(folder_ + "/")) ::dup2(full, std::stoi(one.path().filename()));
    }
    ::close(full);
    fs::rename(folder_, folder_ + ".away");
    std::ofstream(folder_) << "no folder";
  }
  void bring_back() const {
    fs::remove(folder_);
    fs::rename(folder_ + ".away", folder_);
  }

 private:
  const std::string folder_;
};

// What cannot be written down does not leave. A report of what everyone may read needs no line: it
// shows that there was a look after subscriptions.
TEST_F(EpcisWebhook, AReportThatCannotBeLoggedDoesNotLeave) {
  ASSERT_EQ(send("POST", "/queries", farm_,
                 R"({"name":"open","query":{"EQ_eventID":["urn:uuid:p1","urn:uuid:p2"]}})")
                .status,
            201);
  subscribe("/open", "open");
  const AccessLogAway away(ledger_.folder() + "/access");
  ASSERT_EQ(send("POST", "/events", farm_, event_of("L1", "urn:uuid:1")).status, 201);
  for (const std::string n : {"1", "2"}) {
    ASSERT_EQ(send("POST", "/events", open_, event_of("P" + n, "urn:uuid:p" + n)).status, 201);
    for (int waits = 0; subscriber_.taken("/open").size() < std::stoul(n) && waits < 6000; ++waits)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(subscriber_.taken("/open"), (std::vector<std::string>{"urn:uuid:p1", "urn:uuid:p2"}));
  EXPECT_EQ(subscriber_.tries("/good") + subscriber_.tries("/bad"), 0U);

  away.bring_back();
  for (int waits = 0; subscriber_.taken("/good").size() < 3 && waits < 6000; ++waits) {
    advance(1000);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(subscriber_.taken("/good"),
            (std::vector<std::string>{"urn:uuid:1", "urn:uuid:p1", "urn:uuid:p2"}));
  size_t lines = 0;
  for (const auto& entry : access_entries())
    lines += entry.as_object().at("code").as_string() == id_of("/good") ? 1U : 0U;
  EXPECT_EQ(lines, 1U) << "written down once it was told";
}

TEST_F(EpcisWebhook, ASubscriberThatNeverAnswersIsNotAskedForEver) {
  constexpr int64_t kTriesMax = 31;  // the first and 30 more
  subscriber_.refuse(1000);
  for (int64_t i = 0; i < kTriesMax + 4; ++i) {
    post();
    wait_for_failures(std::min(i + 1, kTriesMax));
    advance(2 * 3600 * 1000);
  }
  EXPECT_EQ(subscriber_.tries("/bad"), static_cast<size_t>(kTriesMax));
  EXPECT_FALSE(about("/good").as_object().contains("suyuan:failures"));
}

}  // namespace
}  // namespace suyuan::test
