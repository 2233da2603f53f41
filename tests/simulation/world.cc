#include "tests/simulation/world.h"

#include <algorithm>
#include <map>
#include <random>

#include "ledger/apply/log_reader.h"
#include "ledger/batch/receipt.h"
#include "node/pipeline/order_place.h"
#include "tests/simulation/input.h"
#include "tests/simulation/node.h"
#include "tests/support/stored_log.h"

namespace suyuan::sim {
namespace {

using testing::check_log;
using testing::StoredLog;

constexpr size_t kSteps = 110;
constexpr size_t kBatchesPerRun = 12;
constexpr size_t kSettlingRounds = 200;

struct Acknowledged {
  size_t node;
  uint64_t size;  // of the tree that the receipt names
};

// A copy of a node's disk at an earlier time.
struct OlderCopy {
  Changes rows;
  Bytes acknowledged;  // the acknowledged mark
};

class World {
 public:
  World(uint64_t seed, Mutant mutant);
  History run();

 private:
  // Steps. Each does nothing if it is not possible now.
  void step();
  void send_request();
  void deliver_request();
  void send_to_log(SimNode& node);
  void crash(SimNode& node);
  void plan_commit(SimNode& node);
  void roll_back(SimNode& node);
  void keep_copy(SimNode& node);
  void start(SimNode& node);
  void settle();

  // Invariants.
  void on_answer(SimNode& node, size_t batch, const Results<BatchReceipt>& answer);
  void on_published(SimNode& node, const CheckpointNote& checkpoint);
  void look(SimNode& node);
  void check_promises(SimNode& node, const StoredLog& found);
  void check_published(SimNode& node);
  void check_end();
  void wrong(const std::string& what);

  bool chance(uint64_t percent) { return random_() % 100 < percent; }
  SimNode& any_node() { return *nodes_[random_() % nodes_.size()]; }
  bool is_alone() const { return log_ == nullptr; }

