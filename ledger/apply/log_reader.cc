#include "ledger/apply/log_reader.h"

#include "ledger/merkle/proof.h"

namespace suyuan {

Result<std::vector<Hash>> TreeRows::range(unsigned level, uint64_t first, size_t count) const {
  const auto stored_level = static_cast<uint8_t>(level);
  std::vector<Hash> hashes;
  hashes.reserve(count);
  bool whole = true;
  SUYUAN_TRY_DONE(reader_.scan(Table::tree, tree_key(stored_level, first),
                               tree_key(stored_level, first + count), Direction::ascending,
                               [&](BytesView, BytesView value) {
                                 whole = whole && value.size() == Hash::kSize;
                                 if (whole) hashes.push_back(Hash::from(value));
                                 return whole;
                               }));
  if (!whole || hashes.size() != count) {
    return fail(Code::CORRUPT, "the tree lacks hashes at level " + std::to_string(level) +
                                   " from " + std::to_string(first) + " on");
  }
  return hashes;
}

Result<std::vector<Hash>> leaf_path(const Reader& reader, uint64_t leaf, uint64_t size) {
  const TreeRows rows(reader);
  return inclusion_proof(TiledNodes(rows), leaf, size);
}

Result<Leaf> read_leaf(const Reader& reader, uint64_t leaf) {
  SUYUAN_TRY(data, reader.get(Table::leaf, u64_key(leaf)));
  if (!data) return fail(Code::NOT_FOUND, "the log has no leaf " + std::to_string(leaf), "leaf");
  return parse_leaf(*data);
}

// Links are in log order, so the last one at or before the leaf is found by binary search.
Result<ChainHead> chain_head_after(const Reader& reader, const Hash& code_key, uint64_t leaf) {
  SUYUAN_TRY(head, get<ChainHead>(reader, Table::head, code_key.view()));
  if (!head) return ChainHead{.count = 0, .link = code_key};
  uint64_t low = 0;  // link(low) is at or before the leaf; link(0) is the code key
  uint64_t high = head->count + 1;
  ChainHead found{.count = 0, .link = code_key};
  while (high - low > 1) {
    // Receipts that are made at once all need the newest link.
    const uint64_t middle = high == head->count + 1 ? head->count : low + (high - low) / 2;
    SUYUAN_TRY(link, get<StoredLink>(reader, Table::chain, chain_key(code_key, middle)));
    if (!link) return fail(Code::CORRUPT, "a chain lacks its link " + std::to_string(middle));
    if (link->place.leaf <= leaf) {
      low = middle;
      found = {.count = middle, .link = link->link};
    } else {
      high = middle;
    }
  }
  return found;
}

}  // namespace suyuan
