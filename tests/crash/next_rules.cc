// Replaces ledger/registry/rules_known.cc and ledger/apply/later_rules.cc, as the next release's
// program would: rules 2, under which a batch has one event.
#include "ledger/apply/admission.h"
#include "ledger/registry/rules_notice.h"

namespace suyuan {

uint64_t rules_known() { return 2; }

Result<Done> check_later_rules(uint64_t version, const BatchNote& note) {
  if (version < 2 || note.events == 1) return Done{};
  return fail(Code::TOO_MANY, "rules 2: a batch has one event");
}

}  // namespace suyuan
