#include "client/audit/replay.h"

#include <cstdlib>
#include <filesystem>

#include "ledger/apply/notice.h"
#include "ledger/base/text.h"
#include "ledger/batch/note.h"
#include "ledger/merkle/frontier.h"
#include "ledger/proof/tiles.h"
#include "ledger/registry/derived_rows.h"
#include "ledger/store/rocks/rocks_store.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

// Rows that wait for one synced commit: enough that the disk is not the bottleneck.
constexpr size_t kPendingRows = 100'000;
constexpr size_t kRowsInChunk = 10'000;
constexpr size_t kBytesInChunk = size_t{16} << 20;
constexpr size_t kReplayCacheBytes = size_t{96} << 20;
constexpr size_t kReplayBufferBytes = size_t{16} << 20;
constexpr size_t kReplayBuffersBytes = size_t{96} << 20;

// Removed with its owner if no folder was named.
class ReplayFolder {
 public:
  ReplayFolder(std::string path, bool kept) : path_(std::move(path)), kept_(kept) {}
  ~ReplayFolder() {
    std::error_code ignored;
    if (!kept_) std::filesystem::remove_all(path_, ignored);
  }
  ReplayFolder(const ReplayFolder&) = delete;
  ReplayFolder& operator=(const ReplayFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
  const bool kept_;
};

Result<std::unique_ptr<ReplayFolder>> make_replay_folder(const std::string& named) {
  std::error_code error;
  if (!named.empty()) {
    std::filesystem::create_directories(named, error);
    if (error) return fail(Code::IO, named + ": " + error.message());
    return std::make_unique<ReplayFolder>(named, true);
  }
  auto pattern = (std::filesystem::temp_directory_path(error) / "suyuan-replay-XXXXXX").string();
  if (error || ::mkdtemp(pattern.data()) == nullptr)
    return fail(Code::IO, "cannot make a folder for the replay's store: " + pattern);
  return std::make_unique<ReplayFolder>(pattern, false);
}

using Rows = std::vector<std::pair<Bytes, Bytes>>;
struct Chunk {
  Rows rows;
  bool more = false;  // there may be rows after them
};

Result<Chunk> chunk_from(const Reader& reader, Table table, BytesView from, BytesView to) {
  Chunk chunk;
  size_t bytes = 0;
  SUYUAN_TRY_DONE(reader.scan(table, from, to, Direction::ascending,
                              [&](BytesView key, BytesView value) {
                                chunk.rows.emplace_back(key, value);
                                bytes += value.size();
                                chunk.more = chunk.rows.size() == kRowsInChunk ||
                                             bytes >= kBytesInChunk;
                                return !chunk.more;
                              }));
  return chunk;
}

AuditFault row_fault(Table table, BytesView key, std::string message) {
  return {.check = AuditCheck::DERIVED_ROW_WRONG,
          .message = std::move(message),
          .field = "key " + to_hex(key),
          .file = "store table " + std::string(word(table))};
}

class StoredReplay final : public Replay {
 public:
  StoredReplay(std::unique_ptr<ReplayFolder> folder, std::unique_ptr<RocksStore> store)
      : folder_(std::move(folder)), store_(std::move(store)) {
    begin_pending();
  }
  Result<Done> read_head_of_store();

  Result<AuditResult<Done>> take(uint64_t index, const AuditedLeaf& leaf, LoggedBatch batch,
                                 const Hash& root) override;
  Result<Done> flush() override;
  Result<AuditResult<Done>> compare(const Reader& node, uint64_t size, bool whole) override;
  const ReplaySeen& seen() const override { return seen_; }
  uint64_t leaves() const override { return head_.leaves; }

 private:
  void begin_pending() {
    pending_ = std::make_unique<Overlay>(store_->latest());
    pending_rows_ = 0;
  }
  Result<Applied> apply_leaf(uint64_t index, const AuditedLeaf& leaf, LoggedBatch batch,
                             std::optional<AuditFault>& fault);
  Result<Applied> apply_notice_leaf(uint64_t index, int64_t time_ms, std::string_view note,
                                    std::optional<AuditFault>& fault);
  Result<AuditResult<Done>> compare_table(const Reader& node, Table table, BytesView from,
                                          BytesView to);
  Result<AuditResult<Done>> compare_registry(const Reader& node);

