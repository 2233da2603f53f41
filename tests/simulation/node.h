// A node of the simulation: the real pipeline, core and map, on a store, a log and a publisher that
// move one step at a time and can die at each step.
#pragma once

#include <memory>
#include <optional>

#include "ledger/proof/watermark_file.h"
#include "ledger/store/memory_store.h"
#include "node/pipeline/map_keeper.h"
#include "node/pipeline/pipeline.h"
#include "tests/simulation/log.h"
#include "tests/simulation/mutant.h"

namespace suyuan::sim {

// What survives a crash.
struct NodeDisk {
  NodeDisk();
  MemoryStore rows;
  Bytes watermark;  // the two marks, as in their files
  Bytes acknowledged;
  Bytes acknowledged_synced;  // what a power cut leaves of it
};

// What happens at the next commit.
enum class AtCommit : uint8_t { nothing, dies_before, dies_after, fails_lost, fails_stored };

class SimStore final : public Store {
 public:
  SimStore(NodeDisk& disk, Mutant mutant, bool victim);
  std::unique_ptr<Reader> snapshot() const override { return disk_.rows.snapshot(); }
  const Reader& latest() const override;
  Result<Done> commit(const Changes& changes) override;

  void plan(AtCommit next) { next_ = next; }
  bool is_dead() const { return dead_; }
  bool has_failed() const { return failed_; }  // a commit failed since the store was opened
  // Of the mutant that publishes too early: called before the commit of a seal.
  std::function<void(const LedgerHead&)> on_sealing;
  // Of the mutant whose commits are not synced: removes what a crash loses.
  void lose_unsynced();

 private:
  Changes mutated(const Changes& changes) const;
  void write(const Changes& changes);

  NodeDisk& disk_;
  const Mutant mutant_;
  const bool victim_;  // the node that makes the mistake, if only one does
  std::unique_ptr<Reader> mistaken_;
  AtCommit next_ = AtCommit::nothing;
  bool dead_ = false;
  bool failed_ = false;
  std::vector<Changes> unsynced_;  // undo records, newest first
  uint64_t commits_ = 0;
};

struct CheckpointNote {
  TreeHead tree;
  std::string note;
};

class SimNode {
 public:
  struct Events {
    // Called when a sender's answer leaves the node.
    std::function<void(size_t batch, const Results<BatchReceipt>&)> on_answer;
    std::function<void(const CheckpointNote&)> on_published;
  };
  SimNode(size_t number, Log* log, Mutant mutant, Events events);
  ~SimNode();

  // Returns empty if the node is up, otherwise why the store is refused, as node/folder/opening.cc
  // judges it.
  std::string start();
  // `power`: a power cut, which also loses what was not synced.
  void crash(bool power);
  bool is_up() const { return life_ != nullptr; }
  bool is_dead() const;  // it died in a commit; crash() takes it down
  NodeDisk& disk() { return disk_; }
  SimOrder& order();
  SimStore& store();
  bool takes_batches() const;
  size_t number() const { return number_; }

  void submit(size_t batch);
  void order_seal();
  bool has_publication() const;
  void publish_step();

 private:
  struct Life;
  std::string check_store() const;
  void mark(Bytes& file, const TreeHead& tree) const;
  Result<Done> on_committed(const TreeHead& tree);
  void resume();
  void on_sealed(const Sealed& sealed);

  const size_t number_;
  Log* const log_;
  const Mutant mutant_;
  const Events events_;
  NodeDisk disk_;
  std::unique_ptr<Life> life_;
};

}  // namespace suyuan::sim
