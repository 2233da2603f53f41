#include "node/backup/rebuild.h"

#include <deque>
#include <future>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/notice.h"
#include "ledger/apply/seal.h"
#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/proof/leaf_events.h"
#include "ledger/proof/tiles.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/attachment_room.h"
#include "node/map_keeper.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

constexpr uint64_t kChunkLeaves = 64;
constexpr size_t kGroupBatches = 256;
constexpr size_t kGroupEvents = 2048;
constexpr size_t kSignaturesTogether = 256;
constexpr size_t kSignatureTasksMax = 16;  // under way
constexpr size_t kRowsTogether = 10'000;
constexpr size_t kBytesTogether = size_t{32} << 20;

// A leaf as it was read, decoded as far as it can be by itself.
struct RebuildLeaf {
  Leaf leaf;
  std::optional<DecodedBatch> batch = {};
};
using RebuildChunk = std::vector<RebuildLeaf>;

Unexpected<Error> at_leaf(uint64_t leaf, Error error) {
  error.message = "leaf " + std::to_string(leaf) + ": " + error.message;
  return Unexpected(std::move(error));
}

Result<DecodedBatch> decode_logged(uint64_t leaf, const Leaf& parsed, BytesView file) {
  SUYUAN_TRY(events, decode_leaf_events(file));
  Submission submission{.note = parsed.text, .events = {}};
  submission.events.reserve(events.size());
  for (const LeafEvent& event : events) {
    if (event.state != PayloadState::open) {
      return fail(Code::NOT_FOUND, "leaf " + std::to_string(leaf) +
                                       " has payloads that are withheld or erased here, so its "
                                       "batch cannot be judged; take a log that its owner wrote "
                                       "(suyuan-node export --all)");
    }
    submission.events.push_back({.salt = event.salt, .payload = Bytes(event.payload)});
  }
  auto decoded = decode_batch(std::move(submission));
  if (decoded) return *std::move(decoded);
  return at_leaf(leaf, std::move(decoded).error().front());
}

// On any thread.
Result<RebuildChunk> read_chunk(const RebuildPlan& plan, uint64_t first, uint64_t end) {
  const auto log = plan.open();
  const uint64_t index = first / kTileWidth;
  const Tile bundle{.level = std::nullopt,
                    .index = index,
                    .width = tile_width(plan.head.size, std::nullopt, index)};
  SUYUAN_TRY(bytes, log->read(write_tile_path(bundle)));
  SUYUAN_TRY(entries, decode_entries(bytes, bundle.width));
  RebuildChunk chunk;
  for (uint64_t leaf = first; leaf < end; ++leaf) {
    auto parsed = parse_leaf(entries[leaf % kTileWidth]);
    if (!parsed) return at_leaf(leaf, std::move(parsed).error());
    RebuildLeaf one{.leaf = *std::move(parsed)};
    if (one.leaf.kind == LeafKind::batch) {
      SUYUAN_TRY(file, log->read(write_events_path(leaf)));
      SUYUAN_TRY(decoded, decode_logged(leaf, one.leaf, file));
      one.batch = std::move(decoded);
    }
    chunk.push_back(std::move(one));
  }
  return chunk;
}

// Signatures whose keys the registry gave, verified beside the work.
struct SignatureJob {
  uint64_t leaf = 0;
  SignedNote note;
  std::vector<UsedKey> keys;
};

Result<Done> verify_jobs(const std::vector<SignatureJob>& jobs) {
  for (const auto& job : jobs) {
    for (size_t i = 0; i < job.keys.size(); ++i) {
      if (verify_note_signature(job.note.text, job.note.signatures[i], job.keys[i].key)) continue;
      return at_leaf(job.leaf, {.code = Code::CORRUPT,
                                .message = "the signature of " + job.keys[i].party +
                                           " is not of its key over the batch"});
    }
  }
  return Done{};
}

class Rebuilder {
 public:
  Rebuilder(const RebuildPlan& plan, RocksStore& store) : plan_(plan), store_(store) {}
  Result<Rebuilt> run();

