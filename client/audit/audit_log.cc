// The steps of an audit: trust anchors, leaves, what the checkpoint says about all leaves, the rows
// of a store.
#include "client/audit/audit_log.h"

#include <algorithm>
#include <deque>

#include "client/audit/audit_range.h"
#include "client/audit/pool.h"
#include "client/audit/state_file.h"
#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/merkle/tree.h"

namespace suyuan {
namespace {

// An audit ends with a finding, or because it cannot continue.
class Auditor {
 public:
  explicit Auditor(const AuditPlan& plan)
      : plan_(plan),
        reader_(plan.open),
        shelf_(plan.held != nullptr ? plan.held->shelf : own_.shelf),
        replay_(plan.held != nullptr ? plan.held->replay : own_.replay),
        pool_(plan.jobs) {}
  Result<AuditReport> run();

 private:
  using Range = std::future<AuditedRange>;
  using Signed = std::future<std::optional<AuditFault>>;

  // Each returns whether to continue; if not, it has recorded the fault.
  Result<bool> open_checkpoint();
  Result<bool> resume();
  Result<bool> take_leaves();
  Result<bool> take_range(AuditedRange range);
  Result<bool> take_leaf(AuditedLeaf leaf, std::vector<SignatureTask>& tasks);
  bool genesis_fits();
  Result<bool> end_log();
  Result<bool> holds(const TreeHead& mark, std::string_view file, const std::string& what);
  Result<bool> compare_store();

  void start_ranges();
  void start_signatures(std::vector<SignatureTask> tasks);
  void await_signatures(size_t left);
  Result<Done> save_if_due();
  void tell(AuditFault fault) {
    if (!report_.fault || comes_before(fault, *report_.fault)) report_.fault = std::move(fault);
  }
  template <class T>
  bool passed(AuditResult<T> result) {
    if (!result) tell(std::move(result).error());
    return result.has_value();
  }

