// Audits of logs that a LogMaker made, and what they found, in a line.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>

#include "client/audit/audit_log.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "tests/unit/audit/log_maker.h"

namespace suyuan::testing {

using Files = std::map<std::string, Bytes>;

inline AuditPlan plan_for(const Files& files) {
  return {.open = [&files]() -> Result<std::unique_ptr<LogSource>> {
            return std::unique_ptr<LogSource>(std::make_unique<FilesLog>(files));
          },
          .decode = decode_payload_of,
          .jobs = 2};
}

inline AuditReport audited(const AuditPlan& plan) {
  auto report = audit_log(plan);
  EXPECT_TRUE(report) << (report ? "" : to_text(report.error()));
  return report ? *std::move(report) : AuditReport{};
}
inline AuditReport audited(const Files& files) { return audited(plan_for(files)); }

// "LEAF_CHANGED leaf 3 tile/entries/000", with event and field where there are any; "clean".
inline std::string place(const AuditReport& report) {
  if (!report.fault) return "clean";
  const AuditFault& fault = *report.fault;
  std::string text(word(fault.check));
  if (fault.leaf) text += " leaf " + std::to_string(*fault.leaf);
  if (fault.event) text += " event " + std::to_string(*fault.event);
  if (!fault.field.empty()) text += " [" + fault.field + "]";
  return text + " " + fault.file;
}
inline std::string place(const Files& files) { return place(audited(files)); }
inline std::string place(const LogMaker& log) { return place(log.files()); }

inline void flip(Bytes& bytes, size_t at) { bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1); }

// Leaf 0 genesis; 1 to 3 registrations; 4 a batch of three events; 5 a seal; 6 a batch; 7 a seal.
class AuditLog : public ::testing::Test {
 protected:
  AuditLog() {
    for (const char* party : {"store", "gate", "farm"}) log.register_party(party);
    log.post("store", {receiving({box(1)}), receiving({box(2), box(3)}), receiving({box(1)})});
    log.seal();
    log.post("farm", {receiving({box(1), box(4)})});
  }
  // With a seal at the end, as every published log has it.
  std::string sealed_place() {
    log.seal();
    return place(log);
  }
  // The log is sealed and audited, grows, and is sealed and audited from there on.
  template <class Grow>
  AuditReport resumed_after(const Grow& grow) {
    const std::string state =
        ::testing::TempDir() + "audit-" + to_hex(random_fixed<Nonce>().view());
    const auto audit_sealed = [&] {
      log.seal();
      const Files files = log.files();
      AuditPlan plan = plan_for(files);
      plan.state_file = state;
      return audited(plan);
    };
    EXPECT_EQ(place(audit_sealed()), "clean");
    grow();
    auto report = audit_sealed();
    std::remove(state.c_str());
    return report;
  }
  // Replayed, and every row of the store compared with what the replay makes.
  std::string place_beside(const Store& store) {
    const auto replay = Replay::open({});
    EXPECT_TRUE(replay);
    const Files files = log.files();
    AuditPlan plan = plan_for(files);
    plan.replay = replay->get();
    plan.store = &store.latest();
    plan.store_leaves = log.leaves.size();
    return place(audited(plan));
  }

  LogMaker log;
};

}  // namespace suyuan::testing