  std::mt19937_64 random_;
  const Mutant mutant_;
  History run_;
  std::unique_ptr<Log> log_;  // null: a single node, alone
  std::vector<std::unique_ptr<SimNode>> nodes_;
  std::vector<size_t> batches_;                      // of this run
  std::vector<std::pair<size_t, size_t>> requests_;  // in the network: batch, node
  std::map<size_t, Acknowledged> acknowledged_;
  std::map<size_t, bool> settled_;  // batches whose sender need not ask again
  std::map<uint64_t, Hash> roots_;  // by size, for each size that any node had
  std::map<uint64_t, CheckpointNote> published_;
  std::map<std::pair<size_t, uint64_t>, bool> published_by_;
  std::vector<uint64_t> looked_at_;  // leaves of each node when it was last inspected
  std::vector<bool> cut_off_;        // cut off from the log
  std::map<size_t, OlderCopy> copies_;
  bool faults_ = true;
  int64_t now_ms_ = 0;
};

Changes rows_of(const Reader& reader) {
  Changes rows;
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    reader
        .scan(table, {}, {}, Direction::ascending,
              [&](BytesView key, BytesView value) {
                rows.push_back({table, Bytes(key), Bytes(value)});
                return true;
              })
        .value();
  }
  return rows;
}

void replace_rows(MemoryStore& store, const Changes& rows) {
  Changes all;
  for (auto& row : rows_of(store.latest())) all.push_back({row.table, row.key, std::nullopt});
  all.insert(all.end(), rows.begin(), rows.end());
  store.reopen();
  store.commit(all).value();
}

World::World(uint64_t seed, Mutant mutant) : random_(seed), mutant_(mutant) {
  const size_t count = chance(35) ? 1 : 3;
  if (count > 1) log_ = std::make_unique<Log>();
  for (size_t i = 0; i < count; ++i) {
    nodes_.push_back(std::make_unique<SimNode>(
        i, log_.get(), mutant,
        SimNode::Events{
            .on_answer = [this, i](size_t batch,
                                   const auto& answer) { on_answer(*nodes_[i], batch, answer); },
            .on_published = [this, i](const auto& note) { on_published(*nodes_[i], note); }}));
    looked_at_.push_back(0);
    cut_off_.push_back(false);
  }
  now_ms_ = read_head(nodes_[0]->disk().rows.latest()).value().time_ms + 1000;
  if (log_) log_->base = *read_order_place(nodes_[0]->disk().rows.latest()).value();
  for (size_t i = 0; i < kBatchesPerRun; ++i)
    batches_.push_back(random_() % input().batches.size());
  for (auto& node : nodes_) start(*node);
}

std::string name_of(const SimNode& node) { return "node " + std::to_string(node.number()) + ": "; }

void World::wrong(const std::string& what) {
  if (run_.wrong.empty()) run_.wrong = "step " + std::to_string(run_.steps) + ": " + what;
}

History World::run() {
  while (run_.steps < kSteps && run_.wrong.empty()) step();
  if (run_.wrong.empty()) settle();
  if (run_.wrong.empty()) check_end();
  run_.acknowledged = acknowledged_.size();
  run_.published = published_.size();
  return run_;
}

void World::step() {
  ++run_.steps;
  now_ms_ += static_cast<int64_t>(random_() % 200);
  SimNode& node = any_node();
  if (!node.is_up()) {
    if (chance(40)) start(node);
  } else {
    const uint64_t what = random_() % 100;
    if (what < 20) send_request();
    else if (what < 45) deliver_request();
    else if (what < 60) send_to_log(node);
    else if (what < 72 && log_ && !cut_off_[node.number()]) node.order().deliver();
    else if (what < 79) node.order_seal();
    else if (what < 88 && node.has_publication()) node.publish_step();
    else if (what < 91) plan_commit(node);
    else if (what < 93 && log_) cut_off_[node.number()] = !cut_off_[node.number()];
    else if (what < 95) keep_copy(node);
    else if (what < 99) crash(node);
  }
  for (auto& one : nodes_) {
    if (one->is_dead()) crash(*one);
    look(*one);
  }
}

// A client sends a batch: new or sent before, once or twice, or to nobody.
void World::send_request() {
  const size_t batch = batches_[random_() % batches_.size()];
  const std::pair request{batch, random_() % nodes_.size()};
  if (faults_ && chance(15)) return;
  requests_.push_back(request);
  if (faults_ && chance(15)) requests_.push_back(request);
}

// In any order.
void World::deliver_request() {
  if (requests_.empty()) return;
  const size_t at = random_() % requests_.size();
  const auto [batch, number] = requests_[at];
  requests_.erase(requests_.begin() + static_cast<std::ptrdiff_t>(at));
  SimNode& node = *nodes_[number];
  if (node.is_up() && !node.is_dead()) node.submit(batch);
}

void World::send_to_log(SimNode& node) {
  if (!node.order().has_waiting()) return;
  Sent sent = Sent::known;
  if (faults_ && (cut_off_[node.number()] || chance(15)))
    sent = chance(50) ? Sent::lost : Sent::unknown;
  // Clocks of nodes differ.
  const auto skew = static_cast<int64_t>(random_() % 2000) - 1000;
  node.order().send(1 + random_() % 4, now_ms_ + skew, sent);
}

void World::plan_commit(SimNode& node) {
  constexpr AtCommit kPlans[] = {AtCommit::dies_before, AtCommit::dies_after, AtCommit::fails_lost,
                                 AtCommit::fails_stored};
  node.store().plan(kPlans[random_() % 4]);
}

void World::keep_copy(SimNode& node) {
  if (copies_.contains(node.number())) return;
  copies_[node.number()] = {.rows = rows_of(node.disk().rows.latest()),
                            .acknowledged = node.disk().acknowledged};
}

void World::crash(SimNode& node) {
  if (!node.is_up()) return;
  ++run_.crashes;
  if (node.is_dead()) ++run_.in_commit;
  if (node.store().has_failed()) ++run_.failed_commits;
  const bool older = copies_.contains(node.number()) && chance(30);
  node.crash(!older && chance(50));
  if (older) roll_back(node);
}

// An administrator restores an older copy of the store, sometimes with the acknowledged mark of
// that time. Either the node refuses it and gets the newest one again, or nothing that was promised
// is missing in it. A node that stands alone and lost that mark too cannot know what it
// acknowledged, but it knows what it signed.
void World::roll_back(SimNode& node) {
  NodeDisk& disk = node.disk();
  const OlderCopy newest{.rows = rows_of(disk.rows.latest()), .acknowledged = disk.acknowledged};
  const OlderCopy older = copies_.extract(node.number()).mapped();
  const bool with_mark = chance(40);
  replace_rows(disk.rows, older.rows);
  if (with_mark) disk.acknowledged = disk.acknowledged_synced = older.acknowledged;
  looked_at_[node.number()] = 0;
  if (node.start().empty()) {
    if (!with_mark || !is_alone()) return look(node);
    check_published(node);
    node.crash(false);
  } else {
    ++run_.rolled_back;
  }
  replace_rows(disk.rows, newest.rows);
  disk.acknowledged = disk.acknowledged_synced = newest.acknowledged;
}

void World::start(SimNode& node) {
  const std::string why = node.start();
  if (!why.empty())
    return wrong("node " + std::to_string(node.number()) + " does not start: " + why);
  looked_at_[node.number()] = 0;
  look(node);
}

void World::on_answer(SimNode& node, size_t batch, const Results<BatchReceipt>& answer) {
  if (node.is_dead()) return;  // a dead node says nothing
  if (!answer) {
    const Code code = answer.error().front().code;
    if (!info(code).refusal || code == Code::BUSY || code == Code::READ_ONLY ||
        code == Code::STOPPING) {
      return;
    }
    ++run_.refused;
    settled_[batch] = true;
    return;
  }
  if (answer->repeated) ++run_.repeated;
  if (answer->note.empty()) {  // of the mutant that answers before it knows
    acknowledged_[batch] = {.node = node.number(), .size = ~uint64_t{0}};
    settled_[batch] = true;
    return;
  }
  const auto receipt = parse_receipt(answer->note, answer->leaf, answer->path);
  if (!receipt) return wrong("a receipt that proves nothing");
  const uint64_t size = receipt->text.size;
  const auto root = roots_.try_emplace(size, receipt->text.root).first->second;
  if (root != receipt->text.root) return wrong("a receipt of another tree");
  acknowledged_[batch] = {.node = node.number(), .size = size};
  settled_[batch] = true;
  const auto row = node.disk().rows.latest().get(Table::batch, input().batches[batch].id.view());
  if (!row || !*row) wrong("acknowledged, and not in the store");
}

void World::on_published(SimNode& node, const CheckpointNote& checkpoint) {
  if (node.is_dead()) return;
  const auto [kept, is_new] = published_.try_emplace(checkpoint.tree.size, checkpoint);
  if (kept->second.tree != checkpoint.tree) return wrong("two checkpoints of one size");
  if (!is_new && kept->second.note != checkpoint.note) return wrong("a checkpoint in other bytes");
  published_by_[{node.number(), checkpoint.tree.size}] = true;
}

// Inspects the node's store whenever it has changed.
void World::look(SimNode& node) {
  // After a failed commit, nobody learns what the store holds until a restart.
  if (!node.is_up() || node.is_dead() || !node.takes_batches()) return;
  const Reader& rows = node.disk().rows.latest();
  const auto head = read_head(rows);
  if (!head) return wrong("no head");
  if (head->leaves == looked_at_[node.number()]) return;
  looked_at_[node.number()] = head->leaves;
  const StoredLog found = check_log(rows);
  const std::string who = name_of(node);
  if (!found.wrong.empty()) return wrong(who + found.wrong);
  const auto root = roots_.try_emplace(found.leaves, found.root).first->second;
  if (root != found.root) return wrong(who + "another tree than others of this size");
  check_promises(node, found);
}

void World::check_promises(SimNode& node, const StoredLog& found) {
  const std::string who = name_of(node);
  for (const auto& [batch, promise] : acknowledged_) {
    // A node that shares its log may have come back older: it continues from the log.
    const bool must = is_alone() || found.leaves >= promise.size;
    if (must && !found.batches.contains(input().batches[batch].id))
      return wrong(who + "an acknowledged batch is lost");
  }
  check_published(node);
}

void World::check_published(SimNode& node) {
  const std::string who = name_of(node);
  const uint64_t leaves = read_head(node.disk().rows.latest()).value().leaves;
  const TreeRows rows(node.disk().rows.latest());
  for (const auto& [size, checkpoint] : published_) {
    if (size > leaves) {
      if (published_by_.contains({node.number(), size}))
        return wrong(who + "a published checkpoint is withdrawn");
      continue;
    }
    const auto root = root_of(TiledNodes(rows), size);
    if (!root || *root != checkpoint.tree.root)
      return wrong(who + "a published checkpoint is of another tree");
  }
}

// All faults end: every sender gets its answer, and all nodes hold the same.
void World::settle() {
  faults_ = false;
  requests_.clear();
  for (auto& node : nodes_) {
    if (node->is_up() && !node->takes_batches()) crash(*node);
    if (!node->is_up() && run_.wrong.empty()) start(*node);
  }
  for (size_t round = 0; round < kSettlingRounds && run_.wrong.empty(); ++round) {
    bool busy = false;
    for (auto& node : nodes_) {
      if (!node->is_up()) return wrong("a node stays down");
      node->store().plan(AtCommit::nothing);
      if (node->order().has_waiting()) node->order().send(3, now_ms_, Sent::known), busy = true;
      while (node->order().is_behind() && node->takes_batches())
        node->order().deliver(), busy = true;
      if (!node->takes_batches()) return wrong("a node takes nothing though all is well");
      while (node->has_publication()) node->publish_step(), busy = true;
      look(*node);
    }
    if (busy) continue;
    const auto open = std::find_if(batches_.begin(), batches_.end(),
                                   [&](size_t batch) { return !settled_.contains(batch); });
    if (open != batches_.end()) {
      nodes_[random_() % nodes_.size()]->submit(*open);
      continue;
    }
    nodes_[0]->order_seal();
    if (round + 8 < kSettlingRounds) round = kSettlingRounds - 8;  // run the last seal to its end
  }
}

void World::check_end() {
  for (const size_t batch : batches_) {
    if (!settled_.contains(batch)) return wrong("a sender gets no answer though all is well");
  }
  if (published_.empty()) return wrong("no checkpoint though all is well");
  const StoredLog first = check_log(nodes_[0]->disk().rows.latest());
  run_.last_root = first.root.view();
  for (auto& node : nodes_) {
    const StoredLog found = check_log(node->disk().rows.latest());
    if (!found.wrong.empty()) return wrong(found.wrong);
    if (found.root != first.root || found.leaves != first.leaves)
      return wrong("nodes end with different trees");
    for (const auto& [batch, promise] : acknowledged_) {
      if (!found.batches.contains(input().batches[batch].id))
        return wrong("an acknowledged batch is missing at the end");
    }
  }
}

}  // namespace

History simulate(uint64_t seed, Mutant mutant) { return World(seed, mutant).run(); }

}  // namespace suyuan::sim
