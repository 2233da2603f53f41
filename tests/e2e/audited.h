// An audit of what a real node made, with every batch judged again, and of a data directory all
// that lies in it too.
#pragma once

#include <gtest/gtest.h>

#include "client/audit/audit_log.h"
#include "client/audit/node_folder.h"
#include "client/http_log.h"
#include "ledger/export/folder_log.h"
#include "proto/submission_codec.h"

namespace suyuan::test {

inline OpenLog folder_log(const std::string& path) {
  return [path]() -> Result<std::unique_ptr<LogSource>> {
    return std::unique_ptr<LogSource>(std::make_unique<FolderLog>(path));
  };
}

inline OpenLog http_log(const std::string& url) {
  return [url]() -> Result<std::unique_ptr<LogSource>> {
    SUYUAN_TRY(log, HttpLog::open(url));
    return std::unique_ptr<LogSource>(std::move(log));
  };
}

inline AuditReport audited(OpenLog open, const NodeFolder* folder = nullptr,
                           std::optional<Policy> policy = {}) {
  AuditPlan plan{.open = std::move(open),
                 .decode = decode_any_payload,
                 .policy = std::move(policy),
                 .jobs = 2};
  const auto replay = Replay::open({});
  EXPECT_TRUE(replay);
  plan.replay = replay->get();
  if (folder != nullptr) {
    plan.store = &folder->store();
    plan.store_leaves = folder->leaves();
    plan.watermark = folder->watermark();
    plan.acknowledged = folder->acknowledged();
    plan.scrub = [folder] { return folder->scrub(); };
  }
  const auto report = audit_log(plan);
  EXPECT_TRUE(report) << (report ? "" : to_text(report.error()));
  return report ? *report : AuditReport{};
}

// Nothing is wrong, and what the node took, the rules take again.
inline void expect_clean(const AuditReport& report) {
  EXPECT_FALSE(report.fault) << word(report.fault->check) << ": " << report.fault->message << ", "
                             << report.fault->file << " " << report.fault->field;
  ASSERT_TRUE(report.replay);
  EXPECT_EQ(report.replay->leaves, report.head.size);
}

}  // namespace suyuan::test
