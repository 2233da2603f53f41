// Posts into a store without a node: signs, verifies, applies and commits batches, group by group.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ledger/apply/apply.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/registry/genesis.h"
#include "ledger/store/store.h"

namespace suyuan::bench {

inline constexpr std::string_view kRegistrar = "registrar";

// The parties' keys are derived from their names: a ledger made here protects nothing.
Hash bench_seed(std::string_view party);
KeyPair bench_key(std::string_view party);

// With the authority "registrar" and the node "node-1".
inline constexpr std::string_view kBenchLog = "the log";
inline constexpr std::string_view kBenchNode = "node-1";
Genesis bench_genesis();
void start_ledger(Store& store, int64_t time_ms);

// Makes the row with a group's receipt, as a node signs it. A store that a node will open requires
// it.
using ReceiptRow = std::function<Change(const LedgerHead&, const Hash& root)>;

class Posting {
 public:
  // `store` holds a ledger whose authority "registrar" has this key. It must outlive the posting.
  Posting(Store& store, KeyPair registrar, ReceiptRow receipt_row = {});

  void register_party(std::string_view id, Role role, int64_t time_ms);
  void register_product(const std::string& gtin, std::string_view owner, int64_t time_ms);

  Submission sign(std::string_view party, const std::vector<TraceEvent>& events);
  VerifiedBatch batch(std::string_view party, std::vector<TraceEvent> events);

  Applied apply_group(const std::vector<VerifiedBatch>& batches, int64_t time_ms) const;
  // Exits the program unless every batch was accepted without a finding.
  void commit(Applied applied);

  const Reader& state() const { return store_.latest(); }
  const LedgerId& id() const { return id_; }

 private:
  void act(const RegistryEvent& event, int64_t time_ms);

  Store& store_;
  ReceiptRow receipt_row_;
  std::map<std::string, KeyPair, std::less<>> keys_;
  LedgerId id_;
  uint64_t position_ = 0;
  uint64_t signed_ = 0;
};

}  // namespace suyuan::bench
