#include "node/backup/rebuild.h"

#include <deque>
#include <future>

#include "ledger/apply/log_reader.h"
#include "ledger/base/coding.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/record.h"
#include "ledger/proof/leaf_events.h"
#include "ledger/proof/tiles.h"
#include "ledger/store/notice_rows.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/access/attachment_quota.h"
#include "node/pipeline/log_replay.h"
#include "node/pipeline/map_keeper.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

constexpr uint64_t kChunkLeaves = 64;
constexpr size_t kSignaturesTogether = 256;
constexpr size_t kSignatureTasksMax = 16;  // in progress
constexpr size_t kRowsTogether = 10'000;
constexpr size_t kBytesTogether = size_t{32} << 20;

// A leaf as read, decoded as far as is possible without state.
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
                                       "batch cannot be judged; use a log that its owner wrote "
                                       "(suyuan-node export --all)");
    }
    submission.events.push_back({.salt = event.salt, .payload = Bytes(event.payload)});
  }
  auto decoded = decode_batch(std::move(submission));
  if (decoded) return *std::move(decoded);
  return at_leaf(leaf, std::move(decoded).error().front());
}

// Thread-safe.
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

// Signatures with keys from the registry, verified in the background.
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

class Rebuilder final : public LogReplayHost {
 public:
  Rebuilder(const RebuildPlan& plan, RocksStore& store, LedgerHead head)
      : plan_(plan),
        store_(store),
        replay_(*this, std::move(head),
                plan.signer != nullptr ? &plan.signer->node() : nullptr) {}
  Result<Rebuilt> run();

  const Reader& state() const override { return store_.latest(); }
  Result<Done> check(uint64_t leaf, const SignedNote& note, const VerifiedBatch& batch) override;
  // The chains are compared with the last seal's map when everything is there.
  Result<Hash> map_root(const SealText& seal) override {
    map_ = seal.map;
    return seal.map;
  }
  Result<Done> put(uint64_t, Applied applied) override {
    return store_.commit(applied.changes);
  }
  Unexpected<Error> wrong(uint64_t leaf, const Error& why) const override {
    return at_leaf(leaf, why);
  }

 private:
  Result<Done> give_signatures();
  Result<Done> end_signatures(size_t most);
  using MadeOf = std::function<std::optional<Change>(BytesView key, BytesView value)>;
  Result<Done> copy_rows(Table table, Bytes from, BytesView to, const MadeOf& made = {});
  Result<Done> take_proven_sections(uint64_t leaf, const VerifiedBatch& batch);
  Result<Done> copy_proven_attachments();
  Result<Done> note_absent();
  Result<Done> copy_what_no_log_has();
  Result<Done> check_end() const;

  const RebuildPlan& plan_;
  RocksStore& store_;
  LogReplay replay_;
  std::optional<Hash> map_;  // named by the last seal
  std::vector<SignatureJob> jobs_;
  std::deque<std::future<Result<Done>>> verifying_;
  Rebuilt done_;
};

