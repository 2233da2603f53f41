// What the bench posts: commissionings of single units, signed before any clock starts.
#pragma once

#include <string>
#include <vector>

#include "client/trust.h"
#include "ledger/batch/sign.h"
#include "ledger/crypto/key_file.h"

namespace suyuan {

// The bench party's own product: its GTIN follows from the party id, so that two parties never
// share one.
std::string bench_gtin(std::string_view party);

struct WorkloadPlan {
  size_t batches = 0;
  size_t batch = 1;  // events in each
  int64_t event_time_ms = 0;
  int64_t until_ms = 0;
};

// On all cores. Every serial number is new: chance keeps two runs apart. TOO_LARGE where a batch
// has more events than fit.
Result<std::vector<Submission>> make_workload(const PinnedLedger& ledger, const NamedKeyPair& key,
                                              const WorkloadPlan& plan);

}  // namespace suyuan
