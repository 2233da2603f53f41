// Renders an audit's report, for people and for programs.
#pragma once

#include "client/audit/audit_log.h"
#include "client/render/paper.h"

namespace suyuan {

// Facts that are not in the report.
struct AuditSource {
  std::string name;  // as the user gave it
  std::string state_file = {};
  bool pinned = false;  // the ledger is pinned by a genesis leaf or by a policy that names one
  bool node_folder = false;
  uint64_t later = 0;  // leaves after the checkpoint, in a node's folder
};

// What must not be concluded from the report: a code for programs, a sentence for people.
struct NotChecked {
  std::string_view code;
  std::string text;
};
std::vector<NotChecked> not_checked(const AuditReport& report, const AuditSource& source,
                                    Lang lang);

std::string render_audit(const AuditReport& report, const AuditSource& source, const Style& style);
std::string audit_json(const AuditReport& report, const AuditSource& source);

}  // namespace suyuan
