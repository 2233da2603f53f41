#include "ledger/proof/audit_state.h"

#include "ledger/registry/quorum.h"

namespace suyuan {
namespace {

constexpr BytesView kAuditStateHeader = "suyuan/audit-state/v2\n";
// Saved before notices existed: it has neither their number nor what they erased.
constexpr BytesView kWithoutNoticesHeader = "suyuan/audit-state/v1\n";
constexpr size_t kChunk = kAuditStateReadMax / 2;
constexpr size_t kHeadRowBytes = 2 * Hash::kSize + sizeof(uint64_t);
constexpr size_t kRegistryRows = 1000;  // read at once
constexpr size_t kBatchRowBytes = Hash::kSize + sizeof(uint64_t);

Unexpected<Error> damaged_state() {
  return fail(Code::CORRUPT, "the saved audit is damaged: remove its file and audit again");
}

// Collects written bytes into chunks.
class ChunkWriter {
 public:
  explicit ChunkWriter(const AuditState::Write& write) : write_(write) {}
  // Where the next bytes go; call flush_full() afterwards.
  Bytes& out() { return out_; }
  Result<Done> flush_full() { return out_.size() < kChunk ? Result<Done>(Done{}) : flush(); }
  Result<Done> flush() {
    SUYUAN_TRY_DONE(write_(out_));
    out_.clear();
    return Done{};
  }