  const AuditPlan& plan_;
  AuditReader reader_;
  AuditHeld own_;
  FileShelf& shelf_;
  const AuditMemory memory_{.shelf = &shelf_, .bytes_max = plan_.memory_bytes_max};
  AuditReport report_;
  Policy policy_;
  AcceptedCheckpoint accepted_;
  AuditReplay& replay_;
  uint64_t next_ = 0;   // first leaf for which no range was started
  uint64_t saved_ = 0;  // leaves since the last save
  std::deque<Range> ranges_;
  std::deque<Signed> signed_;
  Pool pool_;  // last: its threads end before what they read
};

Result<bool> Auditor::open_checkpoint() {
  report_.checkpoint = plan_.checkpoint;
  if (report_.checkpoint.empty()) {
    SUYUAN_TRY(note, reader_.file("checkpoint"));
    report_.checkpoint = std::move(note);
  }
  report_.policy_given = plan_.policy.has_value();
  if (plan_.policy) {
    policy_ = *plan_.policy;
  } else {
    // The size is required to ask for leaf 0, and leaf 0 for the key that signed the size.
    const auto split = split_note(report_.checkpoint);
    const auto claimed = split ? parse_checkpoint(split->text) : Result<Checkpoint>(Checkpoint{});
    Tile first{.index = 0, .width = 1};
    if (claimed) first.width = std::max(1U, tile_width(claimed->head.size, std::nullopt, 0));
    const auto bundle = reader_.tile(first);
    if (!bundle && !is_finding(bundle.error())) return Unexpected(bundle.error());
    const auto entries = bundle ? decode_entries(*bundle, first.width)
                                : Result<std::vector<BytesView>>(Unexpected(bundle.error()));
    if (!entries) {
      tell(missing_file(write_tile_path(first), entries.error(), 0));
      return false;
    }
    auto policy = policy_of_genesis(entries->front());
    if (!policy) {
      tell(std::move(policy).error());
      return false;
    }
    policy_ = *std::move(policy);
  }
  auto accepted = audit_checkpoint(report_.checkpoint, policy_);
  if (!accepted) {
    tell(std::move(accepted).error());
    return false;
  }
  accepted_ = *std::move(accepted);
  report_.head = accepted_.opened.checkpoint.head;
  const auto& witnessed = accepted_.witnessed;
  report_.as_of_s = witnessed.as_of_s;
  report_.replayer = witnessed.replayed;
  for (const auto& time : witnessed.times_s) report_.witnesses += time ? 1U : 0U;
  reader_.set_size(report_.head.size);
  return true;
}

Result<bool> Auditor::resume() {
  if (plan_.held != nullptr && replay_.size() > 0) {
    report_.resumed_from = next_ = saved_ = replay_.size();
    return true;
  }
  if (plan_.state_file.empty()) return true;
  auto saved = load_audit(plan_.state_file, memory_);
  if (!saved && saved.error().code == Code::NOT_FOUND) return true;
  if (!saved) return Unexpected(std::move(saved).error());
  const auto& known = policy_.genesis;
  const LedgerId& ledger = saved->replay.ledger();
  if (ledger.origin != accepted_.opened.checkpoint.origin ||
      (!known.empty() && std::ranges::find(known, ledger.genesis) == known.end())) {
    return fail(Code::LEDGER_MISMATCH, plan_.state_file + " is an audit of another ledger, " +
                                           ledger.line() + "; name another file");
  }
  replay_ = std::move(saved->replay);
  if (!passed(audit_genesis(*replay_.genesis(), replay_.ledger(), accepted_, policy_)))
    return false;
  report_.resumed_from = next_ = saved_ = replay_.size();
  if (replay_.size() <= report_.head.size) return true;
  tell({.check = AuditCheck::ROOT_DIFFERS,
        .message = "an earlier audit verified " + std::to_string(replay_.size()) +
                   " leaves, this checkpoint is of " + std::to_string(report_.head.size) +
                   ": the log was rolled back, or the source is an older copy",
        .file = "checkpoint"});
  return false;
}

void Auditor::start_ranges() {
  const uint64_t size = report_.head.size;
  const auto keep = plan_.replay == nullptr ? KeepEvents::no : KeepEvents::yes;
  const uint64_t leaves = plan_.replay == nullptr ? kRangeLeaves : kReplayRangeLeaves;
  while (next_ < size && ranges_.size() < 2 * plan_.jobs + 2) {
    const LeafRange range{.first = next_, .end = std::min(size, (next_ / leaves + 1) * leaves)};
    ranges_.push_back(pool_.give([this, range, size, keep] {
      return audit_range(reader_, size, range, plan_.decode, keep);
    }));
    next_ = range.end;
  }
}

void Auditor::start_signatures(std::vector<SignatureTask> tasks) {
  if (tasks.empty()) return;
  signed_.push_back(pool_.give([tasks = std::move(tasks)]() -> std::optional<AuditFault> {
    for (const auto& task : tasks) {
      auto checked = audit_signatures(task);
      if (!checked) return std::move(checked).error();
    }
    return std::nullopt;
  }));
}

// Waits until at most `left` tasks are in progress.
void Auditor::await_signatures(size_t left) {
  while (signed_.size() > left) {
    if (auto fault = signed_.front().get()) tell(*std::move(fault));
    signed_.pop_front();
  }
}

Result<Done> Auditor::save_if_due() {
  if (plan_.state_file.empty() || replay_.size() - saved_ < plan_.save_every) return Done{};
  await_signatures(0);
  if (report_.fault) return Done{};
  saved_ = replay_.size();
  if (plan_.replay != nullptr) SUYUAN_TRY_DONE(plan_.replay->flush());
  return save_audit(plan_.state_file, {}, replay_);
}

// Takes one leaf: checks it against the earlier leaves and, if requested, by the ledger's rules.
Result<bool> Auditor::take_leaf(AuditedLeaf leaf, std::vector<SignatureTask>& tasks) {
  const uint64_t index = replay_.size();
  const auto take = [&] {
    return passed(replay_.take(std::move(leaf), tasks)) && (index != 0 || genesis_fits());
  };
  if (plan_.replay == nullptr) return take();
  LoggedBatch batch = std::move(leaf.batch);
  const AuditedLeaf kept{.hash = leaf.hash,
                         .kind = leaf.kind,
                         .time_ms = leaf.time_ms,
                         .genesis = leaf.genesis,
                         .seal = leaf.seal,
                         .notice = leaf.notice,
                         .withheld = leaf.withheld,
                         .erased = leaf.erased};
  if (!take()) return false;
  SUYUAN_TRY(judged,
             plan_.replay->take(index, kept, std::move(batch), replay_.tree().root()));
  return passed(judged);
}

bool Auditor::genesis_fits() {
  return passed(audit_genesis(*replay_.genesis(), replay_.ledger(), accepted_, policy_));
}

Result<bool> Auditor::take_range(AuditedRange range) {
  // A log that is read again later resumes from the same place, with nothing half done.
  if (range.error && plan_.held != nullptr) return Unexpected(*std::move(range.error));
  std::vector<SignatureTask> tasks;
  for (auto& leaf : range.leaves) {
    const bool sealed = leaf.kind == LeafKind::seal;
    SUYUAN_TRY(good, take_leaf(std::move(leaf), tasks));
    if (!good) break;
    if (!sealed) continue;
    start_signatures(std::exchange(tasks, {}));
    SUYUAN_TRY_DONE(save_if_due());
  }
  start_signatures(std::move(tasks));
  if (report_.fault) return false;
  if (range.error) return Unexpected(*std::move(range.error));
  if (range.fault) tell(*std::move(range.fault));
  if (range.doubt) tell(judge_doubt(*range.doubt, report_.head, reader_));
  for (const auto& [tile, bytes] : range.above) {
    if (report_.fault) break;
    const auto doubt = replay_.tree().compare(tile, bytes);
    if (!doubt) {
      tell(missing_file(write_tile_path(tile), doubt.error(), replay_.size() - 1));
    } else if (*doubt) {
      tell(judge_doubt(**doubt, report_.head, reader_));
    }
  }
  return !report_.fault;
}

Result<bool> Auditor::take_leaves() {
  for (;;) {
    start_ranges();
    if (ranges_.empty()) break;
    AuditedRange range = ranges_.front().get();
    ranges_.pop_front();
    SUYUAN_TRY_DONE(replay_.bound_memory(memory_));
    start_ranges();
    auto going_on = take_range(std::move(range));
    await_signatures(going_on && *going_on ? plan_.jobs + 2 : 0);
    if (report_.fault) break;  // even if the source failed after it
    if (!going_on) return going_on;
    if (plan_.progress) plan_.progress(replay_.size(), report_.head.size);
  }
  await_signatures(0);
  return !report_.fault;
}

Result<bool> Auditor::end_log() {
  if (!passed(replay_.finish(report_.head))) return false;
  return passed(audit_seal_time(replay_.time_ms(), accepted_));
}

// The root of the store's first `size` leaves: by its tree as far as that was audited, from there
// on by the leaves themselves.
Result<Hash> store_root(const Reader& store, uint64_t audited, uint64_t size) {
  const TreeRows rows(store);
  if (size <= audited) return root_of(TiledNodes(rows), size);
  SUYUAN_TRY(edge, Frontier::read(TiledNodes(rows), audited));
  auto add = [&edge](BytesView key, BytesView leaf) {
    if (key != u64_key(edge.size())) return false;
    edge.append(leaf_hash(leaf));
    return true;
  };
  SUYUAN_TRY_DONE(store.scan(Table::leaf, u64_key(audited), u64_key(size), Direction::ascending,
                             add));
  if (edge.size() == size) return edge.root();
  return fail(Code::CORRUPT, "the store lacks leaf " + std::to_string(edge.size()));
}

// A mark may be of a tree after the newest checkpoint: a node that is killed may have written down
// what it signed or acknowledged, and not yet stored the checkpoint. So it is looked up in the
// store's own tree.
Result<bool> Auditor::holds(const TreeHead& mark, std::string_view file, const std::string& what) {
  SUYUAN_TRY(head, read_head(*plan_.store));
  AuditFault fault{.check = AuditCheck::WATERMARK, .file = std::string(file)};
  if (mark.size > head.leaves) {
    fault.message = what + " for " + std::to_string(mark.size) + " leaves; the store ends at " +
                    std::to_string(head.leaves) +
                    ": it was rolled back, or its newest writes were lost";
    tell(std::move(fault));
    return false;
  }
  const auto root = store_root(*plan_.store, report_.head.size, mark.size);
  if (!root && !is_finding(root.error())) return Unexpected(root.error());
  if (root && *root == mark.root) return true;
  fault.message = "the first " + std::to_string(mark.size) +
                  " leaves of the store are not those that " + what + " for";
  tell(std::move(fault));
  return false;
}

Result<bool> Auditor::compare_store() {
  if (plan_.watermark && plan_.store != nullptr) {
    SUYUAN_TRY(held, holds(*plan_.watermark, "watermark", "a checkpoint was signed"));
    if (!held) return false;
  }
  if (plan_.acknowledged && plan_.store != nullptr) {
    SUYUAN_TRY(held, holds(*plan_.acknowledged, "acknowledged", "receipts were given"));
    if (!held) return false;
  }
  if (plan_.scrub) {
    const auto scrubbed = plan_.scrub();
    if (!scrubbed && !is_finding(scrubbed.error())) return Unexpected(scrubbed.error());
    if (!scrubbed) {
      tell({.check = AuditCheck::STORE_DAMAGED,
            .message = scrubbed.error().message,
            .file = "store"});
      return false;
    }
  }
  if (plan_.store == nullptr) return true;
  std::deque<std::future<Result<AuditResult<StoreRowsSeen>>>> parts;
  for (unsigned byte = 0; byte < 256; ++byte) {
    parts.push_back(pool_.give([this, byte] {
      return audit_chain_rows(*plan_.store, replay_, static_cast<uint8_t>(byte));
    }));
  }
  StoreRowsSeen seen;
  for (auto& part : parts) {
    SUYUAN_TRY(answer, part.get());
    if (!passed(answer)) return false;
    seen.links += answer->links;
    seen.codes += answer->codes;
    seen.later += answer->later;
  }
  SUYUAN_TRY(batches, audit_batch_rows(*plan_.store, replay_));
  report_.store = seen;
  if (!passed(batches)) return false;
  if (plan_.replay == nullptr) return true;
  const bool whole = plan_.store_leaves == report_.head.size;
  SUYUAN_TRY(derived, plan_.replay->compare(*plan_.store, report_.head.size, whole));
  return passed(derived);
}

Result<AuditReport> Auditor::run() {
  using Step = Result<bool> (Auditor::*)();
  for (const Step step : {&Auditor::open_checkpoint, &Auditor::resume, &Auditor::take_leaves,
                          &Auditor::end_log, &Auditor::compare_store}) {
    const auto going_on = (this->*step)();
    if (!going_on) {
      // What was read before the source failed may be wrong nevertheless.
      await_signatures(0);
      if (!report_.fault) return Unexpected(going_on.error());
    }
    if (!going_on || !*going_on) break;
  }
  report_.ledger = replay_.ledger();
  report_.counts = replay_.counts();
  report_.sealed_ms = replay_.time_ms();
  report_.bytes_read = reader_.bytes();
  report_.rows_in_memory = replay_.heads().in_memory() + replay_.batches().in_memory();
  report_.memory_bytes = replay_.memory_bytes();
  report_.registry_on_shelf = replay_.registry_on_shelf();
  if (plan_.replay != nullptr) report_.replay = plan_.replay->seen();
  if (plan_.held != nullptr) return std::move(report_);
  SUYUAN_TRY(suspects, replay_.suspects());
  report_.suspects = std::move(suspects);
  SUYUAN_TRY(parties, replay_.parties());
  report_.parties = parties;
  if (report_.fault) return std::move(report_);
  if (plan_.replay != nullptr) SUYUAN_TRY_DONE(plan_.replay->flush());
  if (!plan_.state_file.empty())
    SUYUAN_TRY_DONE(save_audit(plan_.state_file, report_.checkpoint, replay_));
  return std::move(report_);
}

}  // namespace

Result<AuditReport> audit_log(const AuditPlan& plan) { return Auditor(plan).run(); }

}  // namespace suyuan
