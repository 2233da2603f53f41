// In a file of its own, like ledger/registry/rules_known.cc: the test program for the next release
// brings its own.
#include "ledger/apply/admission.h"

namespace suyuan {

Result<Done> check_later_rules(uint64_t, const BatchNote&) { return Done{}; }

}  // namespace suyuan