 private:
  Result<Done> take(RebuildLeaf leaf);
  Result<Done> take_batch(RebuildLeaf leaf);
  Result<Done> take_group();
  Result<Done> take_seal(const Leaf& leaf);
  Result<Done> take_notice(const Leaf& leaf);
  Result<Done> commit(Applied applied);
  Result<Done> give_signatures();
  Result<Done> end_signatures(size_t most);
  using MadeOf = std::function<std::optional<Change>(BytesView key, BytesView value)>;
  Result<Done> copy_rows(Table table, Bytes from, BytesView to, const MadeOf& made = {});
  Result<Done> note_absent();
  Result<Done> copy_what_no_log_has();
  Result<Done> check_end() const;

  const RebuildPlan& plan_;
  RocksStore& store_;
  LedgerHead head_;
  Hash root_;
  uint64_t next_ = 0;  // leaf
  std::optional<Hash> map_;  // that the last seal names
  std::vector<VerifiedBatch> group_;
  size_t group_events_ = 0;
  int64_t group_ms_ = 0;
  std::vector<SignatureJob> jobs_;
  std::deque<std::future<Result<Done>>> verifying_;
  Rebuilt done_;
};

Result<Done> Rebuilder::commit(Applied applied) {
  SUYUAN_TRY_DONE(store_.commit(applied.changes));
  head_ = std::move(applied.head);
  root_ = applied.root;
  return Done{};
}

Result<Done> Rebuilder::give_signatures() {
  if (jobs_.empty()) return Done{};
  SUYUAN_TRY_DONE(end_signatures(kSignatureTasksMax - 1));
  verifying_.push_back(std::async(std::launch::async, [jobs = std::move(jobs_)] {
    return verify_jobs(jobs);
  }));
  jobs_.clear();
  return Done{};
}

// Until at most so many are under way.
Result<Done> Rebuilder::end_signatures(size_t most) {
  while (verifying_.size() > most) {
    auto done = verifying_.front().get();
    verifying_.pop_front();
    SUYUAN_TRY_DONE(std::move(done));
  }
  return Done{};
}

Result<Done> Rebuilder::take_group() {
  if (group_.empty()) return Done{};
  Group group{.position = head_.position + 1, .time_ms = group_ms_, .batches = {}};
  for (const auto& batch : group_) group.batches.push_back(&batch);
  SUYUAN_TRY(applied, apply(store_.latest(), group));
  const uint64_t first = next_ - group_.size();
  for (size_t i = 0; i < applied.verdicts.size(); ++i) {
    if (std::holds_alternative<Accepted>(applied.verdicts[i])) continue;
    const auto* refused = std::get_if<Refused>(&applied.verdicts[i]);
    return at_leaf(first + i,
                   {.code = Code::CORRUPT,
                    .message = "the ledger's rules do not take this batch: " +
                               (refused != nullptr ? to_text(refused->errors.front())
                                                   : std::string("it is in the log twice"))});
  }
  done_.batches += group_.size();
  done_.events += group_events_;
  group_.clear();
  group_events_ = 0;
  if (plan_.signer != nullptr)
    applied.changes.push_back(plan_.signer->receipt_row(applied.head, applied.root));
  return commit(std::move(applied));
}

// Judged on the state before its group, as a node does: where that does not know the batch's keys
// yet, on the state right before it.
Result<Done> Rebuilder::take_batch(RebuildLeaf leaf) {
  const LedgerId ledger{.origin = head_.origin, .genesis = head_.genesis};
  const size_t events = leaf.batch->values.size();
  if (!group_.empty() && (leaf.leaf.time_ms != group_ms_ || group_.size() >= kGroupBatches ||
                          group_events_ + events > kGroupEvents)) {
    SUYUAN_TRY_DONE(take_group());
  }
  const bool alone = leaf.batch->note.batch.type == PayloadType::registry_capnp;
  if (alone) SUYUAN_TRY_DONE(take_group());
  const SignedNote note = leaf.batch->note.note;
  auto verified = verify(*std::move(leaf.batch), ledger, store_.latest(), BatchFrom::log);
  if (!verified) return at_leaf(next_, std::move(verified).error().front());
  jobs_.push_back({.leaf = next_, .note = note, .keys = verified->keys()});
  if (jobs_.size() >= kSignaturesTogether) SUYUAN_TRY_DONE(give_signatures());
  group_ms_ = leaf.leaf.time_ms;
  group_events_ += events;
  group_.push_back(*std::move(verified));
  ++next_;
  return alone ? take_group() : Result<Done>(Done{});
}

