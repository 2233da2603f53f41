// `suyuan verify` on the bundles of tests/vectors/bundles: what people read, and the exit codes.
#include <filesystem>
#include <fstream>

#include "client/command/command.h"
#include "tests/support/vectors.h"
#include "tests/unit/client/support.h"

namespace suyuan {
namespace {

std::string bundle_path(const std::string& name) {
  return std::string(SUYUAN_SOURCE_DIR) + "/tests/vectors/bundles/" + name;
}

struct Outcome {
  int exit = 0;
  std::string out;
};

// With the policy and the time that the vectors name.
Outcome verify(const std::string& base, std::vector<std::string> more = {},
               const std::string& file = {}) {
  const auto all = testing::own_vectors("bundles/bases.json");
  for (const auto& one : all.at("bases").as_array()) {
    if (testing::text_of(one.at("name")) != base) continue;
    const test::Folder folder;
    const std::string policy = folder.file("policy");
    std::ofstream(policy) << testing::text_of(one.at("policy"));
    const std::string now = std::to_string(one.at("nowMs").as_int64());
    const std::string path = file.empty() ? bundle_path(testing::text_of(one.at("file"))) : file;
    std::vector<std::string> words = {"suyuan", "verify", path, "--policy", policy, "--now", now};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<const char*> arguments;
    for (const auto& word : words) arguments.push_back(word.c_str());
    ::testing::internal::CaptureStdout();
    const int exit = run_program(static_cast<int>(arguments.size()), arguments.data());
    return {exit, ::testing::internal::GetCapturedStdout()};
  }
  return {-1, "no base " + base};
}

TEST(VerifyCommand, SaysFirstAsOfWhenAndTheVerdict) {
  const auto [exit, out] = verify("can", {"--lang", "en"});
  EXPECT_EQ(exit, 0) << out;
  EXPECT_EQ(out.find("as of"), 0U) << out;
  EXPECT_LT(out.find("PROVEN"), out.find("Proven:")) << out;
  EXPECT_NE(out.find("Not proven:"), std::string::npos) << out;
  EXPECT_NE(out.find("That a statement is true"), std::string::npos) << out;
}

TEST(VerifyCommand, NamesTheGatewaysThatSignedForOthers) {
  const auto says = [](const std::string& base, const std::string& line) {
    return verify(base, {"--lang", "en"}).out.find(line) != std::string::npos;
  };
  const std::string words = "Statements through a gateway, which signed for another party: ";
  EXPECT_TRUE(says("milk", words + "3 (carrier)."));
  EXPECT_TRUE(says("epcis-gateway", words + "2 (carrier)."));
  EXPECT_FALSE(says("maker", words));
}

TEST(VerifyCommand, SpeaksChinese) {
  const auto [exit, out] = verify("can", {"--lang", "zh"});
  EXPECT_EQ(exit, 0);
  EXPECT_EQ(out.find("截至"), 0U) << out;
  EXPECT_NE(out.find("未证明："), std::string::npos) << out;
}

TEST(VerifyCommand, ExitCodesTellProvenFromLessAndFromRefused) {
  EXPECT_EQ(verify("milk").exit, 0);
  EXPECT_EQ(verify("withheld").exit, 6);
  EXPECT_EQ(verify("cut").exit, 6);
  EXPECT_EQ(verify("absent").exit, 6);
  EXPECT_EQ(verify("stale").exit, 6);
}

TEST(VerifyCommand, NamesTheFirstThingThatIsWrong) {
  const test::Folder folder;
  std::string text = testing::file_text(bundle_path("can.suyuan.json")).value();
  const size_t at = text.find("\"record\":\"") + 40;
  text[at] = text[at] == 'A' ? 'B' : 'A';
  const std::string path = folder.file("bad.suyuan.json");
  std::ofstream(path) << text;
  const auto [exit, out] = verify("can", {"--lang", "en"}, path);
  EXPECT_EQ(exit, 4);
  EXPECT_NE(out.find("EVENT_INVALID"), std::string::npos) << out;
  EXPECT_NE(out.find("events[0] (leaf "), std::string::npos) << out;
}

TEST(VerifyCommand, WritesJsonForPrograms) {
  const auto [exit, out] = verify("can", {"--json"});
  EXPECT_EQ(exit, 0);
  const auto answer = boost::json::parse(out);
  EXPECT_EQ(testing::text_of(answer.at("verdict")), "PROVEN");
  EXPECT_FALSE(answer.at("proven").as_array().empty());
  EXPECT_FALSE(answer.at("notProven").as_array().empty());
}

TEST(VerifyCommand, NeedsAFileThatIsThere) {
  EXPECT_EQ(verify("can", {}, "/nowhere/x.suyuan.json").exit, 1);
}

}  // namespace
}  // namespace suyuan
