// Makes a lot with any number of units, each created by an event of its own. A recall finds all of
// them, and the row size is known.
#pragma once

#include "bench/generator.h"

namespace suyuan::bench {

struct LotPlan {
  size_t units = 0;
  size_t batch = 256;        // events in each batch
  size_t payload_bytes = 0;  // of each unit's event, within one word; 0: no padding
  bool packed = true;        // in cases of 64 that go to a shop
  int64_t start_ms = 0;
  ReceiptRow receipt_row = {};
};

struct MadeLot {
  std::string code;
  size_t events = 0;
  uint64_t payload_bytes = 0;  // of all events
};

// Requires: `store` holds a ledger whose authority "registrar" has this key, and no such lot yet.
MadeLot make_lot(Store& store, KeyPair registrar, const LotPlan& plan);

}  // namespace suyuan::bench
