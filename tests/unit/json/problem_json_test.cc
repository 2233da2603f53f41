#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "proto/json/submission_json.h"

namespace suyuan {
namespace {

TEST(ProblemJson, HasTheMembersOfRfc9457) {
  const Error error{.code = Code::ROOT_MISMATCH, .message = "a \"b\"", .field = "root"};
  EXPECT_EQ(write_problem_json({error}),
            R"({"type":"/problems/ROOT_MISMATCH","title":"the note's root must be the tree hash )"
            R"(of the records","status":400,"detail":"ROOT_MISMATCH at field root: a \"b\"",)"
            R"("errors":[{"code":"ROOT_MISMATCH","field":"root","message":"a \"b\""}]})");
}

TEST(ProblemJson, ReadsBackEveryCode) {
  for (const auto& one : all_codes()) {
    const Errors errors = {{.code = one.code, .message = "x", .field = "objects[0]", .event = 3},
                           {.code = Code::BUSY, .message = "", .field = "", .event = 0}};
    const auto parsed = parse_problem_json(write_problem_json(errors));
    ASSERT_TRUE(parsed) << one.name;
    EXPECT_EQ(*parsed, errors) << one.name;
  }
}

TEST(ProblemJson, ReadsACodeOfALaterVersionByItsStatus) {
  const auto read = [](const char* status) {
    return parse_problem_json(R"({"status":)" + std::string(status) +
                              R"(,"errors":[{"code":"NEW_RULE","message":"m","more":1}]})")
        .value()
        .at(0);
  };
  EXPECT_EQ(read("409"), (Error{.code = Code::BAD_REQUEST, .message = "[NEW_RULE] m"}));
  EXPECT_EQ(read("503").code, Code::UNAVAILABLE);
}

TEST(ProblemJson, ReadsProblemsOfOthers) {
  const auto parsed = parse_problem_json(R"({"title":"Bad Gateway","status":502})");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->at(0), (Error{.code = Code::UNAVAILABLE, .message = "Bad Gateway"}));
}

TEST(ProblemJson, RefusesWhatIsNoProblem) {
  for (const auto* bad : {"", "[]", "{}", "<html>", R"({"errors":[]})", R"({"errors":7})"}) {
    const auto parsed = parse_problem_json(bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_EQ(parsed.error().code, Code::BAD_REQUEST) << bad;
  }
}

TEST(ProblemJson, TakesAtMostAsManyErrorsAsABatchHas) {
  std::string many = "{}";
  for (int i = 0; i < 1000; ++i) many += ",{}";
  const auto parsed = parse_problem_json(R"({"errors":[)" + many + "]}");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->size(), limits::kErrorsPerBatchMax);
}

}  // namespace
}  // namespace suyuan
