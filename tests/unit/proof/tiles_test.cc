#include "ledger/proof/tiles.h"

#include <gtest/gtest.h>

#include <set>

#include "ledger/crypto/note.h"
#include "ledger/merkle/frontier.h"
#include "ledger/merkle/tree.h"
#include "tests/support/vectors.h"

namespace suyuan {
namespace {

namespace json = boost::json;

Tile tile_of(const json::value& row) {
  const auto& object = row.as_object();
  Tile tile{.level = std::nullopt,
            .index = json::value_to<uint64_t>(row.at("index")),
            .width = json::value_to<unsigned>(row.at("width"))};
  if (object.contains("level")) tile.level = json::value_to<unsigned>(row.at("level"));
  return tile;
}

Bytes bytes_of(const json::value& hex) { return from_hex(testing::text_of(hex)).value(); }

TEST(TilePath, IsThatOfTheVectorsAndNoOther) {
  const auto vectors = testing::own_vectors("tiles.json");
  for (const auto& row : vectors.at("paths").as_array()) {
    const auto path = testing::text_of(row.at("path"));
    EXPECT_EQ(write_tile_path(tile_of(row)), path);
    EXPECT_EQ(parse_tile_path(path), tile_of(row)) << path;
  }
  for (const auto& row : vectors.at("refused_paths").as_array())
    EXPECT_FALSE(parse_tile_path(testing::text_of(row))) << row;
}

TEST(TilePath, IsThatOfThePublishedVectors) {
  SUYUAN_SHARED_VECTORS(vectors, "vectors/tiles/paths.json");
  for (const auto& row : vectors.at("good").as_array()) {
    const auto path = testing::text_of(row.at("path"));
    EXPECT_EQ(write_tile_path(tile_of(row)), path);
    EXPECT_EQ(parse_tile_path(path), tile_of(row)) << path;
  }
  for (const auto& row : vectors.at("bad").as_array())
    EXPECT_FALSE(parse_tile_path(testing::text_of(row))) << row;
}

TEST(TileNumber, IsThatOfTheVectorsAndNoOther) {
  const auto vectors = testing::own_vectors("tiles.json");
  for (const auto& row : vectors.at("numbers").as_array()) {
    const auto number = json::value_to<uint64_t>(row.at("number"));
    const auto text = testing::text_of(row.at("text"));
    EXPECT_EQ(write_tile_number(number), text);
    EXPECT_EQ(parse_tile_number(text), number) << text;
    EXPECT_EQ(write_events_path(number), "events/" + text);
    EXPECT_EQ(parse_events_path("events/" + text), number) << text;
  }
  for (const auto& row : vectors.at("refused_numbers").as_array()) {
    EXPECT_FALSE(parse_tile_number(testing::text_of(row))) << row;
    EXPECT_FALSE(parse_events_path("events/" + testing::text_of(row))) << row;
  }
  EXPECT_FALSE(parse_events_path("001"));
}

TEST(TileWidth, IsWhatTheTreeHolds) {
  const auto vectors = testing::own_vectors("tiles.json");
  for (const auto& row : vectors.at("widths").as_array()) {
    EXPECT_EQ(tile_width(json::value_to<uint64_t>(row.at("size")),
                         json::value_to<unsigned>(row.at("level")),
                         json::value_to<uint64_t>(row.at("index"))),
              json::value_to<unsigned>(row.at("width")))
        << row;
  }
  EXPECT_EQ(tile_width(300, std::nullopt, 1), 44U);
  EXPECT_EQ(tile_width(UINT64_MAX, 63, 0), 0U);
  EXPECT_EQ(tile_width(1, 0, UINT64_MAX), 0U);
}

std::set<std::string> new_tiles(uint64_t older, uint64_t size, bool bundles = false) {
  std::set<std::string> paths;
  const auto add = [&](const Tile& tile) { return paths.insert(write_tile_path(tile)).second; };
  if (bundles) for_each_new_tile(older, size, std::nullopt, add);
  for (unsigned level = 0; !bundles && level <= kTileLevelMax; ++level)
    for_each_new_tile(older, size, level, add);
  return paths;
}

TEST(NewTiles, AreThoseOfAWholeTree) {
  SUYUAN_SHARED_VECTORS(vectors, "vectors/tiles/paths.json");
  const auto paths = new_tiles(0, 70'000);
  std::set<std::string> partial;
  for (const auto& path : paths) {
    if (path.find(".p/") != std::string::npos) partial.insert(path);
  }
  std::set<std::string> expected;
  for (const auto& row : vectors.at("partial_tiles_of_size_70000").as_array())
    expected.insert(testing::text_of(row));
  EXPECT_EQ(partial, expected);
  EXPECT_EQ(paths.size(), 273U + 1 + 3);
}

TEST(NewTiles, AreThoseThatTheOlderTreeLacked) {
  EXPECT_EQ(new_tiles(0, 0), std::set<std::string>{});
  EXPECT_EQ(new_tiles(300, 300), std::set<std::string>{});
  EXPECT_EQ(new_tiles(300, 301), std::set<std::string>{"tile/0/001.p/45"});
  EXPECT_EQ(new_tiles(300, 512),
            (std::set<std::string>{"tile/0/001", "tile/1/000.p/2"}));
  EXPECT_EQ(new_tiles(255, 257),
            (std::set<std::string>{"tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"}));
  EXPECT_EQ(new_tiles(256, 257, true), std::set<std::string>{"tile/entries/001.p/1"});
  EXPECT_EQ(new_tiles(65'535, 65'536),
            (std::set<std::string>{"tile/0/255", "tile/1/000", "tile/2/000.p/1"}));
}

TEST(EntryBundle, HoldsExactlyItsEntries) {
  const auto vectors = testing::own_vectors("tiles.json");
  for (const auto& row : vectors.at("bundles").as_array()) {
    std::vector<Bytes> entries;
    Bytes bundle;
    for (const auto& entry : row.at("entries").as_array()) {
      entries.push_back(bytes_of(entry));
      put_entry(bundle, entries.back());
    }
    ASSERT_EQ(bundle, bytes_of(row.at("bundle")));
    const auto decoded = decode_entries(bundle, entries.size()).value();
    EXPECT_EQ(std::vector<Bytes>(decoded.begin(), decoded.end()), entries);
    for (size_t count = 0; count < 260; ++count)
      EXPECT_EQ(decode_entries(bundle, count).has_value(), count == entries.size());
  }
  for (const auto& row : vectors.at("refused_bundles").as_array()) {
    const Bytes bundle = bytes_of(row.at("bundle"));
    EXPECT_FALSE(decode_entries(bundle, json::value_to<size_t>(row.at("count")))) << row;
  }
}

TEST(HashTile, HoldsExactlyItsHashes) {
  const Bytes two(64, 'h');
  EXPECT_EQ(decode_tile(two, 2).value(), std::vector<Hash>(2, Hash::from(two.substr(0, 32))));
  for (const size_t count : {0U, 1U, 3U}) EXPECT_FALSE(decode_tile(two, count)) << count;
  EXPECT_FALSE(decode_tile(Bytes(257 * 32, 'h'), 257));
}

// Another implementation's log, read as files: bundles give the tiles, tiles give the roots.
TEST(PublishedLog, IsReadTheWayItWasWritten) {
  const std::string folder = testing::shared_path("vectors/tiles/tessera-testdata-log/");
  if (!testing::file_text(folder + "checkpoint")) GTEST_SKIP() << folder << " is absent";
  for (uint64_t size = 1; size <= 15; ++size) {
    const unsigned width = tile_width(size, 0, 0);
    const Tile hashes{.level = 0, .index = 0, .width = width};
    const Tile entries{.level = std::nullopt, .index = 0, .width = width};
    const Bytes bundle = testing::file_text(folder + write_tile_path(entries)).value();
    const Bytes tile = testing::file_text(folder + write_tile_path(hashes)).value();
    const auto leaves = decode_entries(bundle, width);
    ASSERT_TRUE(leaves) << to_text(leaves.error());
    Frontier frontier;
    std::vector<Hash> computed;
    for (const auto leaf : *leaves) {
      computed.push_back(leaf_hash(leaf));
      frontier.append(computed.back());
    }
    EXPECT_EQ(decode_tile(tile, width).value(), computed);
    const auto checkpoint =
        testing::file_text(folder + "checkpoint." + std::to_string(size)).value();
    EXPECT_NE(checkpoint.find("\n" + std::to_string(size) + "\n" +
                              to_base64(frontier.root().view()) + "\n"),
              std::string::npos)
        << checkpoint;
  }
}

}  // namespace
}  // namespace suyuan
