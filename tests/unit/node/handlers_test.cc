// What becomes of handlers that fail on the network's thread: one is logged and the loop goes on,
// many end the node, and memory that has run out ends the process.
#include "node/handlers.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <new>
#include <stdexcept>

#include "node/out_of_memory.h"

namespace suyuan {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

class HandlersTest : public ::testing::Test {
 protected:
  void post_failing(size_t count) {
    for (size_t i = 0; i < count; ++i)
      asio::post(io_, [] { throw std::runtime_error("of the test"); });
  }
  // Returns the errors that the loop was to end with.
  std::vector<Error> run() {
    std::vector<Error> ended;
    asio::post(io_, [this] {
      reached_ = true;
      io_.stop();
    });
    run_handlers(io_, [&](const Error& why) { ended.push_back(why); });
    return ended;
  }

  asio::io_context io_{1};
  bool reached_ = false;
};

TEST_F(HandlersTest, ThatFailNowAndThenDoNotStopTheOthers) {
  post_failing(FailureCount::kMax);
  EXPECT_TRUE(run().empty());
  EXPECT_TRUE(reached_);
}

TEST_F(HandlersTest, ThatFailAgainAndAgainEndTheNode) {
  post_failing(FailureCount::kMax + 1);
  const auto ended = run();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended.front().code, Code::STOPPING);
  EXPECT_NE(ended.front().message.find("of the test"), std::string::npos);
  EXPECT_TRUE(reached_) << "what was accepted is still answered";
}

TEST(FailureCountTest, CountsThoseOfAMinute) {
  FailureCount failures;
  FailureCount::Time now{std::chrono::hours(1)};
  for (size_t i = 0; i < 100; ++i) EXPECT_FALSE(failures.add(now += std::chrono::seconds(4)));
  for (size_t i = 1; i < FailureCount::kMax; ++i) failures.add(now += milliseconds(1));
  EXPECT_TRUE(failures.add(now += milliseconds(1)));
  EXPECT_TRUE(failures.add(now += milliseconds(1)));
  EXPECT_FALSE(failures.add(now + std::chrono::minutes(1)));
}

using OutOfMemoryDeathTest = HandlersTest;

TEST_F(OutOfMemoryDeathTest, OnTheNetworksThreadEndsTheProcess) {
  asio::post(io_, [] { throw std::bad_alloc(); });
  EXPECT_DEATH(run(), "memory has run out");
}

// Whoever would catch it: nobody gets the chance. That the node sets the handler is in
// tests/crash/disk_test.cc.
TEST(ProgramDeathTest, EndsWhereAnAllocationFails) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizers' allocators end the process themselves";
#endif
  const auto fail = [] {
    std::set_new_handler(end_out_of_memory);
    try {
      [[maybe_unused]] void* volatile taken = ::operator new(size_t{1} << 46);
    } catch (const std::exception&) {
    }
  };
  EXPECT_DEATH(fail(), "memory has run out");
}

}  // namespace
}  // namespace suyuan
