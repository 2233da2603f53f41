// Provenance bundles of a running node, over both wires: what it serves, a verifier proves.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "ledger/os/files.h"
#include "proto/json/bundle_json.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {
namespace {

ServeOptions sealing() {
  ServeOptions options;
  options.seal_interval_ms = 50;
  return options;
}

class BundleTest : public ::testing::Test {
 protected:
  Policy policy() {
    const auto& ledger = ledger_.running().ledger();
    Policy policy = policy_of_log(ledger.genesis.origin, ledger.genesis.log_key);
    policy.genesis = {ledger.id.genesis};
    return policy;
  }
  BundleVerdict verified(const std::string& text) {
    return verify_bundle_text(text, policy(), testing::ms("2026-06-02T00:05:00Z"));
  }
  static std::string target(const std::string& code, uint64_t size) {
    return "/v1/codes/" + percent_encode(code) + "/bundle?size=" + std::to_string(size) +
           "&wait=20000";
  }

  SmallLedger ledger_{sealing()};
  const std::string can_ = testing::code("sgtin:" + kFormula + ":B1");
};

TEST_F(BundleTest, IsServedOverHttpAndProven) {
  const auto receipt = ledger_.accept("maker", {testing::commission("09:30", {can_})});
  const auto answer = ledger_.http().get(target(can_, receipt.leaf + 1));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.header("content-type"), std::string(kBundleMediaType));
  const auto verdict = verified(answer.body);
  EXPECT_EQ(word(verdict.judged), "PROVEN") << verdict.message;
  EXPECT_EQ(verdict.code, can_);
}

TEST_F(BundleTest, IsProvenByTheProgramWhichSaysThatItHoldsNoScans) {
  const auto receipt = ledger_.accept("maker", {testing::commission("09:30", {can_})});
  const auto answer = ledger_.http().get(target(can_, receipt.leaf + 1));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const TempFolder beside;
  const std::string file = beside.path() + "/can.json", said_file = beside.path() + "/said";
  ASSERT_TRUE(write_file(file, answer.body, FileMode::shared));
  const std::string command =
      "XDG_CONFIG_HOME=" + beside.path() + " timeout 60 " SUYUAN_PROGRAM " --lang en --genesis " +
      ledger_.folder() + "/genesis.leaf verify " + file + " --now " +
      std::to_string(testing::ms("2026-06-02T00:05:00Z")) + " >" + said_file + " 2>&1";
  const int status = std::system(command.c_str());
  const auto said = read_file(said_file, 1 << 20);
  ASSERT_TRUE(said);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << *said;
  EXPECT_NE(said->find("PROVEN"), std::string::npos) << *said;
  EXPECT_NE(said->find("The journey is proven, the scan history is not"), std::string::npos)
      << *said;
}

TEST_F(BundleTest, IsCompressedForWhoTakesThat) {
  const auto receipt = ledger_.accept("maker", {testing::commission("09:30", {can_})});
  const std::string path = target(can_, receipt.leaf + 1);
  const auto plain = ledger_.http().get(path);
  EXPECT_EQ(plain.header("content-encoding"), "");
  EXPECT_EQ(plain.header("vary"), "Accept-Encoding");
  const auto zipped =
      ledger_.http().send({.target = path, .headers = {{"Accept-Encoding", "gzip, deflate, br"}}});
  ASSERT_EQ(zipped.status, 200) << zipped.body;
  EXPECT_EQ(zipped.header("content-encoding"), "gzip");
  EXPECT_EQ(zipped.header("content-type"), std::string(kBundleMediaType));
  EXPECT_TRUE(zipped.body.starts_with("\x1f\x8b"));
  EXPECT_LT(zipped.body.size(), plain.body.size());
}

TEST_F(BundleTest, IsTheSameOverRpc) {
  const auto receipt = ledger_.accept("maker", {testing::commission("09:30", {can_})});
  CodeQuestion question{.code = can_};
  question.at_least = {.size = receipt.leaf + 1, .wait_ms = 20'000};
  const auto answer = ledger_.rpc().bundle(question);
  ASSERT_TRUE(answer.value) << to_text(answer.value.error());
  EXPECT_EQ(word(verified(answer.value->text).judged), "PROVEN");
}

TEST_F(BundleTest, OfACodeThatNobodyNamedProvesThat) {
  const auto receipt = ledger_.accept("maker", {testing::commission("09:30", {can_})});
  const auto answer = ledger_.http().get(target("https://nobody.example/1", receipt.leaf + 1));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(word(verified(answer.body).judged), "NOT_RECORDED");
}

TEST_F(BundleTest, OfABadCodeIsRefused) {
  EXPECT_EQ(ledger_.http().get("/v1/codes/09521104301012/bundle").status, 400);
  EXPECT_EQ(ledger_.http().get("/v1/codes/09521104301011/bundle?at=x").status, 400);
}

}  // namespace
}  // namespace suyuan::test
