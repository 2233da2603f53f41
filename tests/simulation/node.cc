#include "tests/simulation/node.h"

#include <future>

#include "ledger/apply/head_rows.h"
#include "ledger/apply/log_reader.h"
#include "ledger/apply/right_edge.h"
#include "ledger/apply/seal.h"
#include "ledger/crypto/hash.h"
#include "ledger/merkle/frontier.h"
#include "ledger/proof/checkpoint.h"
#include "node/pipeline/order_place.h"
#include "tests/simulation/input.h"

namespace suyuan::sim {
namespace {

constexpr size_t kVictim = 1;  // the node that makes mistakes that one node makes

// One thread for all nodes: whoever posts to it waits until it has done, so that a run is the same
// every time. Counters that nobody reads.
Workers& workers() {
  static Workers kWorkers(1, 16);
  return kWorkers;
}
Metrics& metrics() {
  static Metrics kMetrics;
  return kMetrics;
}

// Knows no batch that came before, or does not see the first of all codes.
class Mistaken final : public Reader {
 public:
  Mistaken(const Reader& reader, Mutant mutant) : reader_(reader), mutant_(mutant) {
    for (const auto& row : input().rows) {
      if (row.table == Table::head && (hidden_.empty() || row.key < hidden_)) hidden_ = row.key;
    }
  }
  Result<std::optional<Bytes>> get(Table table, BytesView key) const override {
    if (mutant_ == Mutant::forgets_duplicates && table == Table::batch)
      return std::optional<Bytes>{};
    return reader_.get(table, key);
  }
  Result<Done> scan(Table table, BytesView from, BytesView to, Direction direction,
                    const RowVisitor& visit) const override {
    return reader_.scan(table, from, to, direction, [&](BytesView key, BytesView value) {
      const bool hides = mutant_ == Mutant::seals_without_a_code && table == Table::head;
      return (hides && key == hidden_) || visit(key, value);
    });
  }

 private:
  const Reader& reader_;
  const Mutant mutant_;
  Bytes hidden_;
};

std::string signed_note(const TreeHead& tree) {
  return sign_checkpoint({.origin = input().ledger.origin, .head = tree}, the_key().secret,
                         the_key().key);
}

Bytes first_mark(const Reader& rows, bool empty) {
  const auto head = read_head(rows).value();
  const TreeRows tree(rows);
  Mark mark{.epoch = 0, .tree = {.size = 0, .root = sha256("")}};
  if (!empty) mark.tree = {.size = head.leaves,
                           .root = root_of(TiledNodes(tree), head.leaves).value()};
  Bytes file = encode_mark(mark);
  file.resize(kMarkFileBytes, '\0');
  return file;
}

}  // namespace

NodeDisk::NodeDisk() {
  SUYUAN_CHECK(rows.commit(input().rows).has_value());
  SUYUAN_CHECK(
      rows.commit({order_place_row(place_of_ledger(rows.latest()).value())}).has_value());
  watermark = first_mark(rows.latest(), true);
  acknowledged = acknowledged_synced = first_mark(rows.latest(), false);
}

SimStore::SimStore(NodeDisk& disk, Mutant mutant, bool victim)
    : disk_(disk), mutant_(mutant), victim_(victim) {
  const bool misreads =
      mutant_ == Mutant::forgets_duplicates || mutant_ == Mutant::seals_without_a_code;
  if (misreads && victim_) mistaken_ = std::make_unique<Mistaken>(disk_.rows.latest(), mutant_);
}

const Reader& SimStore::latest() const {
  return mistaken_ ? *mistaken_ : disk_.rows.latest();
}

Result<Done> SimStore::commit(const Changes& changes) {
  const AtCommit now = std::exchange(next_, AtCommit::nothing);
  if (dead_) return fail(Code::IO, "the node is dead");
  const Changes rows = mutated(changes);
  if (on_sealing) {
    for (const auto& row : rows) {
      if (row.table != Table::meta || row.key != kLedgerKey) continue;
      const auto head = decode<LedgerHead>(*row.value).value();
      if (head.seal != 0 && head.seal + 1 == head.leaves) on_sealing(head);
    }
  }
  switch (now) {
    case AtCommit::nothing: break;
    case AtCommit::dies_before:
      dead_ = true;
      return fail(Code::IO, "the node dies before the commit");
    case AtCommit::dies_after:
      dead_ = true;
      if (mutant_ == Mutant::writes_half_a_commit) {
        const auto half = static_cast<std::ptrdiff_t>(rows.size() / 2);
        write({rows.begin(), rows.begin() + half});
      } else {
        write(rows);
      }
      return fail(Code::IO, "the node dies after the commit");
    case AtCommit::fails_lost:
    case AtCommit::fails_stored:
      if (mutant_ == Mutant::believes_a_retried_commit) return Done{};
      // After the first failure the store refuses by itself, until it is opened again.
      if (std::exchange(failed_, true)) break;
      disk_.rows.fail_next_commit(now == AtCommit::fails_lost ? MemoryStore::Outcome::lost
                                                              : MemoryStore::Outcome::stored);
      return disk_.rows.commit(rows);
  }
  if (mutant_ == Mutant::acknowledges_before_sync) {
    Changes undo;
    for (const auto& change : rows) {
      undo.push_back(
          {change.table, change.key, disk_.rows.latest().get(change.table, change.key).value()});
    }
    if (++commits_ % 4 == 0) unsynced_.clear();
    unsynced_.push_back(std::move(undo));
  }
  return disk_.rows.commit(rows);
}

Changes SimStore::mutated(const Changes& changes) const {
  Changes rows = changes;
  if (!victim_) return rows;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    if (mutant_ == Mutant::drops_the_last_link && row->table == Table::chain) {
      rows.erase(std::next(row).base());
      break;
    }
    if (mutant_ == Mutant::changes_a_payload && row->table == Table::payload && row->value) {
      row->value->back() = static_cast<char>(row->value->back() ^ 1);
      break;
    }
  }
  return rows;
}

