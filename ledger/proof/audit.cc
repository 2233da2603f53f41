#include "ledger/proof/audit.h"

#include <array>

namespace suyuan {
namespace {

struct CheckText {
  std::string_view name;
  std::string_view rule;
};
constexpr std::array<CheckText, kAuditCheckCount> kChecks = {{
#define SUYUAN_X(name, rule) {#name, rule},
    SUYUAN_AUDIT_CHECKS(SUYUAN_X)
#undef SUYUAN_X
}};

// Faults without a leaf come before all leaves or after them.
uint64_t leaf_rank(const AuditFault& fault) {
  if (fault.leaf) return *fault.leaf;
  return fault.check <= AuditCheck::QUORUM_MISSING ? 0 : UINT64_MAX;
}

}  // namespace

std::string_view word(AuditCheck check) { return kChecks.at(static_cast<size_t>(check)).name; }
std::string_view rule(AuditCheck check) { return kChecks.at(static_cast<size_t>(check)).rule; }

bool comes_before(const AuditFault& a, const AuditFault& b) {
  if (leaf_rank(a) != leaf_rank(b)) return leaf_rank(a) < leaf_rank(b);
  if (a.check != b.check) return a.check < b.check;
  return a.event.value_or(0) < b.event.value_or(0);
}

}  // namespace suyuan
