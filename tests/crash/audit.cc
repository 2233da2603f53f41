#include "tests/crash/audit.h"

#include <gtest/gtest.h>

#include "ledger/apply/log_reader.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/checkpoint.h"
#include "node/ops/watermark.h"

namespace suyuan::test {

StoredLog audit(const Reader& reader, uint64_t maps_from) {
  auto found = testing::check_log(reader, maps_from);
  EXPECT_EQ(found.wrong, "");
  return found;
}

void audit_checkpoints(const Reader& reader, const std::string& data_folder,
                       std::map<uint64_t, std::string>& seen) {
  const auto leaf = read_leaf(reader, 0);
  ASSERT_TRUE(leaf);
  const auto genesis = parse_genesis(leaf->text);
  ASSERT_TRUE(genesis);
  const TreeRows rows(reader);
  std::map<uint64_t, std::string> stored;
  ASSERT_TRUE(reader.scan(Table::checkpoint, {}, {}, Direction::ascending,
                          [&](BytesView key, BytesView value) {
                            Decoder in(key);
                            uint64_t size = 0;
                            EXPECT_TRUE(in.get_u64(size) && in.done());
                            stored.emplace(size, value);
                            return true;
                          }));
  for (const auto& [size, bytes] : stored) {
    SCOPED_TRACE("checkpoint of " + std::to_string(size));
    const auto root = root_of(TiledNodes(rows), size);
    ASSERT_TRUE(root) << to_text(root.error());
    const std::vector<NoteKey> log = {{.name = genesis->origin, .key = genesis->log_key}};
    const auto note = open_note(bytes, log);
    ASSERT_TRUE(note) << to_text(note.error());
    EXPECT_EQ(note->text, write_checkpoint({.origin = genesis->origin,
                                            .head = {.size = size, .root = *root}}));
    const auto last = read_leaf(reader, size - 1);
    EXPECT_TRUE(last && last->kind == LeafKind::seal);
  }
  for (const auto& [size, bytes] : seen) {
    if (stored.empty() || size < stored.begin()->first) continue;  // older than what is kept
    const auto again = stored.find(size);
    ASSERT_NE(again, stored.end()) << "the checkpoint of " << size << " leaves is withdrawn";
    EXPECT_EQ(again->second, bytes);
  }
  seen.insert(stored.begin(), stored.end());
  const auto watermark = Watermark::read(data_folder + "/watermark");
  ASSERT_TRUE(watermark) << to_text(watermark.error());
  if (!seen.empty()) {
    EXPECT_GE(watermark->mark()->tree.size, seen.rbegin()->first);
  }
  EXPECT_TRUE(check_watermark(*watermark->mark(), reader));
}

}  // namespace suyuan::test
