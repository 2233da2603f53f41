// In a file of its own: a test program that plays the next release brings its own.
#include "ledger/registry/rules_notice.h"

namespace suyuan {

uint64_t rules_known() { return 1; }

}  // namespace suyuan
