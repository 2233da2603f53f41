// Judges a log's leaves again, each at its own position, as the node that ordered them did. For
// taking over a log that this node did not order: another node's (node/peers/log_sync.h), or one in
// files (node/backup/rebuild.h).
#pragma once

#include <optional>
#include <vector>

#include "ledger/apply/apply.h"
#include "ledger/apply/seal.h"
#include "ledger/crypto/key_file.h"

namespace suyuan {

// The destination, and what each kind of takeover does in its own way.
class LogReplayHost {
 public:
  virtual ~LogReplayHost() = default;
  // The state after everything that was put.
  virtual const Reader& state() const = 0;
  // What verify() leaves to the reader of a log: signatures and sections.
  virtual Result<Done> check(uint64_t leaf, const SignedNote& note,
                             const VerifiedBatch& batch) = 0;
  // The root of the chain map that this seal must name.
  virtual Result<Hash> map_root(const SealText& seal) = 0;
  // A group that was rebuilt, with its receipt's row: the leaves from `first` on.
  virtual Result<Done> put(uint64_t first, Applied applied) = 0;
  // Makes the error for a wrong leaf.
  virtual Unexpected<Error> wrong(uint64_t leaf, const Error& why) const = 0;
};

class LogReplay {
 public:
  // `head`: of the host's state, or of nothing. `node`: acknowledges each group; null: nobody does.
  // All must outlive it.
  LogReplay(LogReplayHost& host, LedgerHead head, const NamedKeyPair* node)
      : host_(host), head_(std::move(head)), node_(node) {}

  // `batch`: the content of a leaf of that kind. Batches of one log time are applied together, so a
  // later call may report an error of an earlier one. Errors: the host's, IO, CORRUPT.
  Result<Done> take(const Leaf& leaf, std::optional<DecodedBatch> batch);
  // Puts everything that was taken.
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
