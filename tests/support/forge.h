// An operator who holds the log's key and can write anything: a whole small log as values, from
// which the operator makes the tree, the chains, the map, the seal, the checkpoint and a bundle.
#pragma once

#include <functional>

#include "ledger/apply/seal.h"
#include "ledger/batch/notice.h"
#include "ledger/proof/bundle.h"
#include "tests/support/proven_ledger.h"

namespace suyuan::testing {

struct ForgedEvent {
  Bytes record;
  std::optional<BundlePayload> payload;
};

struct ForgedLeaf {
  LeafKind kind = LeafKind::batch;
  int64_t time_ms = 0;
  std::string text;
  std::vector<ForgedEvent> events = {};
  std::optional<Place> linked = {};  // of a notice: it adds a link to the chains of this event
  Bytes data() const { return write_leaf(kind, time_ms, text); }
};

class Forge {
 public:
  // Copies everything that the honest ledger sealed, except its last seal.
  explicit Forge(const ProvenLedger& ledger);

  std::vector<ForgedLeaf> leaves;  // genesis first
  std::string witnesses = "abc";
  int64_t sealed_ms = 0;
  int64_t cosigned_ms = 0;
  std::string log_name;
  std::function<void(SealText&)> edit_seal = {};
  std::function<void(std::string&)> edit_seal_text = {};
  std::function<void(std::vector<MapEntry>&)> edit_map = {};

  LedgerId id() const;
  // Returns every leaf hash, the seal's last.
  std::vector<Hash> leaf_hashes() const;
  // Includes every event, the chain of every code that a payload names, and of every code of the
  // reach.
  Bundle make(std::string_view code) const;

  // Signer of a leaf with one batch. `key` indexes LedgerBuilder::keys.
  struct By {
    std::string party;
    uint32_t key = 0;
    std::string for_party = {};  // signs as its gateway
    std::vector<By> with = {};   // co-signers: party and key
  };
  ForgedLeaf batch(const By& by, const std::vector<EventValue>& events,
                   uint64_t until_ms = 4'000'000'000'000) const;

  ForgedLeaf notice(const EraseNotice& erase, const By& by) const;

  // Signs the leaf's own note again, over its current records.
  ForgedLeaf resigned(ForgedLeaf leaf, const By& by) const;

 private:
  Bytes seal_data() const;
  std::vector<MapEntry> heads() const;

  LedgerBuilder& keys_;
  mutable uint8_t nonce_ = 0;
};

// A map of rows in memory.
class Rows final : public MapRows {
 public:
  explicit Rows(std::vector<MapEntry> entries) : entries_(std::move(entries)) {}
  Result<Done> scan(const Hash& first, const Hash& last, const Visitor& visit) const override;

 private:
  std::vector<MapEntry> entries_;  // ascending
};

}  // namespace suyuan::testing