void SimStore::write(const Changes& changes) {
  disk_.rows.reopen();  // what is written here is written by the disk, not by the node
  disk_.rows.commit(changes).value();
}

void SimStore::lose_unsynced() {
  for (auto undo = unsynced_.rbegin(); undo != unsynced_.rend(); ++undo) write(*undo);
}

struct SimNode::Life {
  Life(SimNode& node, ChainMap made)
      : store(node.disk_, node.mutant_, node.number_ == kVictim || node.log_ == nullptr),
        signer(input().ledger, {.name = "node-1", .pair = key_from_seed(Hash{}.view())}),
        map(std::move(made)),
        order(node.log_, node.number_),
        pipeline({.store = store,
                  .order = order,
                  .workers = workers(),
                  .metrics = metrics(),
                  .signer = signer},
                 map,
                 {.on_committed = [&node](const TreeHead& tree) { return node.on_committed(tree); },
                  .on_sealed = [&node](const Sealed& sealed) { node.on_sealed(sealed); }},
                 {}) {
    order.decode_with([this](BytesView bytes) { return pipeline.decode_proposal(bytes); });
  }
  SimStore store;
  ReceiptSigner signer;
  MapKeeper map;
  SimOrder order;
  Pipeline pipeline;
  std::optional<CheckpointNote> publishing;
  int step = 0;
};

SimNode::SimNode(size_t number, Log* log, Mutant mutant, Events events)
    : number_(number), log_(log), mutant_(mutant), events_(std::move(events)) {}
SimNode::~SimNode() = default;

SimOrder& SimNode::order() { return life_->order; }
SimStore& SimNode::store() { return life_->store; }
bool SimNode::is_dead() const { return life_ && life_->store.is_dead(); }
bool SimNode::takes_batches() const {
  return life_ && !life_->order.is_poisoned() && life_->pipeline.read_only_reason().empty();
}

// As open_folder and open_state do.
std::string SimNode::check_store() const {
  const Reader& rows = disk_.rows.latest();
  if (mutant_ != Mutant::ignores_the_marks) {
    for (const Bytes* file : {&disk_.watermark, &disk_.acknowledged}) {
      const auto newest = newest_mark(*file);
      if (!newest) return "no mark can be read";
      // What it lost of a shared log comes from there.
      const bool awaited = log_ != nullptr && file == &disk_.acknowledged;
      if (awaited && read_head(rows).value().leaves < newest->mark.tree.size) continue;
      const auto holds = check_watermark(newest->mark, rows);
      if (!holds) return to_text(holds.error());
    }
  }
  const auto edge = check_right_edge(rows);
  return edge ? std::string() : to_text(edge.error());
}

std::string SimNode::start() {
  disk_.rows.reopen();
  if (auto why = check_store(); !why.empty()) return why;
  auto map = ChainMap::build(HeadRows(disk_.rows.latest()));
  if (!map) return to_text(map.error());
  const auto head = read_head(disk_.rows.latest()).value();
  if (head.seal != 0 && head.seal + 1 == head.leaves) {
    const auto seal = read_seal(disk_.rows.latest(), input().ledger, head.seal);
    if (!seal || seal->map != map->root()) return "the chains are not those of the last seal";
  }
  life_ = std::make_unique<Life>(*this, *std::move(map));
  if (mutant_ == Mutant::publishes_before_sealing) {
    life_->store.on_sealing = [this](const LedgerHead& sealed) {
      const auto edge = Frontier::decode(sealed.frontier);
      const TreeHead tree{.size = sealed.leaves, .root = edge->root()};
      events_.on_published({.tree = tree, .note = signed_note(tree)});
    };
  }
  life_->order.reverses = mutant_ == Mutant::orders_otherwise && number_ == kVictim;
  life_->order.skew_ms = mutant_ == Mutant::takes_its_own_time && number_ == kVictim ? 3000 : 0;
  life_->order.skips_first = mutant_ == Mutant::leaves_a_group_out && number_ == kVictim;
  // What is served from now on must be there at the next start too, whatever a power cut took of
  // the mark.
  const TreeRows rows(disk_.rows.latest());
  const auto raised = on_committed(
      {.size = head.leaves, .root = root_of(TiledNodes(rows), head.leaves).value()});
  if (!raised) return to_text(raised.error());
  if (!life_->pipeline.start()) return "the pipeline does not start";
  resume();
  return {};
}

