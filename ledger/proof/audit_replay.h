// The sequential half of the audit: checks each leaf after the leaves before it, in log order: log
// time, the registry with its keys and delegations, repeated batches, chains, seals, the tree.
//
// Memory: the rows of codes and their map (AuditHeads), of batches (about 50 bytes each) and of the
// registry, as far as bound_memory() keeps them in memory; plus 50 bytes for each erasure. Nothing
// else grows with the log.
#pragma once

#include <memory>

#include "ledger/apply/registry_cache.h"
#include "ledger/proof/audit_heads.h"
#include "ledger/proof/audit_leaf.h"
#include "ledger/proof/audit_tree.h"
#include "ledger/proof/shelved_store.h"

namespace suyuan {

struct AuditedBatch {
  Hash key;  // batch id
  uint64_t leaf = 0;
};

// A signing key that an act declared suspect. People must judge its earlier signatures.
struct SuspectKey {
  std::string party;
  PublicKey key;
  uint64_t from = 0;  // first suspect leaf
};

// The bound on everything that grows with the log. 1/8 is for the registry, 1/4 for the map's upper
// levels (AuditHeads::bound_map), 1/8 for what is not folded into the map yet. Rows of codes and
// batches have the remaining half, and what the others leave unused. The registry and the rows go
// to the shelf beyond their share.
struct AuditMemory {
  RowShelf* shelf = nullptr;  // null: everything stays in memory
  size_t bytes_max = SIZE_MAX;
};

class AuditReplay {
 public:
  AuditReplay();

  // Takes the next leaf and appends its signatures to `tasks`, even if the leaf has a later fault;
  // their runner reports the fault that comes_before(). Takes nothing more after a fault.
  // Requires: the result of audit_leaf for leaf size().
  AuditResult<Done> take(AuditedLeaf leaf, std::vector<SignatureTask>& tasks);
  // Call after the last leaf: checks that all of it is what the checkpoint says.
  AuditResult<Done> finish(const TreeHead& signed_head) const;

  // Call now and then between two leaves. An error is the shelf's, or a fault of this program.
  Result<Done> bound_memory(const AuditMemory& memory);

  uint64_t size() const { return tree_.size(); }
  AuditTree& tree() { return tree_; }
  const AuditTree& tree() const { return tree_; }
  const AuditHeads& heads() const { return heads_; }
  const ShelvedRows<AuditedBatch>& batches() const { return batches_; }
  const LedgerId& ledger() const { return ledger_; }
  const std::optional<Genesis>& genesis() const { return genesis_; }
  int64_t time_ms() const { return time_ms_; }    // log time of the last leaf
  std::optional<uint64_t> seal() const { return seal_; }  // leaf of the last seal
  AuditCounts counts() const;
  Result<std::vector<SuspectKey>> suspects() const;
  Result<uint64_t> parties() const;
  // Returns the current size of what bound_memory() bounds.
  size_t memory_bytes() const;
  bool registry_on_shelf() const { return registry_->on_shelf(); }

 private:
  friend class AuditState;  // saves and restores all of it

  AuditResult<Done> take_genesis(AuditedLeaf& leaf);
  AuditResult<Done> take_batch(AuditedLeaf& leaf, std::vector<SignatureTask>& tasks);
  AuditResult<Done> take_seal(const AuditedLeaf& leaf);
  AuditResult<Done> take_notice(AuditedLeaf& leaf, std::vector<SignatureTask>& tasks);
  AuditResult<Done> take_once(const Hash& id);
  AuditResult<Done> take_rules(const SignedNotice& notice, int64_t time_ms);
  AuditResult<Done> may_erase(const EraseNotice& erase, const NoticeTarget& target);
  AuditResult<std::vector<PublicKey>> keys_of_lines(const SignedNote& note);
  AuditResult<std::vector<PublicKey>> keys_of(const AuditedLeaf& leaf);
  AuditResult<Done> take_acts(const AuditedLeaf& leaf);
  void take_links(const AuditedLeaf& leaf);
  void commit_registry(const Changes& changes);
  Result<Done> shelve_if_many(const AuditMemory& memory);
  size_t rows_bytes() const;

  Unexpected<AuditFault> fault(AuditCheck check, std::string message, std::string field = {}) const;

  LedgerId ledger_;
  std::optional<Genesis> genesis_;
  std::unique_ptr<ShelvedStore> registry_;
  std::unique_ptr<RegistryCache> cache_;  // over registry_
  AuditTree tree_;
  AuditHeads heads_;
  ShelvedRows<AuditedBatch> batches_;  // batches and notices, by their ids
  ShelvedRows<AuditedBatch> erased_;   // by H(erased_key()): leaf of the notice
  std::optional<uint64_t> seal_;
  int64_t time_ms_ = 0;
  bool last_is_seal_ = false;
  AuditCounts counts_;
};

}  // namespace suyuan
