#include "ledger/proof/audit_store.h"

#include "ledger/apply/log_writer.h"
#include "ledger/base/text.h"
#include "ledger/merkle/tree.h"

namespace suyuan {
namespace {

constexpr size_t kChainKeyBytes = Hash::kSize + sizeof(uint64_t);

// One pass over the links of a range of codes.
class ChainPass {
 public:
  ChainPass(const Reader& store, const AuditReplay& audited) : store_(store), audited_(audited) {}

  // Takes a row of the table chain; false ends the pass.
  bool row(BytesView key, BytesView value);
  void end_code();

  std::optional<Error> error;
  std::optional<AuditFault> fault;
  StoreRowsSeen seen;
  uint64_t heads = 0;  // codes with at least one link

 private:
  bool wrong(uint64_t link, std::string message) {
    fault = AuditFault{.check = AuditCheck::CHAIN_ROW_WRONG,
                       .message = std::move(message),
                       .field = "code key " + to_hex(code_.view()) + ", link " +
                                std::to_string(link),
                       .file = "store table chain"};
    return false;
  }
  bool compare_link(const StoredLink& link, uint64_t n);

  const Reader& store_;
  const AuditReplay& audited_;
  Hash code_;
  uint64_t count_ = 0;     // links of it seen so far; 0: no code is open
  Hash link_;              // the last of them
  MapEntry in_log_;        // its head in the audited part of the log
};

bool ChainPass::compare_link(const StoredLink& link, uint64_t n) {
  const bool of_notice = link.place.event == kNoticeEvent;
  const auto record = of_notice ? store_.get(Table::leaf, u64_key(link.place.leaf))
                                : store_.get(Table::record, place_key(link.place));
  if (!record) {
    error = record.error();
    return false;
  }
  if (!*record) return wrong(n, "the record or notice that it links is not in the store");
  const Hash& previous = n == 1 ? code_ : link_;
  if (link.link != chain_link(n, previous, link.place, leaf_hash(**record)))
    return wrong(n, "it is not the hash of the previous link, its place and the record there");
  in_log_ = {.key = code_, .count = n, .link = link.link};
  ++seen.links;
  return true;
}

bool ChainPass::row(BytesView key, BytesView value) {
  Hash code;
  uint64_t n = 0;
  Decoder decoder(key);
  if (key.size() != kChainKeyBytes || !decoder.get_fixed(code) || !decoder.get_u64(n))
    return wrong(count_ + 1, "a row has a key of another form");
  if (count_ == 0 || code != code_) {
    end_code();
    if (fault || error) return false;
    code_ = code;
    count_ = 0;
    in_log_ = {.key = code};
  }
  if (n != count_ + 1)
    return wrong(count_ + 1, "the next link in the store is number " + std::to_string(n));
  const auto link = decode<StoredLink>(value);
  if (!link) return wrong(n, link.error().message);
  if (link->place.leaf < audited_.size()) {
    if (!compare_link(*link, n)) return false;
  } else {
    ++seen.later;
  }
  ++count_;
  link_ = link->link;
  return true;
}

void ChainPass::end_code() {
  if (count_ == 0) return;
  ++heads;
  const auto audited = audited_.heads().find(code_);
  if (in_log_.count != 0) ++seen.codes;
  if (in_log_.count != (audited ? audited->count : 0) ||
      (audited && in_log_.link != audited->link)) {
    wrong(count_, "the log's events of this code make a different chain, of " +
          std::to_string(audited ? audited->count : 0) + " links");
    return;
  }
  const auto head = get<ChainHead>(store_, Table::head, code_.view());
  if (!head && head.error().code != Code::CORRUPT) {
    error = head.error();
    return;
  }
  if (!head || !*head || **head != ChainHead{.count = count_, .link = link_}) {
    wrong(count_, "the stored head of the chain is not its last link");
    fault->file = "store table head";
  }
}

// The keys that begin with this byte.
std::pair<Bytes, Bytes> byte_range(uint8_t byte) {
  Bytes from;
  put_u8(from, byte);
  return {from, after_prefix(from)};
}

// A code that the log has and the store lacks.
AuditFault lacking_code(const Reader& store, const AuditReplay& audited, uint8_t byte) {
  AuditFault fault{.check = AuditCheck::CHAIN_ROW_WRONG,
                   .message = "the store has other codes than the log",
                   .file = "store table chain"};
  Hash first{};
  Hash last;
  last.data.fill(0xff);
  first.data[0] = last.data[0] = byte;
  const auto scanned = audited.heads().scan(first, last, [&](const MapEntry& row) {
    const auto link = store.get(Table::chain, chain_key(row.key, 1));
    if (!link || *link) return true;
    fault.message = "the store lacks the chain of a code that the log names";
    fault.field = "code key " + to_hex(row.key.view());
    return false;
  });
  SUYUAN_CHECK(scanned.has_value());
  return fault;
}

uint64_t codes_in(const AuditReplay& audited, uint8_t byte) {
  uint64_t count = 0;
  Hash first{};
  Hash last;
  last.data.fill(0xff);
  first.data[0] = last.data[0] = byte;
  const auto scanned = audited.heads().scan(first, last, [&](const MapEntry&) {
    ++count;
    return true;
  });
  SUYUAN_CHECK(scanned.has_value());
  return count;
}

}  // namespace

Result<AuditResult<StoreRowsSeen>> audit_chain_rows(const Reader& store, const AuditReplay& audited,
                                                    uint8_t first_byte) {
  using Answer = AuditResult<StoreRowsSeen>;
  const auto [from, to] = byte_range(first_byte);
  ChainPass pass(store, audited);
  SUYUAN_TRY_DONE(store.scan(Table::chain, from, to, Direction::ascending,
                             [&](BytesView key, BytesView value) { return pass.row(key, value); }));
  if (!pass.fault && !pass.error) pass.end_code();
  if (pass.error) return Unexpected(*std::move(pass.error));
  if (pass.fault) return Answer(Unexpected(*std::move(pass.fault)));
  if (pass.seen.codes != codes_in(audited, first_byte))
    return Answer(Unexpected(lacking_code(store, audited, first_byte)));
  uint64_t heads = 0;
  SUYUAN_TRY_DONE(store.scan(Table::head, from, to, Direction::ascending,
                             [&](BytesView, BytesView) { return ++heads, true; }));
  if (heads == pass.heads) return Answer(pass.seen);
  return Answer(Unexpected(AuditFault{.check = AuditCheck::CHAIN_ROW_WRONG,
                                      .message = "there are heads of codes without a chain",
                                      .file = "store table head"}));
}

Result<AuditResult<Done>> audit_batch_rows(const Reader& store, const AuditReplay& audited) {
  using Answer = AuditResult<Done>;
  std::optional<AuditFault> fault;
  uint64_t found = 0;
  const auto wrong = [&](BytesView id, std::string message) {
    fault = AuditFault{.check = AuditCheck::BATCH_ROW_WRONG,
                       .message = std::move(message),
                       .field = "batch " + to_hex(id),
                       .file = "store table batch"};
    return false;
  };
  SUYUAN_TRY_DONE(store.scan(
      Table::batch, {}, {}, Direction::ascending, [&](BytesView key, BytesView value) {
        const auto stored = decode<StoredBatch>(value);
        if (key.size() != Hash::kSize || !stored) return wrong(key, "the row cannot be read");
        if (stored->leaf >= audited.size()) return true;
        const auto batch = audited.batches().find(Hash::from(key));
        ++found;
        if (batch && batch->leaf == stored->leaf) return true;
        return wrong(key, "the store has it at leaf " + std::to_string(stored->leaf) +
                              (!batch
                                   ? std::string(", the log does not have it")
                                   : ", the log at leaf " + std::to_string(batch->leaf)));
      }));
  if (fault) return Answer(Unexpected(*std::move(fault)));
  if (found == audited.batches().size()) return Answer(Done{});
  return Answer(Unexpected(AuditFault{
      .check = AuditCheck::BATCH_ROW_WRONG,
      .message = "the store knows " + std::to_string(found) + " batches, the log has " +
                 std::to_string(audited.batches().size()),
      .file = "store table batch"}));
}

}  // namespace suyuan
