// Generates a ledger of a given size directly in a store: shipments, with each party's events in
// signed batches.
#pragma once

#include <string>
#include <vector>

#include "bench/posting.h"

namespace suyuan::bench {

struct GeneratorPlan {
  size_t events = 0;     // at least; only whole shipments are made
  int64_t start_ms = 0;  // of the first event; the last is at most kGeneratedMs later
  ReceiptRow receipt_row = {};
};
inline constexpr int64_t kGeneratedMs = int64_t{28} * 24 * 3600 * 1000;

struct Generated {
  size_t events = 0;
  std::vector<std::string> cans;  // every unit's code, in log order
};

// The result follows from the plan, except for what comes from `registrar`.
// Requires: `store` holds a ledger whose authority "registrar" has this key.
Generated generate(Store& store, KeyPair registrar, const GeneratorPlan& plan);

}  // namespace suyuan::bench
