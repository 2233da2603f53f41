// A lot of as many single things as are wanted, each brought into being by an event of its own:
// what a recall finds, and rows whose size is known.
#pragma once

#include "bench/generator.h"

namespace suyuan::bench {

struct LotPlan {
  size_t units = 0;
  size_t batch = 256;        // events in each batch
  size_t payload_bytes = 0;  // of each unit's event, within a word; 0: whatever it has
  bool packed = true;        // in cases of 64 that are handed to a shop
  int64_t start_ms = 0;
  ReceiptRow receipt_row = {};
};

struct MadeLot {
  std::string code;
  size_t events = 0;
  uint64_t payload_bytes = 0;  // of all events
};

// `store` holds a ledger whose authority "registrar" has this key, and no such lot yet.
MadeLot make_lot(Store& store, KeyPair registrar, const LotPlan& plan);

}  // namespace suyuan::bench
