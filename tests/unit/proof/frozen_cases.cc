#include "tests/unit/proof/frozen_cases.h"

#include <cstdlib>
#include <fstream>

#include "tests/unit/proof/bundle_world.h"

namespace suyuan::testing {

namespace json = boost::json;

FrozenCases::FrozenCases(std::string file, std::string about, const ProvenLedger& ledger,
                         std::vector<NamedBundle> cases)
    : path_(std::string(SUYUAN_SOURCE_DIR) + "/tests/vectors/bundles/" + file),
      about_(std::move(about)),
      policy_(write_policy(ledger.policy())),
      now_ms_(ledger.sealed_ms() + 60'000),
      cases_(std::move(cases)) {}

std::string FrozenCases::text() const {
  std::string text = "{\"about\":" + json::serialize(json::value(about_)) + ",\n\"cases\":[";
  const char* before = "\n";
  for (const NamedBundle& one : cases_) {
    const std::string file = write_bundle_json(one.bundle);
    const auto verdict = verify_bundle_text(file, policy_, now_ms_);
    json::object row{{"name", one.name}, {"policy", policy_}, {"nowMs", now_ms_}};
    row["verdict"] = std::string(word(verdict.judged));
    if (verdict.fault) row["code"] = std::string(info(*verdict.fault).name);
    if (verdict.as_of_ms) row["asOfMs"] = *verdict.as_of_ms;
    row["bundle"] = file;
    text.append(before).append(json::serialize(row));
    before = ",\n";
  }
  return text + "\n]}\n";
}

void FrozenCases::expect_frozen() const {
  if (std::getenv("SUYUAN_WRITE_VECTORS") != nullptr) {
    std::ofstream(path_, std::ios::binary) << text();
  }
  EXPECT_TRUE(file_text(path_) == text()) << path_ << " differs from what is made";
}

void FrozenCases::expect_judged(const std::map<std::string, std::string>& expected) const {
  EXPECT_EQ(cases_.size(), expected.size());
  for (const NamedBundle& one : cases_) {
    const auto verdict = verify_bundle_text(write_bundle_json(one.bundle), policy_, now_ms_);
    const std::string found = verdict.fault ? std::string(info(*verdict.fault).name)
                                            : std::string(word(verdict.judged));
    const auto wanted = expected.find(one.name);
    ASSERT_NE(wanted, expected.end()) << one.name;
    EXPECT_EQ(found, wanted->second) << one.name << ": " << said(verdict);
  }
}

}  // namespace suyuan::testing
