// Checks the right edge: from the head to the tree, to the records, to the chains.
#include "ledger/apply/right_edge.h"

#include <map>

#include "ledger/apply/log_reader.h"
#include "ledger/apply/log_writer.h"
#include "ledger/apply/seal.h"
#include "ledger/batch/notice.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/record.h"
#include "ledger/merkle/frontier.h"
#include "ledger/merkle/tree.h"

namespace suyuan {
namespace {

constexpr uint64_t kEdgeLeaves = 256;
constexpr uint64_t kEdgeBatches = 16;  // whose records are hashed again; each is at most 1 MiB

Unexpected<Error> damaged(const std::string& what) {
  return fail(Code::CORRUPT, "the end of the log is inconsistent: " + what +
                                 ". The node must not run on this store: keep it as evidence, and "
                                 "restore a backup into another folder");
}

std::string at(Place place) {
  return "leaf " + std::to_string(place.leaf) + ", event " + std::to_string(place.event);
}

Result<Done> expect_nothing_from(const Reader& reader, Table table, BytesView from, BytesView to) {
  bool found = false;
  SUYUAN_TRY_DONE(reader.scan(table, from, to, Direction::ascending, [&](BytesView, BytesView) {
    found = true;
    return false;
  }));
  if (found) return damaged("table " + std::string(word(table)) + " has rows beyond the last leaf");
  return Done{};
}

// A leaf from its row, and its events' records.
struct EdgeLeaf {
  uint64_t index = 0;
  Leaf leaf;
  Hash hash;  // RFC 6962
  std::vector<Record> records = {};
  std::vector<Hash> record_hashes = {};
};

Result<EdgeLeaf> edge_leaf(const Reader& reader, uint64_t index) {
  SUYUAN_TRY(data, reader.get(Table::leaf, u64_key(index)));
  if (!data) return damaged("leaf " + std::to_string(index) + " is missing");
  SUYUAN_TRY(stored, reader.get(Table::tree, tree_key(0, index)));
  const Hash hash = leaf_hash(*data);
  if (!stored || *stored != hash.view()) {
    return damaged("leaf " + std::to_string(index) + " does not hash to its place in the tree");
  }
  auto leaf = parse_leaf(*data);
  if (!leaf) {
    return damaged("leaf " + std::to_string(index) + " does not parse: " + to_text(leaf.error()));
  }
  return EdgeLeaf{.index = index, .leaf = std::move(*leaf), .hash = hash};
}

Result<SignedBatchNote> note_of(const EdgeLeaf& edge) {
  auto note = parse_batch_note(edge.leaf.text);
  if (note) return note;
  return damaged("the note of leaf " + std::to_string(edge.index) +
                 " does not parse: " + to_text(note.error()));
}

// Every record of the batch exists, and the records give the batch's signed root.
Result<Done> read_records(const Reader& reader, const BatchNote& note, EdgeLeaf& edge) {
  bool whole = true;
  SUYUAN_TRY_DONE(reader.scan(
      Table::record, place_key({edge.index, 0}), place_key({edge.index + 1, 0}),
      Direction::ascending, [&](BytesView key, BytesView value) {
        const auto event = static_cast<uint32_t>(edge.records.size());
        auto record = decode_record(value);
        whole = key == place_key({edge.index, event}) && record;
        if (!whole) return false;
        edge.record_hashes.push_back(leaf_hash(value));
        edge.records.push_back(std::move(*record));
        return true;
      }));
  if (!whole || edge.records.size() != note.events || tree_hash(edge.record_hashes) != note.root) {
    return damaged("the records of leaf " + std::to_string(edge.index) +
                   " are not those of its batch");
  }
  return Done{};
}

// The last batch or notice ended its group. After it come only seals, each in a group of its own.
Result<Done> check_batch_row(const Reader& reader, const EdgeLeaf& edge, const Hash& id) {
  const uint64_t leaves = edge.index + 1;
  SUYUAN_TRY(batch, get<StoredBatch>(reader, Table::batch, id.view()));
  const StoredBatch expected{.leaf = edge.index, .receipt_size = leaves};
  if (batch != expected) return damaged("the last batch is not listed under its id");
  SUYUAN_TRY(receipt, reader.get(Table::receipt, u64_key(leaves)));
  if (!receipt) return damaged("the receipt of size " + std::to_string(leaves) + " is missing");
  return expect_nothing_from(reader, Table::receipt, u64_key(leaves + 1), {});
}

// What one link of the last leaf hashes: an event's place and record, or a notice.
struct EdgeLink {
  Place place;
  Hash linked;
};

// The newest links of one code; `links` are those of the last leaf, ascending.
Result<Done> check_chain(const Reader& reader, const EdgeLeaf& edge, const Hash& code,
                         const std::vector<EdgeLink>& links) {
  SUYUAN_TRY(head, get<ChainHead>(reader, Table::head, code.view()));
  if (!head || head->count < links.size()) {
    return damaged("the chain head of code key " + to_hex(code.view()) + " is missing or too low");
  }
  uint64_t n = head->count - links.size();
  Hash previous = code;
  if (n > 0) {
    SUYUAN_TRY(before, get<StoredLink>(reader, Table::chain, chain_key(code, n)));
    if (!before || before->place.leaf >= edge.index) {
      return damaged("a link before those of the last batch is missing or belongs to it");
    }
    previous = before->link;
  }
  for (const auto& [place, linked] : links) {
    const Hash expected = chain_link(++n, previous, place, linked);
    SUYUAN_TRY(link, get<StoredLink>(reader, Table::chain, chain_key(code, n)));
    if (!link || *link != StoredLink{.place = place, .link = expected}) {
      return damaged("the chain link of " + at(place) + " is missing or wrong");
    }
    previous = expected;
  }
  if (head->link != previous) {
    return damaged("the chain head of code key " + to_hex(code.view()) + " is not its last link");
  }
  return expect_nothing_from(reader, Table::chain, chain_key(code, n + 1),
                             after_prefix(code.view()));
}

Result<Done> check_chains(const Reader& reader, const EdgeLeaf& edge) {
  std::map<Hash, std::vector<EdgeLink>> named;
  for (uint32_t event = 0; event < edge.records.size(); ++event) {
    for (const Hash& code : edge.records[event].code_keys) {
      named[code].push_back({{edge.index, event}, edge.record_hashes[event]});
    }
  }
  for (const auto& [code, links] : named) {
    SUYUAN_TRY_DONE(check_chain(reader, edge, code, links));
  }
  return Done{};
}

// Checks a notice that is the last: its row, and its link in each chain of its event.
Result<Done> check_notice(const Reader& reader, const EdgeLeaf& edge) {
  const auto notice = parse_notice(edge.leaf.text);
  if (!notice) {
    return damaged("the note of leaf " + std::to_string(edge.index) +
                   " does not parse: " + to_text(notice.error()));
  }
  SUYUAN_TRY_DONE(check_batch_row(reader, edge, notice_id(*notice)));
  const EraseNotice* erase = erasure_of(*notice);
  if (erase == nullptr) return Done{};  // rules: in no chain
  const Place about = erase->place();
  SUYUAN_TRY(row, reader.get(Table::record, place_key(about)));
  const auto record = decode_record(row.value_or(Bytes()));
  if (!record) return damaged("the notice at leaf " + std::to_string(edge.index) +
                              " is about an event that is missing");
  const EdgeLink link{{edge.index, kNoticeEvent}, edge.hash};
  for (const Hash& code : record->code_keys) {
    SUYUAN_TRY_DONE(check_chain(reader, edge, code, {link}));
  }
  return Done{};
}

Result<Done> check_tree(const Reader& reader, const LedgerHead& head) {
  SUYUAN_TRY(kept, Frontier::decode(head.frontier));
  if (kept.size() != head.leaves) {
    return damaged("the head counts " + std::to_string(head.leaves) + " leaves, its tree " +
                   std::to_string(kept.size()));
  }
  const TreeRows rows(reader);
  SUYUAN_TRY(read, Frontier::read(TiledNodes(rows), head.leaves));
  if (read != kept) return damaged("the tree's rows do not give the root that the head names");
  SUYUAN_TRY(first, reader.get(Table::leaf, u64_key(0)));
  if (!first || sha256(*first) != head.genesis) {
    return damaged("leaf 0 is not the genesis that the head names");
  }
  SUYUAN_TRY_DONE(expect_nothing_from(reader, Table::leaf, u64_key(head.leaves), {}));
  SUYUAN_TRY_DONE(
      expect_nothing_from(reader, Table::tree, tree_key(0, head.leaves), tree_key(1, 0)));
  return expect_nothing_from(reader, Table::record, place_key({head.leaves, 0}), {});
}

// The seal that the head names exists and matches its state; there is none after it.
Result<Done> check_last_seal(const Reader& reader, const LedgerHead& head) {
  if (head.seal == 0) return Done{};
  if (head.seal >= head.leaves) return damaged("the last seal lies beyond the last leaf");
  const auto seal = read_seal(reader, {.origin = head.origin, .genesis = head.genesis}, head.seal);
  if (!seal) return damaged("the last seal: " + to_text(seal.error()));
  const bool last = head.seal + 1 == head.leaves;
  const bool fits = last ? seal->events == head.events && seal->chains == head.chains
                         : seal->events <= head.events && seal->chains <= head.chains;
  if (!fits) return damaged("the last seal counts other events or codes than the head");
  return Done{};
}

}  // namespace

Result<Done> check_right_edge(const Reader& reader) {
  SUYUAN_TRY(head, get<LedgerHead>(reader, Table::meta, kLedgerKey));
  if (!head) return fail(Code::NOT_FOUND, "there is no ledger in this store yet");
  if (head->leaves == 0) return damaged("the head counts no leaf, not even genesis");
  SUYUAN_TRY_DONE(check_tree(reader, *head));

  SUYUAN_TRY_DONE(check_last_seal(reader, *head));

  const uint64_t last = head->leaves - 1;
  uint64_t batches = 0;
  for (uint64_t n = 0; n < kEdgeLeaves && n <= last; ++n) {
    SUYUAN_TRY(edge, edge_leaf(reader, last - n));
    if (n == 0 && edge.leaf.time_ms != head->time_ms) {
      return damaged("the last leaf's time is not the head's");
    }
    if (edge.leaf.kind == LeafKind::seal && edge.index > head->seal) {
      return damaged("leaf " + std::to_string(edge.index) + " is a seal that the head ignores");
    }
    if (edge.leaf.kind == LeafKind::notice && batches == 0) {
      SUYUAN_TRY_DONE(check_notice(reader, edge));
      ++batches;
    }
    if (edge.leaf.kind != LeafKind::batch || batches == kEdgeBatches) continue;
    ++batches;
    SUYUAN_TRY(note, note_of(edge));
    SUYUAN_TRY_DONE(read_records(reader, note.batch, edge));
    if (batches != 1) continue;
    SUYUAN_TRY_DONE(check_batch_row(reader, edge, batch_id(note.note.text)));
    SUYUAN_TRY_DONE(check_chains(reader, edge));
  }
  return Done{};
}

}  // namespace suyuan
