// The benchmarks' server that only verifies: it refuses what a node refuses by its signature,
// answers every other batch of events, and keeps none.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "client/bench/workload.h"
#include "client/keys.h"
#include "ledger/base/check.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "node/clock.h"
#include "tests/e2e/running_node.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

class VerifyOnly : public ::testing::Test {
 protected:
  struct Bench {
    int exit_code = -1;
    std::string said;
    double events() const {  // of the last run
      double events = 0;
      for (const auto line : split(said, '\n')) {
        boost::system::error_code error;
        const auto value = boost::json::parse(line, error);
        if (error || !value.is_object()) continue;
        const auto* found = value.as_object().if_contains("events");
        if (found != nullptr) events = found->to_number<double>();
      }
      return events;
    }
  };
  // Registers the maker at the first call, then posts single events.
  Bench bench(const std::string& arguments) const {
    const std::string command = "XDG_CONFIG_HOME=" + at("config") + " timeout 50 " SUYUAN_PROGRAM
                                " --json --node " + server_.rpc_address() + " --genesis " + data_ +
                                "/genesis.leaf bench --folder " + folder_.path() +
                                " --party maker --registrar " + data_ +
                                "/keys/registrar.key --key " + at("maker.key") +
                                " --batches 1 --in-flight 16 --seconds 30 " + arguments + " >" +
                                at("said") + " 2>&1";
    const int status = std::system(command.c_str());
    const auto text = read_file(at("said"), 1 << 20);
    return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1, .said = text ? *text : ""};
  }
  std::unique_ptr<Connection> connect() const {
    auto connection = Connection::open({.node = server_.rpc_address()});
    SUYUAN_CHECK(connection);
    return *std::move(connection);
  }
  std::string at(const std::string& name) const { return folder_.path() + "/" + name; }
  static std::string made_in(std::string data) {
    SUYUAN_CHECK(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", data}) == 0);
    return data;
  }

  const TempFolder folder_;
  const std::string data_ = made_in(at("node"));
  NodeProcess server_{SUYUAN_VERIFY_ONLY_PROGRAM, data_};
};

TEST_F(VerifyOnly, AnswersEventsAndKeepsNone) {
  const auto first = bench("--events 1 --no-receipt-check");
  ASSERT_EQ(first.exit_code, 0) << first.said;
  const auto before = connect()->status();
  ASSERT_TRUE(before.value);
  EXPECT_GT(before.value->events, 0U) << "the maker is registered";

  const auto run = bench("--events 50 --no-receipt-check");
  EXPECT_EQ(run.exit_code, 0) << run.said;
  EXPECT_EQ(run.events(), 50) << run.said;
  const auto after = connect()->status();
  ASSERT_TRUE(after.value);
  EXPECT_EQ(after.value->events, before.value->events);
  EXPECT_EQ(WEXITSTATUS(server_.end(SIGTERM)), 0);
}

TEST_F(VerifyOnly, TakesNoLogThatNodesShare) {
  const std::string command = "timeout 50 " SUYUAN_VERIFY_ONLY_PROGRAM " serve --data " +
                              at("other") + " --order etcd --etcd 127.0.0.1:1 --rpc 127.0.0.1:0"
                              " --http 127.0.0.1:0 >" + at("said") + " 2>&1";
  const int status = std::system(command.c_str());
  const auto said = read_file(at("said"), 1 << 20);
  ASSERT_TRUE(said);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << *said;
  EXPECT_NE(said->find("leave out --order etcd"), std::string::npos) << *said;
}

TEST_F(VerifyOnly, GivesReceiptsThatNoClientAccepts) {
  constexpr int kUnverified = 4;
  const auto run = bench("--events 1");
  EXPECT_EQ(run.exit_code, kUnverified) << run.said;
  EXPECT_NE(run.said.find("LEDGER_MISMATCH"), std::string::npos) << run.said;
}

TEST_F(VerifyOnly, RefusesAForgedBatch) {
  ASSERT_EQ(bench("--events 1 --no-receipt-check").exit_code, 0);
  const auto ledger = load_pinned(data_ + "/genesis.leaf");
  ASSERT_TRUE(ledger);
  const auto key = load_key(at("maker.key"), [](const auto&) { return Result<std::string>(""); });
  ASSERT_TRUE(key);
  const int64_t now_ms = system_now_ms();
  const auto made = make_workload(*ledger, *key,
                                  {.batches = 1,
                                   .batch = 1,
                                   .event_time_ms = now_ms - 60'000,
                                   .until_ms = now_ms + 3'600'000});
  ASSERT_TRUE(made);
  Submission forged = made->front();
  forged.note.replace(forged.note.find("nonce ") + 6, 4, "AAAA");

  const auto server = connect();
  const auto refused = server->submit(forged);
  ASSERT_FALSE(refused.outcome);
  EXPECT_EQ(refused.outcome.error().front().code, Code::SIGNATURE_INVALID);
  const auto answered = server->submit(made->front());
  ASSERT_TRUE(answered.outcome);
  EXPECT_EQ(answered.outcome->heads.size(), 1U) << "the code of the event";
}

}  // namespace
}  // namespace suyuan::test
