#include "tests/support/stored_log.h"

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/apply/log_writer.h"
#include "ledger/apply/seal.h"
#include "ledger/batch/note.h"
#include "ledger/batch/receipt.h"
#include "ledger/event/record.h"
#include "ledger/merkle/chain_map.h"
#include "ledger/merkle/frontier.h"
#include "ledger/merkle/proof.h"
#include "ledger/merkle/tree.h"

namespace suyuan::testing {
namespace {

using Chains = std::map<Hash, ChainHead>;

class ChainRows final : public MapRows {
 public:
  explicit ChainRows(const Chains& chains) : chains_(chains) {}
  Result<Done> scan(const Hash& first, const Hash& last, const Visitor& visit) const override {
    for (auto at = chains_.lower_bound(first); at != chains_.end() && at->first <= last; ++at) {
      if (!visit({.key = at->first, .count = at->second.count, .link = at->second.link})) break;
    }
    return Done{};
  }

 private:
  const Chains& chains_;
};

class LogCheck {
 public:
  LogCheck(const Reader& store, std::optional<uint64_t> maps_from)
      : store_(store), maps_from_(maps_from) {}

  StoredLog run() {
    const auto head = read_head(store_);
    if (!head) {
      found_.wrong = "no head";
      return std::move(found_);
    }
    const auto scanned = store_.scan(Table::leaf, {}, {}, Direction::ascending,
                                     [&](BytesView key, BytesView data) {
                                       leaf(*head, key, data);
                                       return found_.wrong.empty();
                                     });
    check(scanned.has_value(), "the leaves cannot be read");
    check(found_.leaves == head->leaves && found_.events == head->events,
          "the head counts otherwise");
    check(chains_.size() == head->chains, "the head counts other chains");
    check(edge_.encode() == head->frontier, "the tree's edge is another");
    check(seal_ == head->seal, "the head names another seal");
    check_receipt();
    check_nodes();
    check_heads();
    found_.root = edge_.root();
    return std::move(found_);
  }

 private:
  void check(bool holds, const std::string& otherwise) {
    if (!holds && found_.wrong.empty()) found_.wrong = otherwise;
  }

  void leaf(const LedgerHead& head, BytesView key, BytesView data) {
    const uint64_t index = found_.leaves++;
    check(key == u64_key(index), "a leaf is missing before " + std::to_string(index));
    edge_.append(leaf_hash(data));
    const auto parsed = parse_leaf(data);
    if (!parsed) return check(false, "leaf " + std::to_string(index) + " cannot be read");
    if (parsed->kind == LeafKind::batch) batch(index, parsed->text);
    if (parsed->kind == LeafKind::seal) seal(head, index, parsed->text);
  }

  void batch(uint64_t index, std::string_view text) {
    const std::string where = "leaf " + std::to_string(index);
    const auto note = parse_batch_note(text);
    if (!note) return check(false, where + ": no note");
    const Hash id = batch_id(note->note.text);
    check(found_.batches.emplace(id, index).second, where + ": a batch that was there before");
    const auto row = get<StoredBatch>(store_, Table::batch, id.view());
    check(row && *row && (*row)->leaf == index, where + ": its row is missing");
    std::vector<Hash> hashes;
    for (uint32_t event = 0; event < note->batch.events; ++event) {
      const Place place{.leaf = index, .event = event};
      const auto bytes = store_.get(Table::record, place_key(place));
      if (!bytes || !*bytes) return check(false, where + ": a record is missing");
      hashes.push_back(leaf_hash(**bytes));
      const auto record = decode_record(**bytes);
      const auto payload = get<StoredPayload>(store_, Table::payload, place_key(place));
      if (!record || !payload || !*payload) return check(false, where + ": half an event");
      check(payload_hash((*payload)->salt, (*payload)->bytes) == record->payload,
            where + ": the payload is another");
      for (const Hash& key : record->code_keys) link(key, place, hashes.back());
    }
    const Place next{.leaf = index, .event = note->batch.events};
    const auto more = store_.get(Table::record, place_key(next));
    check(more && !*more, where + ": more records than events");
    check(tree_hash(hashes) == note->batch.root, where + ": the records are others");
    found_.events += hashes.size();
  }

  void link(const Hash& key, Place place, const Hash& record) {
    ChainHead& head = chains_.try_emplace(key, ChainHead{.count = 0, .link = key}).first->second;
    ++head.count;
    head.link = chain_link(head.count, head.link, place, record);
    const auto row = get<StoredLink>(store_, Table::chain, chain_key(key, head.count));
    check(row && *row && (*row)->link == head.link && (*row)->place == place,
          "leaf " + std::to_string(place.leaf) + ": a chain is not linear");
    ++found_.links;
  }

  void seal(const LedgerHead& head, uint64_t index, std::string_view text) {
    const auto parsed = parse_seal(text);
    if (!parsed) return check(false, "a seal cannot be read");
    check(parsed->leaves == index && parsed->events == found_.events &&
              parsed->chains == chains_.size(),
          "a seal counts otherwise");
    check(parsed->previous.value_or(0) == seal_, "a seal names another before it");
    seal_ = index;
    if (index < maps_from_.value_or(head.seal)) return;
    const auto map = ChainMap::build(ChainRows(chains_));
    check(map && map->root() == parsed->map,
          "the map of seal " + std::to_string(index) + " is not that of a replay from scratch");
  }

  void check_receipt() {
    const auto newest = store_.get(Table::receipt, u64_key(found_.leaves));
    if (!newest || !*newest) return;  // the last leaf is a seal or genesis
    const auto receipt = parse_receipt(**newest, 0, {});
    check(receipt && receipt->text.root == edge_.root(), "the newest receipt is of another tree");
  }

  void check_nodes() {
    const TreeRows rows(store_);
    const auto root = root_of(TiledNodes(rows), found_.leaves);
    check(root && *root == edge_.root(), "the stored tree is another");
  }

  void check_heads() {
    size_t heads = 0;
    const auto scanned = store_.scan(
        Table::head, {}, {}, Direction::ascending, [&](BytesView key, BytesView value) {
          const auto expected = chains_.find(Hash::from(key));
          const auto head = decode<ChainHead>(value);
          check(expected != chains_.end() && head && *head == expected->second,
                "the head of a chain is not its last link");
          ++heads;
          return true;
        });
    check(scanned && heads == chains_.size(), "a chain has no head");
    size_t links = 0;
    const auto counted = store_.scan(Table::chain, {}, {}, Direction::ascending,
                                     [&](BytesView, BytesView) { return ++links != 0; });
    check(counted && links == found_.links, "a chain has a link that no record states");
  }

  const Reader& store_;
  const std::optional<uint64_t> maps_from_;
  StoredLog found_;
  Frontier edge_;
  Chains chains_;
  uint64_t seal_ = 0;
};

}  // namespace

StoredLog check_log(const Reader& store, std::optional<uint64_t> maps_from) {
  return LogCheck(store, maps_from).run();
}

}  // namespace suyuan::testing