Result<Done> Rebuilder::take_seal(const Leaf& leaf) {
  SUYUAN_TRY_DONE(take_group());
  auto seal = parse_seal(leaf.text);
  if (!seal) return at_leaf(next_, std::move(seal).error());
  SUYUAN_TRY(applied, apply_seal(store_.latest(), head_.position + 1, leaf.time_ms, seal->map));
  map_ = seal->map;
  ++next_;
  return commit(std::move(applied));
}

Result<Done> Rebuilder::take_notice(const Leaf& leaf) {
  SUYUAN_TRY_DONE(take_group());
  const LedgerId ledger{.origin = head_.origin, .genesis = head_.genesis};
  auto verified = verify_notice(leaf.text, ledger, store_.latest());
  if (!verified) return at_leaf(next_, std::move(verified).error());
  SUYUAN_TRY(applied, apply_notice(store_.latest(), head_.position + 1, leaf.time_ms, *verified,
                                   decode_any_payload));
  if (!std::holds_alternative<Accepted>(applied.verdicts.front())) {
    const auto* refused = std::get_if<Refused>(&applied.verdicts.front());
    return at_leaf(next_, {.code = Code::CORRUPT,
                           .message = "the ledger's rules do not take this notice: " +
                                      (refused != nullptr ? to_text(refused->errors.front())
                                                          : std::string("it is there twice"))});
  }
  if (plan_.signer != nullptr)
    applied.changes.push_back(plan_.signer->receipt_row(applied.head, applied.root));
  ++next_;
  return commit(std::move(applied));
}

Result<Done> Rebuilder::take(RebuildLeaf leaf) {
  switch (leaf.leaf.kind) {
    case LeafKind::batch: return take_batch(std::move(leaf));
    case LeafKind::seal: return take_seal(leaf.leaf);
    case LeafKind::genesis: {
      if (next_ != 0) break;
      ++next_;
      SUYUAN_TRY(applied, apply_genesis(leaf.leaf.text, leaf.leaf.time_ms));
      return commit(std::move(applied));
    }
    case LeafKind::notice: return take_notice(leaf.leaf);
  }
  return at_leaf(next_, {.code = Code::CORRUPT, .message = "no leaf of this kind can stand here"});
}

// The original's rows from `from` to before `to` (empty: to the table's end), or what `made` makes
// of each.
Result<Done> Rebuilder::copy_rows(Table table, Bytes from, BytesView to, const MadeOf& made) {
  for (bool more = true; more;) {
    Changes rows;
    size_t bytes = 0;
    more = false;
    SUYUAN_TRY_DONE(plan_.original->scan(
        table, from, to, Direction::ascending, [&](BytesView key, BytesView value) {
          if (rows.size() == kRowsTogether || bytes > kBytesTogether) {
            from = Bytes(key);
            more = true;
            return false;
          }
          auto row = made ? made(key, value)
                          : std::optional(Change{table, Bytes(key), Bytes(value)});
          if (row) {
            bytes += row->value ? row->value->size() : 0;
            rows.push_back(*std::move(row));
          }
          return true;
        }));
    if (!rows.empty()) SUYUAN_TRY_DONE(store_.commit(rows));
  }
  return Done{};
}

// Sections that are missing, and no notice before the size says why: those that the original lacks
// too, and those that a later notice erased.
Result<Done> Rebuilder::note_absent() {
  const uint64_t size = plan_.head.size;
  const Bytes end = place_key({.leaf = size, .event = 0});
  SUYUAN_TRY_DONE(copy_rows(Table::meta, Bytes(kAbsentRows), Bytes(kAbsentRows) + end));
  const auto absent = [size](BytesView key, BytesView value) -> std::optional<Change> {
    uint64_t notice = 0;
    if (Decoder(value).get_u64(notice) && notice < size) return std::nullopt;
    return Change{Table::meta, Bytes(kAbsentRows) + Bytes(key.substr(kErasedRows.size())), Bytes()};
  };
  return copy_rows(Table::meta, Bytes(kErasedRows), Bytes(kErasedRows) + end, absent);
}

