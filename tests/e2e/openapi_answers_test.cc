// The description that we publish, docs/openapi.json, against what a node with the scenario
// answers: tests/e2e/openapi_client.
#include <gtest/gtest.h>

#include "tests/e2e/python.h"
#include "tests/e2e/scenario.h"

namespace suyuan::test {
namespace {

TEST(OpenApi, EveryGetAnswersAsItIsDescribedAndWithNoOtherMembers) {
  const std::string python = python_with_jsonschema();
  if (python.empty()) GTEST_SKIP() << "needs Debian's python3-jsonschema";
  const std::string source = SUYUAN_SOURCE_DIR;
  const std::string base =
      "http://127.0.0.1:" + std::to_string(Scenario::get().running().http_port());
  EXPECT_EQ(run_program({"/usr/bin/env", "PYTHONDONTWRITEBYTECODE=1", python,
                         source + "/tests/e2e/openapi_client/answers.py", base,
                         source + "/docs/openapi.json"}),
            0)
      << "see its FAULT lines above";
}

}  // namespace
}  // namespace suyuan::test