Result<Done> Rebuilder::check(uint64_t leaf, const SignedNote& note, const VerifiedBatch& batch) {
  ++done_.batches;
  done_.events += batch.events().size();
  if (plan_.original_is_anothers) SUYUAN_TRY_DONE(take_proven_sections(leaf, batch));
  jobs_.push_back({.leaf = leaf, .note = note, .keys = batch.keys()});
  return jobs_.size() >= kSignaturesTogether ? give_signatures() : Result<Done>(Done{});
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

// Waits until at most `most` are in progress.
Result<Done> Rebuilder::end_signatures(size_t most) {
  while (verifying_.size() > most) {
    auto done = verifying_.front().get();
    verifying_.pop_front();
    SUYUAN_TRY_DONE(std::move(done));
  }
  return Done{};
}

// Copies the original's rows in [from, to), to the table's end if `to` is empty, or what `made`
// makes of each.
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

// The row of a section that is missing is removed by the notice that erased it. One that remains
// names a section that is missing without a notice (node/peers/log_sync.cc).
Result<Done> Rebuilder::take_proven_sections(uint64_t leaf, const VerifiedBatch& batch) {
  Changes rows;
  for (uint32_t i = 0; i < batch.events().size(); ++i) {
    const auto* event = std::get_if<TraceEvent>(&batch.events()[i].value);
    const size_t named = event == nullptr ? 0 : event->sections.size();
    const Place place{.leaf = leaf, .event = i};
    for (uint32_t k = 0; k < named; ++k) {
      const SectionRef& ref = event->sections[k];
      SUYUAN_TRY(row, plan_.original->get(Table::section, section_key(place, k)));
      auto section = row ? decode<StoredSection>(*row) : Result<StoredSection>(StoredSection{});
      if (section && row &&
          section_digest(batch.note().party, ref.audience, section->salt, section->bytes) ==
              ref.digest) {
        section->audience = ref.audience;
        section->digest = ref.digest;
        rows.push_back({Table::section, section_key(place, k), encode(*section)});
      } else {
        rows.push_back({Table::meta, absent_key(place, ref.digest), Bytes()});
      }
    }
  }
  return rows.empty() ? Result<Done>(Done{}) : store_.commit(rows);
}

// Their hash is their name. The media type is the other node's word, within what a node stores. How
// much of them each party has put is not taken: it counts anew.
Result<Done> Rebuilder::copy_proven_attachments() {
  const auto proven = [](BytesView key, BytesView value) -> std::optional<Change> {
    constexpr size_t kRowBytesMax = limits::kAttachmentBytesMax + 1024;
    if (value.size() > kRowBytesMax) return std::nullopt;
    const auto attachment = decode<StoredAttachment>(value);
    if (!attachment || attachment->bytes.size() > limits::kAttachmentBytesMax ||
        !is_attachment_type(attachment->media_type) ||
        sha256(attachment->bytes).view() != key) {
      return std::nullopt;
    }
    return Change{Table::attachment, Bytes(key), encode(*attachment)};
  };
  return copy_rows(Table::attachment, {}, {}, proven);
}

// Notes missing sections that no notice before the size explains: those that the original lacks
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
  // And how much of them each party has put.
  SUYUAN_TRY_DONE(copy_rows(Table::meta, Bytes(kAttachmentRows), after_prefix(kAttachmentRows)));
  const auto before = [size](BytesView key, BytesView value) -> std::optional<Change> {
    const auto batch = decode<StoredBatch>(value);
    if (!batch || batch->leaf >= size) return std::nullopt;
    return Change{Table::batch, Bytes(key), Bytes(value)};
  };
  return copy_rows(Table::batch, {}, {}, before);
}

Result<Done> Rebuilder::check_end() const {
  const LedgerHead& head = replay_.head();
  if (head.leaves != plan_.head.size || replay_.root() != plan_.head.root) {
    return fail(Code::CORRUPT, "the log's leaves hash to " + to_base64(replay_.root().view()) +
                                   ", its checkpoint of " + std::to_string(plan_.head.size) +
                                   " leaves says " + to_base64(plan_.head.root.view()));
  }
  if (!map_ || head.seal + 1 != head.leaves)
    return fail(Code::CORRUPT, "the last leaf under a checkpoint is not a seal");
  SUYUAN_TRY(map, build_map(store_.latest(), plan_.threads));
  if (map.root() == *map_) return Done{};
  return fail(Code::CORRUPT, "the chains of the log are not those that its last seal commits to");
}

Result<Rebuilt> Rebuilder::run() {
  const uint64_t before = replay_.next();
  const uint64_t end = plan_.head.size;
  std::deque<std::future<Result<RebuildChunk>>> reading;
  uint64_t asked = before;
  while (replay_.next() < end) {
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
    for (auto& [leaf, batch] : *chunk) SUYUAN_TRY_DONE(replay_.take(leaf, std::move(batch)));
    if (plan_.progress) plan_.progress(replay_.next(), end);
  }
  SUYUAN_TRY_DONE(replay_.finish());
  SUYUAN_TRY_DONE(give_signatures());
  SUYUAN_TRY_DONE(end_signatures(0));
  if (plan_.original_is_anothers) {
    SUYUAN_TRY_DONE(copy_proven_attachments());
  } else {
    if (plan_.original != nullptr) SUYUAN_TRY_DONE(copy_what_no_log_has());
    SUYUAN_TRY_DONE(store_.commit({{.table = Table::checkpoint,
                                    .key = u64_key(plan_.head.size),
                                    .value = plan_.checkpoint}}));
  }
  SUYUAN_TRY_DONE(check_end());
  SUYUAN_TRY_DONE(store_.flush());
  done_.leaves = replay_.next() - before;
  return done_;
}

}  // namespace

Result<Rebuilt> rebuild_store(const RebuildPlan& plan) {
  SUYUAN_TRY(store, open_rocks({.path = plan.store,
                                .create = true,
                                .open_files_max = kRebuildOpenFiles,
                                .bulk = true}));
  // An empty store gives an empty head, so that genesis comes first.
  const auto head = read_head(store->latest());
  return Rebuilder(plan, *store, head ? *head : LedgerHead{}).run();
}

}  // namespace suyuan
