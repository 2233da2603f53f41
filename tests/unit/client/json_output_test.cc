// With --json every command answers a program: one JSON value a line, errors of the command line
// too.
#include "client/command/command.h"
#include "client/keys.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "proto/jsontext/document.h"
#include "tests/unit/client/support.h"

namespace suyuan {
namespace {

class JsonOutput : public ::testing::Test {
 protected:
  JsonOutput() {
    EXPECT_TRUE(write_file(file("genesis.leaf"), test::ledger().leaf, FileMode::shared));
    EXPECT_TRUE(make_key_file(file("farm.key"), "farm", ""));
  }
  std::string file(const std::string& name) const { return folder_.file(name); }
  // Returns the exit code; what it printed is in `said_`.
  int run(std::vector<std::string> words) {
    words.insert(words.begin(), "suyuan");
    words.insert(words.end(), {"--genesis", file("genesis.leaf"), "--json", "--lang", "en"});
    std::vector<const char*> arguments;
    for (const auto& word : words) arguments.push_back(word.c_str());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = run_program(static_cast<int>(arguments.size()), arguments.data());
    said_ = ::testing::internal::GetCapturedStdout();
    (void)::testing::internal::GetCapturedStderr();
    return code;
  }
  bool is_json() const { return parse_json(said_).has_value(); }

  const test::Folder folder_;
  std::string said_;
};

TEST_F(JsonOutput, OfARequestIsItsFileAndTheNumberOfActs) {
  const std::string out = file("request.json");
  ASSERT_EQ(run({"register", "--key", file("farm.key"), "--name", "Farm", "--role", "producer",
                 "--out", out}),
            0);
  EXPECT_EQ(said_, R"({"path":")" + out + R"(","acts":1})" "\n");
  ASSERT_EQ(run({"rotate", "--key", file("farm.key"), "--new-key", file("new.key"), "--out", out}),
            0);
  EXPECT_EQ(said_, R"({"path":")" + out + R"(","acts":2})" "\n");
  ASSERT_EQ(run({"delegate", "gate", "--key", file("farm.key"), "--out", out}), 0);
  EXPECT_EQ(said_, R"({"path":")" + out + R"(","acts":1})" "\n");
}

TEST_F(JsonOutput, OfAWitnessIsItsKey) {
  ASSERT_EQ(run({"witness", "init", "--data", file("witness"), "--name", "w.example"}), 0);
  EXPECT_TRUE(is_json()) << said_;
  EXPECT_TRUE(said_.starts_with(R"({"name":"w.example","vkey":"w.example+)")) << said_;
}

TEST_F(JsonOutput, OfTheNodesNoticeIsWhatItSaysAndWhoSigned) {
  ASSERT_TRUE(make_key_file(file("registrar.key"), "registrar", ""));
  const std::string notice = file("nodes.note");
  const std::string other = "node-2=" + to_base64(test::fixed_key(7).key.view());
  ASSERT_EQ(run({"nodes", "make", notice, "--key", file("registrar.key"), "--add", other}), 0);
  const std::string made = said_;
  EXPECT_TRUE(is_json()) << said_;
  EXPECT_NE(said_.find(R"("change":"added")"), std::string::npos) << said_;
  EXPECT_NE(said_.find(R"("signatures":[{"name":"registrar","verified":false}])"),
            std::string::npos)
      << "the key is not the one of genesis: " << said_;
  ASSERT_EQ(run({"nodes", "show", notice}), 0);
  EXPECT_EQ(said_, made);
}

TEST_F(JsonOutput, OfAWrongCommandLineIsAProblem) {
  const std::vector<std::vector<std::string>> wrong = {
      {"trace"}, {"frobnicate"}, {"keygen", "x", "--frob"}};
  for (const auto& words : wrong) {
    EXPECT_EQ(run(words), 1);
    EXPECT_TRUE(is_json()) << said_;
    EXPECT_NE(said_.find("INVALID_FIELD"), std::string::npos) << said_;
  }
}

}  // namespace
}  // namespace suyuan