// As Node::Parts::resume: the store's last checkpoint again, or the seal that has none.
void SimNode::resume() {
  const auto head = read_head(disk_.rows.latest()).value();
  if (head.seal == 0 || head.seal + 1 != head.leaves) return;
  const auto row = find_checkpoint(disk_.rows.latest(), head.leaves);
  const TreeRows rows(disk_.rows.latest());
  const TreeHead tree{.size = head.leaves,
                      .root = root_of(TiledNodes(rows), head.leaves).value()};
  if (row && *row) return events_.on_published({.tree = tree, .note = **row});
  life_->publishing = CheckpointNote{.tree = tree, .note = {}};
}

void SimNode::crash(bool power) {
  if (life_ && power) life_->store.lose_unsynced();
  life_.reset();
  if (power) {
    disk_.acknowledged = disk_.acknowledged_synced;
  } else {
    disk_.acknowledged_synced = disk_.acknowledged;
  }
}

void SimNode::submit(size_t batch) {
  // A mutant that says so as soon as it has asked: its receipt proves nothing yet.
  const bool early = mutant_ == Mutant::acknowledges_before_append;
  life_->pipeline.submit(input().batches[batch].submission,
                         [this, batch, early](const Results<BatchReceipt>& answer) {
                           if (!early || !answer) events_.on_answer(batch, answer);
                         });
  const auto done = std::make_shared<std::promise<void>>();
  SUYUAN_CHECK(workers().post([done] { done->set_value(); }));
  done->get_future().wait();
  if (early && life_->order.has_waiting()) events_.on_answer(batch, BatchReceipt{});
}

// As node/ops/acknowledged.cc: what was awaited is held against the mark once it is there.
Result<Done> SimNode::on_committed(const TreeHead& tree) {
  if (mutant_ == Mutant::marks_nothing_acknowledged) return Done{};
  const auto newest = newest_mark(disk_.acknowledged);
  SUYUAN_CHECK(newest);
  if (tree.size < newest->mark.tree.size) return Done{};
  if (mutant_ != Mutant::ignores_the_marks)
    SUYUAN_TRY_DONE(check_watermark(newest->mark, disk_.rows.latest()));
  mark(disk_.acknowledged, tree);
  return Done{};
}

void SimNode::order_seal() { static_cast<void>(life_->pipeline.order_seal()); }

void SimNode::on_sealed(const Sealed& sealed) {
  life_->publishing =
      CheckpointNote{.tree = {.size = sealed.head.leaves, .root = sealed.root}, .note = {}};
  life_->step = 0;
}

bool SimNode::has_publication() const { return life_ && life_->publishing.has_value(); }

// In the other slot, as node/ops/watermark.cc does.
void SimNode::mark(Bytes& file, const TreeHead& tree) const {
  const auto newest = newest_mark(file);
  SUYUAN_CHECK(newest);
  if (tree.size <= newest->mark.tree.size) return;
  const size_t slot = (newest->slot + 1) % kMarkSlots;
  const Bytes bytes = encode_mark({.epoch = newest->mark.epoch + 1, .tree = tree});
  file.replace(slot * kMarkSlotStride, bytes.size(), bytes);
}

// As Publisher::take: the watermark, then the signature, then the row, then everybody.
void SimNode::publish_step() {
  auto& coming = *life_->publishing;
  switch (life_->step++) {
    case 0:
      if (mutant_ != Mutant::signs_without_a_mark) mark(disk_.watermark, coming.tree);
      return;
    case 1:
      coming.note = signed_note(coming.tree);
      return;
    case 2:
      if (const auto kept = life_->store.commit({{.table = Table::checkpoint,
                                                  .key = u64_key(coming.tree.size),
                                                  .value = coming.note}});
          !kept) {
        life_->pipeline.report_fault(kept.error());
        life_->publishing.reset();
      }
      return;
    default:
      events_.on_published(coming);
      life_->publishing.reset();
      life_->step = 0;
  }
}

}  // namespace suyuan::sim