 private:
  const AuditState::Write& write_;
  Bytes out_;
};

std::array<uint64_t*, 10> numbers_of(AuditCounts& counts) {
  return {&counts.batches, &counts.seals, &counts.events,  &counts.open,       &counts.withheld,
          &counts.erased,  &counts.acts,  &counts.notices, &counts.signatures, &counts.links};
}

Result<uint64_t> read_number(const AuditState::Read& read) {
  SUYUAN_TRY(bytes, read(sizeof(uint64_t)));
  uint64_t number = 0;
  Decoder decoder(bytes);
  if (!decoder.get_u64(number)) return damaged_state();
  return number;
}

// A length of 8 bytes, then that many bytes.
Result<Bytes> read_text(const AuditState::Read& read) {
  SUYUAN_TRY(size, read_number(read));
  if (size > kAuditStateReadMax) return damaged_state();
  return read(size);
}

void put_text(Bytes& out, BytesView text) {
  put_u64(out, text.size());
  out += text;
}

// Rows of one size, read many at a time, with `pause` after each portion.
template <class Take, class Pause>
Result<Done> read_rows(const AuditState::Read& read, size_t row_bytes, const Take& take,
                       const Pause& pause) {
  SUYUAN_TRY(left, read_number(read));
  while (left > 0) {
    const uint64_t rows = std::min<uint64_t>(left, kChunk / row_bytes);
    SUYUAN_TRY(bytes, read(rows * row_bytes));
    Decoder decoder(bytes);
    while (!decoder.done())
      if (!take(decoder)) return damaged_state();
    left -= rows;
    SUYUAN_TRY_DONE(pause());
  }
  return Done{};
}

Result<Done> save_registry(const Reader& registry, ChunkWriter& to) {
  uint64_t rows = 0;
  SUYUAN_TRY_DONE(registry.scan(Table::registry, {}, {}, Direction::ascending,
                                [&](BytesView, BytesView) { return ++rows, true; }));
  put_u64(to.out(), rows);
  Result<Done> written = Done{};
  SUYUAN_TRY_DONE(registry.scan(Table::registry, {}, {}, Direction::ascending,
                                [&](BytesView key, BytesView value) {
                                  put_text(to.out(), key);
                                  put_text(to.out(), value);
                                  written = to.flush_full();
                                  return written.has_value();
                                }));
  return written;
}

}  // namespace

Result<Done> AuditState::save(const AuditReplay& replay, const Write& write) {
  SUYUAN_CHECK(replay.genesis_.has_value());
  ChunkWriter to(write);
  Bytes& out = to.out();
  out += kAuditStateHeader;
  put_text(out, replay.ledger_.origin);
  out += replay.ledger_.genesis.view();
  put_i64(out, replay.time_ms_);
  put_u64(out, replay.seal_.value_or(0));
  put_u64(out, replay.last_is_seal_ ? 1 : 0);
  AuditCounts counts = replay.counts_;
  for (const uint64_t* number : numbers_of(counts)) put_u64(out, *number);
  SUYUAN_TRY(genesis, write_genesis(*replay.genesis_));
  put_text(out, genesis);
  put_text(out, replay.tree_.encode());

  SUYUAN_TRY_DONE(save_registry(replay.registry_->latest(), to));
  Result<Done> written = Done{};
  const Hash first{};
  Hash last;
  last.data.fill(0xff);
  put_u64(out, replay.heads_.codes());
  SUYUAN_TRY_DONE(replay.heads_.scan(first, last, [&](const MapEntry& row) {
    out += row.key.view();
    put_u64(out, row.count);
    out += row.link.view();
    written = to.flush_full();
    return written.has_value();
  }));
  SUYUAN_TRY_DONE(std::move(written));
  written = Done{};
  const auto write_row = [&](const AuditedBatch& row) {
    out += row.key.view();
    put_u64(out, row.leaf);
    written = to.flush_full();
    return written.has_value();
  };
  put_u64(out, replay.batches_.size());
  replay.batches_.visit(first, last, write_row);
  SUYUAN_TRY_DONE(std::move(written));
  written = Done{};
  put_u64(out, replay.erased_.size());
  replay.erased_.visit(first, last, write_row);
  SUYUAN_TRY_DONE(std::move(written));
  return to.flush();
}

Result<AuditReplay> AuditState::load(const Read& read, const AuditMemory& memory) {
  SUYUAN_TRY(header, read(kAuditStateHeader.size()));
  const bool has_notices = header != kWithoutNoticesHeader;
  if (has_notices && header != kAuditStateHeader) return damaged_state();
  AuditReplay replay;
  SUYUAN_TRY(origin, read_text(read));
  replay.ledger_.origin = std::move(origin);
  SUYUAN_TRY(genesis_id, read(Hash::kSize));
  replay.ledger_.genesis = Hash::from(genesis_id);
  SUYUAN_TRY(time, read(sizeof(int64_t)));
  Decoder(time).get_i64(replay.time_ms_);
  SUYUAN_TRY(seal, read_number(read));
  if (seal != 0) replay.seal_ = seal;
  SUYUAN_TRY(last_is_seal, read_number(read));
  replay.last_is_seal_ = last_is_seal != 0;
  for (uint64_t* number : numbers_of(replay.counts_)) {
    if (number == &replay.counts_.notices && !has_notices) continue;
    SUYUAN_TRY(value, read_number(read));
    *number = value;
  }
  SUYUAN_TRY(genesis_text, read_text(read));
  auto genesis = parse_genesis(genesis_text);
  if (!genesis) return damaged_state();
  replay.genesis_ = *std::move(genesis);
  SUYUAN_TRY(tree_bytes, read_text(read));
  SUYUAN_TRY(tree, AuditTree::decode(tree_bytes));
  replay.tree_ = std::move(tree);

  SUYUAN_TRY(rows, read_number(read));
  const auto shelve = [&] { return replay.shelve_if_many(memory); };
  Changes registry;
  for (uint64_t i = 0; i < rows; ++i) {
    SUYUAN_TRY(key, read_text(read));
    SUYUAN_TRY(value, read_text(read));
    registry.push_back(
        {.table = Table::registry, .key = std::move(key), .value = std::move(value)});
    if (registry.size() < kRegistryRows && i + 1 < rows) continue;
    replay.commit_registry(std::exchange(registry, {}));
    SUYUAN_TRY_DONE(shelve());
  }
  // A state saved before the quorum counted lacks it.
  replay.commit_registry(quorum_rows(*replay.genesis_));
  const auto take_head = [&](Decoder& from) {
    MapEntry row;
    if (!from.get_fixed(row.key) || !from.get_u64(row.count) || !from.get_fixed(row.link))
      return false;
    replay.heads_.restore(row);
    return true;
  };
  SUYUAN_TRY_DONE(read_rows(read, kHeadRowBytes, take_head, shelve));
  const auto take_batch = [&](Decoder& from) {
    AuditedBatch row;
    if (!from.get_fixed(row.key) || !from.get_u64(row.leaf)) return false;
    replay.batches_.at(row.key) = row;
    return true;
  };
  SUYUAN_TRY_DONE(read_rows(read, kBatchRowBytes, take_batch, shelve));
  const auto take_erased = [&](Decoder& from) {
    AuditedBatch row;
    if (!from.get_fixed(row.key) || !from.get_u64(row.leaf)) return false;
    replay.erased_.at(row.key) = row;
    return true;
  };
  if (has_notices) SUYUAN_TRY_DONE(read_rows(read, kBatchRowBytes, take_erased, shelve));
  return replay;
}

}  // namespace suyuan
