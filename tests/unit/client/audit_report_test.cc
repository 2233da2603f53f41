// An audit's report says nothing that the audit did not see.
#include <gtest/gtest.h>

#include "client/render/audit.h"

namespace suyuan {
namespace {

AuditReport report_of(uint64_t read) {
  AuditReport report;
  report.head.size = 12;
  report.counts.leaves = read;
  report.sealed_ms = 1'790'000'000'000;  // 2026-09-21T14:13:20Z
  if (read < 12) {
    report.fault = AuditFault{.check = AuditCheck::FILE_MISSING,
                              .message = "it is not there",
                              .leaf = read,
                              .file = "events/" + std::to_string(read)};
  }
  return report;
}

bool holds(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

TEST(AuditReportText, HasTheTreesTimeWhereItsLastEntryWasRead) {
  const AuditSource source{.name = "exported", .pinned = true};
  const std::string whole = render_audit(report_of(12), source, {});
  EXPECT_TRUE(holds(whole, "12 entries, log time 2026-09-21")) << whole;
  EXPECT_TRUE(holds(whole, "newer checkpoint than that of 2026-09-21")) << whole;
  EXPECT_TRUE(holds(audit_json(report_of(12), source), "\"sealed\""));
}

TEST(AuditReportText, HasNoTimeOfATreeThatWasNotReadToItsEnd) {
  const AuditSource source{.name = "exported", .pinned = true};
  const std::string part = render_audit(report_of(7), source, {});
  EXPECT_TRUE(holds(part, "12 entries, not all of them read")) << part;
  EXPECT_FALSE(holds(part, "2026-09-21")) << part;
  EXPECT_TRUE(holds(part, "FILE_MISSING")) << part;
  const std::string json = audit_json(report_of(7), source);
  EXPECT_FALSE(holds(json, "\"sealed\"")) << json;
  EXPECT_TRUE(holds(json, "FRESHNESS")) << json;
}

}  // namespace
}  // namespace suyuan
