// Published: the newest checkpoint and everything that proofs against it need. All proofs (bundles,
// tiles, consistency) read only from here, so that all are as of that checkpoint.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "ledger/merkle/chain_map.h"
#include "ledger/merkle/proof.h"
#include "ledger/store/schema.h"

namespace suyuan {

// Never changed once it is made. A prover takes a shared_ptr and holds it for one answer: its
// snapshot keeps old rows alive, so nobody keeps it for long.
struct Published {
  LedgerHead head;         // as of the seal; head.leaves is the checkpoint's size
  TreeHead tree;           // size and root that the checkpoint names; the last leaf is the seal
  std::string checkpoint;  // the signed note with its cosignatures: the same bytes for all
  // The rows as of the seal. Shared with the publisher's next state while the answer is made.
  std::shared_ptr<const Reader> state;
  ChainMap map;            // proves with HeadRows(*state)
  int64_t at_ms = 0;       // the node's clock when it was published; not part of any proof

  uint64_t size() const { return tree.size; }
  uint64_t seal() const { return tree.size - 1; }  // the seal's leaf
  int64_t time_ms() const { return head.time_ms; }  // log time of the seal
};

// The rows of a signed tree: of the published one, or of the next, which witnesses are asked to
// cosign. Witnesses that read every leaf before they cosign (replayers) find its files here.
struct SignedTree {
  uint64_t size = 0;
  std::shared_ptr<const Reader> state;  // shared with the publisher while an answer is made
};

// Where the newest one is. Thread-safe.
class PublishedState {
 public:
  // Null before the first one.
  std::shared_ptr<const Published> get() const {
    const std::scoped_lock lock(mutex_);
    return newest_;
  }
  void set(std::shared_ptr<const Published> newest) {
    const std::scoped_lock lock(mutex_);
    newest_.swap(newest);
    coming_ = {};
  }
  // REQUIRES: one is published, or is about to be.
  SignedTree signed_tree() const {
    const std::scoped_lock lock(mutex_);
    if (coming_.state != nullptr) return coming_;
    return {.size = newest_->size(), .state = newest_->state};
  }
  // Of the next one, until set().
  void set_coming(SignedTree coming) {
    const std::scoped_lock lock(mutex_);
    coming_ = std::move(coming);
  }

 private:
  mutable std::mutex mutex_;  // guards the pointers, while they are copied
  std::shared_ptr<const Published> newest_;
  SignedTree coming_;
};

}  // namespace suyuan
