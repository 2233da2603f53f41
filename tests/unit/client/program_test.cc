#include <sys/stat.h>

#include <cstdlib>

#include "client/command/command.h"
#include "client/command/question.h"
#include "tests/unit/client/support.h"

namespace suyuan {
namespace {

int run(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "suyuan");
  return run_program(static_cast<int>(arguments.size()), arguments.data());
}

TEST(Program, EndsWithUsageWhereTheLineIsWrong) {
  EXPECT_EQ(run({}), 1);
  EXPECT_EQ(run({"frobnicate"}), 1);
  EXPECT_EQ(run({"trace"}), 1);
  EXPECT_EQ(run({"trace", "9521104301011", "--lang", "fr"}), 1);
  EXPECT_EQ(run({"post", "x.json", "--key", "k", "--batch", "4097"}), 1);
}

TEST(Program, SaysWhichCommandThereIsNot) {
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run({"frobnicate", "x", "--lang", "en"}), 1);
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("'frobnicate'"), std::string::npos);
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run({"--lang", "en"}), 1);
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("is required"), std::string::npos);
}

TEST(Program, HelpsInBothLanguages) {
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(run({"recall", "--help", "--lang", "zh"}), 0);
  const std::string zh = ::testing::internal::GetCapturedStdout();
  EXPECT_NE(zh.find("召回清单"), std::string::npos);
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(run({"recall", "--help", "--lang=en"}), 0);
  const std::string en = ::testing::internal::GetCapturedStdout();
  EXPECT_NE(en.find("recall list"), std::string::npos);
}

TEST(Program, EndsWithUnreachableWhereNobodyListens) {
  // Port 1 is reserved; nothing of ours is there.
  EXPECT_EQ(run({"status", "--node", "127.0.0.1:1"}), 3);
}

TEST(Program, SaysInPlainWordsThatANameIsUnknown) {
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run({"status", "--node", "no-such-node.invalid:1", "--lang", "en"}), 3);
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("no-such-node.invalid:1"), std::string::npos) << said;
  EXPECT_EQ(said.find("params."), std::string::npos) << said;
}

TEST(Program, NamesTheLogThatDoesNotAnswerAndNotTheNode) {
  const test::Folder folder;
  const std::string none = folder.file("none");
  const std::string out = folder.file("log");
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run({"export", "--log", "http://127.0.0.1:1/log", "--out", out.c_str(), "--node",
                 "127.0.0.1:2", "--genesis", none.c_str(), "--lang", "en"}),
            3);
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("http://127.0.0.1:1/log/checkpoint"), std::string::npos) << said;
  EXPECT_EQ(said.find("127.0.0.1:2"), std::string::npos) << said;
}

// Such a file was never meant to be in the ledger.
TEST(Program, BlamesTheFileThatIsMissingAndNotTheLedger) {
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run({"verify", "/nowhere/can.json", "--json", "--lang", "zh"}), 1);
  const std::string title = R"("title":"there is nothing under this name")";
  const std::string problem = ::testing::internal::GetCapturedStdout();
  EXPECT_NE(problem.find(title), std::string::npos) << problem;
  EXPECT_NE(problem.find("/nowhere/can.json"), std::string::npos) << problem;
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(said.find("账本"), std::string::npos) << said;
}

TEST(Program, RefusesABadCodeBeforeItAsks) {
  EXPECT_EQ(run({"state", "09521104301012", "--node", "127.0.0.1:1"}), 1);
}

TEST(Program, MakesAKeyFileForItsOwnerAlone) {
  const test::Folder folder;
  const std::string path = folder.file("a.key");
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(run({"keygen", "nz-mfr", "--out", path.c_str()}), 0);
  EXPECT_NE(::testing::internal::GetCapturedStdout().find("nz-mfr"), std::string::npos);
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(run({"keygen", "nz-mfr", "--out", path.c_str()}), 1) << "it replaces no key";
}

TEST(Question, CanonicalisesTheCodeAndReadsTheTime) {
  const Shell shell;
  const auto question = question_of(shell, {.code = "(01)09521104301011(21)3BGE",
                                            .at = "2026-08-03T08:15:00+08:00",
                                            .known_at = 7,
                                            .limit = 5});
  ASSERT_TRUE(question);
  EXPECT_EQ(question->code, "https://id.gs1.org/01/09521104301011/21/3BGE");
  EXPECT_EQ(question->as_of.at_ms, from_rfc3339("2026-08-03T00:15:00Z")->ms);
  EXPECT_EQ(question->as_of.known_at, 7U);
  EXPECT_EQ(question->limit, 5U);
}

TEST(Question, TakesRawScannerText) {
  const auto question = question_of(
      Shell(), {.code = "]d2010952110430101110L2606A\x1D" "213BGE", .at = {}});
  ASSERT_TRUE(question);
  EXPECT_EQ(question->code, "https://id.gs1.org/01/09521104301011/21/3BGE");
}

TEST(Question, RefusesATimeWithoutOffset) {
  const auto question = question_of(Shell(), {.code = "9521104301011", .at = "2026-08-03"});
  ASSERT_FALSE(question);
  EXPECT_EQ(question.error(), ExitCode::usage);
}

TEST(ShellExit, TellsRefusalsFromFaults) {
  const Shell shell;
  EXPECT_EQ(shell.fail_answer({.code = Code::DUPLICATE_ID, .message = "x"}), ExitCode::refused);
  EXPECT_EQ(shell.fail_answer({.code = Code::BUSY, .message = "x"}), ExitCode::unreachable);
  EXPECT_EQ(shell.fail_answer({.code = Code::UNAVAILABLE, .message = "x"}),
            ExitCode::unreachable);
  EXPECT_EQ(shell.fail_verification({.code = Code::ROOT_MISMATCH, .message = "x"}),
            ExitCode::unverified);
}

}  // namespace
}  // namespace suyuan