  const std::unique_ptr<ReplayFolder> folder_;  // destroyed last
  const std::unique_ptr<RocksStore> store_;
  std::unique_ptr<Overlay> pending_;
  size_t pending_rows_ = 0;
  LedgerHead head_;
  Hash root_;  // of head_
  ReplaySeen seen_;
};

Result<Done> StoredReplay::read_head_of_store() {
  auto head = read_head(store_->latest());
  if (!head && head.error().code == Code::NOT_FOUND) return Done{};
  if (!head) return Unexpected(std::move(head).error());
  SUYUAN_TRY(frontier, Frontier::decode(head->frontier));
  head_ = *std::move(head);
  root_ = frontier.root();
  seen_.leaves = head_.leaves;
  return Done{};
}

AuditFault leaf_fault(AuditCheck check, uint64_t leaf, std::string message) {
  return {.check = check,
          .message = std::move(message),
          .leaf = leaf,
          .file = write_events_path(leaf)};
}

AuditFault refused_batch(uint64_t leaf, const Errors& errors) {
  const Error& error = errors.front();
  auto fault = leaf_fault(AuditCheck::BATCH_REFUSED, leaf,
                          "the rules refuse this batch at its position: " + to_text(error));
  if (error.event >= 0) fault.event = static_cast<uint32_t>(error.event);
  fault.field = error.field;
  return fault;
}

Result<Applied> StoredReplay::apply_leaf(uint64_t index, const AuditedLeaf& leaf, LoggedBatch batch,
                                         std::optional<AuditFault>& fault) {
  if (leaf.kind == LeafKind::genesis) {
    SUYUAN_TRY(text, write_genesis(*leaf.genesis));
    return apply_genesis(text, leaf.time_ms);
  }
  if (leaf.kind == LeafKind::seal) {
    return apply_seal(*pending_, index, leaf.time_ms, leaf.seal->map);
  }
  if (leaf.kind == LeafKind::notice) {
    return apply_notice_leaf(index, leaf.time_ms, batch.note_text, fault);
  }
  const LedgerId ledger{.origin = head_.origin, .genesis = head_.genesis};
  std::vector<Hash> statements;
  for (size_t i = 0; i < batch.values.size(); ++i) {
    statements.push_back(
        statement_hash(batch.note.batch.type, batch.values[i], batch.bodies[i].payload));
  }
  DecodedBatch decoded{.submission = {.note = std::move(batch.note_text),
                                      .events = std::move(batch.bodies)},
                       .note = std::move(batch.note),
                       .values = std::move(batch.values),
                       .statements = std::move(statements)};
  const auto verified = verify(std::move(decoded), ledger, *pending_, BatchFrom::log);
  if (!verified) {
    const auto& errors = verified.error();
    if (!info(errors.front().code).refusal) return Unexpected(errors.front());
    fault = refused_batch(index, errors);
    return Applied{};
  }
  SUYUAN_TRY(applied, apply(*pending_, {.position = index,
                                        .time_ms = leaf.time_ms,
                                        .batches = {&*verified}}));
  const Verdict& verdict = applied.verdicts.front();
  if (const auto* refused = std::get_if<Refused>(&verdict)) {
    fault = refused_batch(index, refused->errors);
  } else if (const auto* repeated = std::get_if<Repeated>(&verdict)) {
    fault = leaf_fault(AuditCheck::BATCH_REFUSED, index,
                       "its events were accepted before, at leaf " +
                           std::to_string(repeated->leaf) + ": they are in the log twice");
  }
  return applied;
}

Result<Applied> StoredReplay::apply_notice_leaf(uint64_t index, int64_t time_ms,
                                                std::string_view note,
                                                std::optional<AuditFault>& fault) {
  const LedgerId ledger{.origin = head_.origin, .genesis = head_.genesis};
  const auto verified = verify_notice(note, ledger, *pending_, BatchFrom::log);
  if (!verified) {
    if (!info(verified.error().code).refusal) return Unexpected(verified.error());
    fault = refused_batch(index, {verified.error()});
    return Applied{};
  }
  SUYUAN_TRY(applied, apply_notice(*pending_, index, time_ms, *verified, decode_any_payload));
  if (const auto* refused = std::get_if<Refused>(&applied.verdicts.front())) {
    fault = refused_batch(index, refused->errors);
  }
  return applied;
}

Result<AuditResult<Done>> StoredReplay::take(uint64_t index, const AuditedLeaf& leaf,
                                             LoggedBatch batch, const Hash& root) {
  using Answer = AuditResult<Done>;
  if (seen_.withheld_at) return Answer(Done{});
  if (index < head_.leaves) {
    // An earlier replay judged these leaves; the last one binds all of them to this log.
    if (index + 1 != head_.leaves || root == root_) return Answer(Done{});
    return fail(Code::LEDGER_MISMATCH, folder_->path() + " has the replay of another log");
  }
  if (index > head_.leaves) {
    return fail(Code::CORRUPT, folder_->path() + " lacks entries that the saved audit has: audit "
                                                 "from the beginning, or name its own folder");
  }
  if (leaf.withheld + leaf.erased > 0) {
    seen_.withheld_at = index;
    return Answer(Done{});
  }
  std::optional<AuditFault> fault;
  SUYUAN_TRY(applied, apply_leaf(index, leaf, std::move(batch), fault));
  if (!fault && (applied.head.leaves != index + 1 || applied.root != root)) {
    fault = leaf_fault(AuditCheck::REPLAY_DIFFERS, index,
                       "the rules turn it into another entry than the log has");
  }
  if (fault) return Answer(Unexpected(*std::move(fault)));
  pending_rows_ += applied.changes.size();
  for (Change& change : applied.changes) {
    if (change.value) {
      pending_->put(change.table, std::move(change.key), *std::move(change.value));
    } else {
      pending_->erase(change.table, std::move(change.key));
    }
  }
  head_ = std::move(applied.head);
  root_ = applied.root;
  seen_.leaves = head_.leaves;
  if (pending_rows_ >= kPendingRows) SUYUAN_TRY_DONE(flush());
  return Answer(Done{});
}

Result<Done> StoredReplay::flush() {
  if (pending_rows_ == 0) return Done{};
  SUYUAN_TRY_DONE(store_->commit(std::move(*pending_).take_changes()));
  begin_pending();
  return Done{};
}

// Compares in chunks: both must have the same rows in the same order.
Result<AuditResult<Done>> StoredReplay::compare_table(const Reader& node, Table table,
                                                      BytesView first, BytesView to) {
  using Answer = AuditResult<Done>;
  Bytes from(first);
  for (;;) {
    SUYUAN_TRY(chunk_of_node, chunk_from(node, table, from, to));
    SUYUAN_TRY(chunk, chunk_from(store_->latest(), table, from, to));
    const Rows& theirs = chunk_of_node.rows;
    Rows& ours = chunk.rows;
    for (size_t i = 0; i < std::max(theirs.size(), ours.size()); ++i) {
      if (i >= ours.size() || (i < theirs.size() && theirs[i].first < ours[i].first)) {
        return Answer(Unexpected(
            row_fault(table, theirs[i].first, "the rules derive no such row from the log")));
      }
      if (i >= theirs.size() || ours[i].first < theirs[i].first) {
        return Answer(Unexpected(
            row_fault(table, ours[i].first, "the store lacks a row that the rules derive")));
      }
      if (theirs[i].second != ours[i].second) {
        return Answer(Unexpected(row_fault(
            table, ours[i].first, "the rules derive another value than the store has")));
      }
    }
    seen_.rows += ours.size();
    if (!chunk.more) return Answer(Done{});
    from = std::move(ours.back().first);
    from.push_back('\0');
  }
}

// Rows that an earlier program omitted or kept are no fault: a node repairs them from the others at
// start, and the others are compared.
Result<AuditResult<Done>> StoredReplay::compare_registry(const Reader& node) {
  SUYUAN_TRY(ranges, registry_rows_to_compare(node));
  for (const auto& range : ranges) {
    SUYUAN_TRY(same, compare_table(node, Table::registry, range.from, range.to));
    if (!same) return same;
  }
  return AuditResult<Done>(Done{});
}

Result<AuditResult<Done>> StoredReplay::compare(const Reader& node, uint64_t size, bool whole) {
  if (seen_.leaves != size) return AuditResult<Done>(Done{});
  SUYUAN_TRY_DONE(flush());
  seen_.all_rows = whole;
  // Rows of the events before the size never change: findings, and who may see a payload.
  const Bytes end = place_key({.leaf = size, .event = 0});
  SUYUAN_TRY(payloads, compare_table(node, Table::payload, {}, end));
  if (!payloads) return payloads;
  if (!whole) return compare_table(node, Table::finding, {}, end);
  SUYUAN_TRY(registry, compare_registry(node));
  if (!registry) return registry;
  for (const Table table : {Table::code, Table::below, Table::event_id, Table::fact,
                            Table::finding, Table::head}) {
    SUYUAN_TRY(same, compare_table(node, table, {}, {}));
    if (!same) return same;
  }
  return compare_table(node, Table::meta, kErasedRows, after_prefix(kErasedRows));
}

}  // namespace

Result<std::unique_ptr<Replay>> Replay::open(const std::string& folder) {
  SUYUAN_TRY(place, make_replay_folder(folder));
  SUYUAN_TRY(store, open_rocks({.path = place->path() + "/store",
                                .create = true,
                                .block_cache_bytes = kReplayCacheBytes,
                                .write_buffer_bytes = kReplayBufferBytes,
                                .write_buffers_total_bytes = kReplayBuffersBytes}));
  // A kept folder may be of an earlier program.
  SUYUAN_TRY(mended, mend_derived_rows(store->latest()));
  if (!mended.empty()) SUYUAN_TRY_DONE(store->commit(mended));
  auto replay = std::make_unique<StoredReplay>(std::move(place), std::move(store));
  SUYUAN_TRY_DONE(replay->read_head_of_store());
  return std::unique_ptr<Replay>(std::move(replay));
}

}  // namespace suyuan
