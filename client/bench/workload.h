// What the bench posts: events that commission single units, signed before any clock starts.
#pragma once

#include <string>
#include <vector>

#include "client/trust.h"
#include "ledger/batch/sign.h"
#include "ledger/crypto/key_file.h"

namespace suyuan {

// Returns the bench party's product. The GTIN follows from the party id, so two parties never share
// one.
std::string bench_gtin(std::string_view party);

struct WorkloadPlan {
  size_t batches = 0;
  size_t batch = 1;  // events in each batch
  int64_t event_time_ms = 0;
  int64_t until_ms = 0;
};

// Signs on all cores. Serial numbers are random, so two runs do not collide.
// Errors: TOO_LARGE (a batch has more events than fit).
Result<std::vector<Submission>> make_workload(const PinnedLedger& ledger, const NamedKeyPair& key,
                                              const WorkloadPlan& plan);

}  // namespace suyuan
