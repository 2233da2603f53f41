// A ledger in memory that seals and publishes its contents: checkpoints by its log key, cosigned by
// the witnesses "a", "b", "c" with fixed keys; bundles as of the last checkpoint.
#pragma once

#include <memory>
#include <string>

#include "ledger/merkle/chain_map.h"
#include "ledger/merkle/proof.h"
#include "ledger/proof/bundle.h"
#include "ledger/proof/cosignature.h"
#include "ledger/proof/make_bundle.h"
#include "ledger/proof/policy.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::testing {

KeyPair witness_key(char name);
std::string witness_name(char name);

// Takes everything that is signed as values, so a test can sign what no honest log would.
std::string checkpoint_note(const std::string& origin, const TreeHead& tree, const KeyPair& log,
                            const std::string& witnesses, int64_t cosigned_ms);

class ProvenLedger : public LedgerBuilder {
 public:
  ProvenLedger() : ProvenLedger({}, 1) {}
  ProvenLedger(const Words& more_authorities, uint64_t quorum);

  // Seals at the ledger's clock; the named witnesses cosign in that second.
  void seal(const std::string& witnesses = "abc");
  // Cosigns the checkpoint of the last seal with other witnesses, at another time.
  void cosign_again(const std::string& witnesses, int64_t at_ms);
  int64_t sealed_ms() const { return sealed_ms_; }
  const TreeHead& tree() const { return tree_; }
  const Reader& sealed_state() const { return *sealed_; }

  // Makes a bundle as of the last seal.
  Bundle bundle(std::string_view code) const;
  Result<Bundle> try_bundle(std::string_view code, const BundleRoom& room = {}) const;

  // Returns a policy of the log, the witnesses a to c (two required, "a" as replayer) and this
  // genesis.
  Policy policy() const;

 private:
  std::unique_ptr<Reader> sealed_;
  ChainMap map_;
  TreeHead tree_;
  int64_t sealed_ms_ = 0;
  std::string checkpoint_;
};

}  // namespace suyuan::testing