Result<Done> Rebuilder::copy_what_no_log_has() {
  const uint64_t size = plan_.head.size;
  SUYUAN_TRY_DONE(copy_rows(Table::section, {}, place_key({.leaf = size, .event = 0})));
  SUYUAN_TRY_DONE(note_absent());
  SUYUAN_TRY_DONE(copy_rows(Table::receipt, {}, u64_key(size + 1)));
  SUYUAN_TRY_DONE(copy_rows(Table::checkpoint, {}, u64_key(size + 1)));
  SUYUAN_TRY_DONE(copy_rows(Table::attachment, {}, {}));
  // And who has put how much of them.
  SUYUAN_TRY_DONE(copy_rows(Table::meta, Bytes(kAttachmentRows), after_prefix(kAttachmentRows)));
  const auto before = [size](BytesView key, BytesView value) -> std::optional<Change> {
    const auto batch = decode<StoredBatch>(value);
    if (!batch || batch->leaf >= size) return std::nullopt;
    return Change{Table::batch, Bytes(key), Bytes(value)};
  };
  return copy_rows(Table::batch, {}, {}, before);
}

Result<Done> Rebuilder::check_end() const {
  if (head_.leaves != plan_.head.size || root_ != plan_.head.root) {
    return fail(Code::CORRUPT, "the log's leaves hash to " + to_base64(root_.view()) +
                                   ", its checkpoint of " + std::to_string(plan_.head.size) +
                                   " leaves says " + to_base64(plan_.head.root.view()));
  }
  if (!map_ || head_.seal + 1 != head_.leaves)
    return fail(Code::CORRUPT, "the last leaf under a checkpoint is a seal, and here it is not");
  SUYUAN_TRY(map, build_map(store_.latest(), plan_.threads));
  if (map.root() == *map_) return Done{};
  return fail(Code::CORRUPT, "the chains of the log are not those that its last seal commits to");
}

Result<Rebuilt> Rebuilder::run() {
  if (auto head = read_head(store_.latest()); head) {
    head_ = *std::move(head);
    next_ = head_.leaves;
  }
  const uint64_t before = next_;
  const uint64_t end = plan_.head.size;
  std::deque<std::future<Result<RebuildChunk>>> reading;
  uint64_t asked = next_;
  while (next_ < end) {
    while (asked < end && reading.size() < 2 * size_t{plan_.threads} + 1) {
      const uint64_t to = std::min(end, (asked / kChunkLeaves + 1) * kChunkLeaves);
      reading.push_back(std::async(std::launch::async, [this, asked, to] {
        return read_chunk(plan_, asked, to);
      }));
      asked = to;
    }
    auto chunk = reading.front().get();
    reading.pop_front();
    if (!chunk) return Unexpected(std::move(chunk).error());
    for (auto& leaf : *chunk) SUYUAN_TRY_DONE(take(std::move(leaf)));
    if (plan_.progress) plan_.progress(next_, end);
  }
  SUYUAN_TRY_DONE(take_group());
  SUYUAN_TRY_DONE(give_signatures());
  SUYUAN_TRY_DONE(end_signatures(0));
  if (plan_.original != nullptr) SUYUAN_TRY_DONE(copy_what_no_log_has());
  SUYUAN_TRY_DONE(store_.commit({{.table = Table::checkpoint,
                                  .key = u64_key(plan_.head.size),
                                  .value = plan_.checkpoint}}));
  SUYUAN_TRY_DONE(check_end());
  SUYUAN_TRY_DONE(store_.flush());
  done_.leaves = next_ - before;
  return done_;
}

}  // namespace

Result<Rebuilt> rebuild_store(const RebuildPlan& plan) {
  SUYUAN_TRY(store, open_rocks({.path = plan.store, .create = true, .bulk = true}));
  return Rebuilder(plan, *store).run();
}

}  // namespace suyuan
