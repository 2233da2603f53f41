// suyuan bench --rate: so much and no more is sent, at even times, to a node that is a process of
// its own.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "ledger/base/check.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "tests/e2e/running_node.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

namespace json = boost::json;

class BenchRate : public ::testing::Test {
 protected:
  // What it measured: the last line that it printed.
  json::object bench(const std::string& arguments) {
    const std::string command = "XDG_CONFIG_HOME=" + at("config") + " timeout 50 " SUYUAN_PROGRAM
                                " --json --node " + node_.rpc_address() + " --genesis " + data_ +
                                "/genesis.leaf bench --folder " + folder_.path() +
                                " --registrar " + data_ + "/keys/registrar.key --key " +
                                at("maker.key") + " " + arguments + " >" + at("said") + " 2>&1";
    const int status = std::system(command.c_str());
    const auto text = read_file(at("said"), 1 << 20);
    const std::string said = text ? *text : "";
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << said;
    std::string_view last;
    for (const auto line : split(said, '\n')) {
      if (line.starts_with('{')) last = line;
    }
    boost::system::error_code error;
    const auto value = json::parse(last, error);
    EXPECT_TRUE(!error && value.is_object()) << said;
    return value.is_object() ? value.as_object() : json::object();
  }
  std::string at(const std::string& name) const { return folder_.path() + "/" + name; }
  static std::string made_in(std::string data) {
    SUYUAN_CHECK(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", data}) == 0);
    return data;
  }

  const TempFolder folder_;
  const std::string data_ = made_in(at("node"));
  NodeProcess node_{SUYUAN_NODE_PROGRAM, data_};
};

TEST_F(BenchRate, IsHeldForAsLongAsWasSaidWhateverElseIsLeft) {
  const auto run = bench("--rate 40 --seconds 1 --in-flight 8 --batches 1 --events 1000");
  // The first at once, and one each 25 ms up to the end of the second.
  EXPECT_EQ(run.at("events").to_number<double>(), 41);
  EXPECT_LE(run.at("eventsPerSecond").to_number<double>(), 41);
  EXPECT_GT(run.at("eventsPerSecond").to_number<double>(), 4) << "ten times as slow";
}

TEST_F(BenchRate, EndsWithTheEventsAndCountsThemOfWholeBatches) {
  const auto run = bench("--rate 20 --seconds 30 --in-flight 1 --batches 4 --events 40");
  // A run in batches has eight times the events.
  EXPECT_EQ(run.at("events").to_number<double>(), 320);
  // 80 batches, the last of them due after 79 / 20 s.
  EXPECT_LE(run.at("eventsPerSecond").to_number<double>(), 320 * 20 / 79.0);
}

TEST_F(BenchRate, IsThatOfQuestionsToo) {
  bench("--rate 100 --seconds 5 --in-flight 8 --batches 1 --events 20");
  const auto run = bench("--no-posts --queries 20 --rate 40 --seconds 30 --in-flight 8");
  EXPECT_EQ(run.at("questions").to_number<double>(), 20);
  // The last is due after 19 / 40 s; the rate is printed whole.
  EXPECT_LE(run.at("questionsPerSecond").to_number<double>(), 43);
}

}  // namespace
}  // namespace suyuan::test
