// A log's leaves judged once more, each at its own place, as the node judged them that ordered
// them. For whoever takes over a log that it did not order: another node's (node/peers/log_sync.h),
// or one that lies in files (node/backup/rebuild.h).
#pragma once

#include <optional>
#include <vector>

#include "ledger/apply/apply.h"
#include "ledger/apply/seal.h"
#include "ledger/crypto/key_file.h"

namespace suyuan {

// Where it goes, and what each that takes a log over sees to in its own way.
class LogReplayHost {
 public:
  virtual ~LogReplayHost() = default;
  // As of all that was put.
  virtual const Reader& state() const = 0;
  // What verify() leaves to whoever reads a log: signatures; and sections.
  virtual Result<Done> check(uint64_t leaf, const SignedNote& note,
                             const VerifiedBatch& batch) = 0;
  // Of the chain map that this seal is to name.
  virtual Result<Hash> map_root(const SealText& seal) = 0;
  // A group that was made again, with its receipt's row: the leaves from `first` on.
  virtual Result<Done> put(uint64_t first, Applied applied) = 0;
  // As it tells what is wrong with a leaf.
  virtual Unexpected<Error> wrong(uint64_t leaf, const Error& why) const = 0;
};

class LogReplay {
 public:
  // `head`: of the host's state, or of nothing. `node`: who acknowledges each group; null: nobody.
  // All outlive it.
  LogReplay(LogReplayHost& host, LedgerHead head, const NamedKeyPair* node)
      : host_(host), head_(std::move(head)), node_(node) {}

  // `batch`: what a leaf of that kind holds. Batches of one log time go on together, a later call
  // may tell of an earlier one. What the host answers; IO, CORRUPT.
  Result<Done> take(const Leaf& leaf, std::optional<DecodedBatch> batch);
  // All that was taken is put.
  Result<Done> finish();

  uint64_t next() const { return head_.leaves + group_.size(); }  // leaf
  const LedgerHead& head() const { return head_; }                // of what was put
  const Hash& root() const { return root_; }

 private:
  LedgerId ledger() const { return {.origin = head_.origin, .genesis = head_.genesis}; }
  Result<Done> take_batch(const Leaf& leaf, DecodedBatch batch);
  Result<Done> take_seal(const Leaf& leaf);
  Result<Done> take_notice(const Leaf& leaf);
  Result<Done> check_verdicts(const Applied& applied) const;
  Result<Done> put(Applied applied);
  Result<Done> put_acknowledged(Applied applied);

  LogReplayHost& host_;
  LedgerHead head_;
  Hash root_;
  const NamedKeyPair* node_;
  std::vector<VerifiedBatch> group_;  // of one log time, not yet put
  size_t group_events_ = 0;
  size_t group_weight_ = 0;
  int64_t group_ms_ = 0;
};

}  // namespace suyuan
