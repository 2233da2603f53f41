// A client that is generated from the standard's own OpenAPI description calls every path with
// every parameter, and holds all answers against the standard's schemas: tests/e2e/epcis_client.
// Events with one fault each are judged as the standard's JSON Schema judges them.
#include <filesystem>

#include "tests/e2e/epcis_fixture.h"
#include "tests/e2e/python.h"
#include "tests/support/vectors.h"

namespace suyuan::test {
namespace {

const std::string kSource = SUYUAN_SOURCE_DIR;

class EpcisGenerated : public EpcisTest {
 protected:
  EpcisGenerated() {
    trader_ = add_trader(true);
  }
  std::string trader_;
};

TEST_F(EpcisGenerated, EventsAreJudgedAsByTheSchemaButForTheListedRows) {
  const std::string schemas = testing::shared_path("epcis/schema/gs1-epcis");
  if (!std::filesystem::exists(schemas + "/EPCIS-JSON-Schema.json"))
    GTEST_SKIP() << schemas << " is absent: see SUYUAN_SHARED_DATA";
  const std::string program = python_with_jsonschema();
  if (program.empty()) GTEST_SKIP() << "needs Debian's python3-jsonschema";
  const std::string base =
      "http://127.0.0.1:" + std::to_string(ledger_.running().http_port()) + "/epcis";
  EXPECT_EQ(run_program({"/usr/bin/env", "PYTHONDONTWRITEBYTECODE=1", program,
                         kSource + "/tests/e2e/epcis_client/schema_verdicts.py", base, trader_,
                         schemas, kSource + "/docs/epcis.md", testing::shared_path("epcis/events"),
                         testing::shared_path("epcis/scenarios")}),
            0)
      << "see its FAULT lines above";
}

TEST_F(EpcisGenerated, AClientMadeFromTheDescriptionFindsAllAsDescribed) {
  const std::string schemas = testing::shared_path("epcis/schema/gs1-epcis");
  if (!std::filesystem::exists(schemas + "/openapi.json"))
    GTEST_SKIP() << schemas << " is absent: see SUYUAN_SHARED_DATA";
  const std::string program = python_with_jsonschema();
  if (program.empty()) GTEST_SKIP() << "needs Debian's python3-jsonschema";
  const std::string base =
      "http://127.0.0.1:" + std::to_string(ledger_.running().http_port()) + "/epcis";
  EXPECT_EQ(run_program({"/usr/bin/env", "PYTHONDONTWRITEBYTECODE=1", program,
                         kSource + "/tests/e2e/epcis_client/epcis_client.py", base, trader_,
                         schemas, kSource + "/docs/epcis_paths.md",
                         testing::shared_path("epcis/events"),
                         testing::shared_path("epcis/scenarios")}),
            0)
      << "see its FAULT lines above";
}

}  // namespace
}  // namespace suyuan::test
