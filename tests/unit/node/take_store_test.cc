// A store that is taken from another node: nothing of it is believed but what its nodes signed.
#include "node/backup/take_store.h"

#include <gtest/gtest.h>

#include <fstream>

#include "ledger/apply/apply.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/folders.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/store/notice_rows.h"
#include "ledger/store/rocks/file_names.h"
#include "ledger/store/rocks/read_only.h"
#include "ledger/store/rocks/rocks_store.h"
#include "node/pipeline/order_place.h"
#include "node/pipeline/publisher.h"
#include "tests/support/full_disk.h"
#include "tests/unit/node/sealed_ledger.h"
#include "tests/unit/proof/sealing_ledger.h"

namespace suyuan {
namespace {

using testing::commission;

KeyPair store_pair(char seed) { return key_from_seed(Bytes(kSeedBytes, seed)); }

// The files of a folder.
class FolderStore final : public StoreSource {
 public:
  explicit FolderStore(std::string folder) : folder_(std::move(folder)) {}

  Result<StoreList> list() override {
    list_ = {.view = 7, .files = {}};
    for (const auto& one : std::filesystem::directory_iterator(folder_)) {
      const std::string name = one.path().filename();
      if (is_file_of_a_process(name)) continue;
      list_.files.push_back({.name = name, .bytes = one.file_size()});
    }
    return list_;
  }
  Result<Bytes> piece(uint64_t view, uint64_t file, uint64_t from) override {
    EXPECT_EQ(view, 7U);
    std::ifstream in(folder_ + "/" + list_.files[file].name, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(from));
    Bytes bytes(std::min<uint64_t>(kStorePieceBytesMax, list_.files[file].bytes - from), '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (file == sends_little_of) bytes.pop_back();
    if (file == sends_too_much_of) bytes.push_back('x');
    return bytes;
  }

  uint64_t sends_little_of = UINT64_MAX;
  uint64_t sends_too_much_of = UINT64_MAX;

 private:
  const std::string folder_;
  StoreList list_;
};

// What a node says that it has, and this for each piece.
class SaidStore final : public StoreSource {
 public:
  SaidStore(std::vector<StoreFile> files, std::function<Result<Bytes>()> piece)
      : files_(std::move(files)), piece_(std::move(piece)) {}
  Result<StoreList> list() override { return StoreList{.view = 7, .files = files_}; }
  Result<Bytes> piece(uint64_t, uint64_t, uint64_t) override {
    ++asked;
    return piece_();
  }

  int asked = 0;

 private:
  const std::vector<StoreFile> files_;
  const std::function<Result<Bytes>()> piece_;
};

std::vector<std::pair<Bytes, Bytes>> rows_of(const Reader& reader, Table table,
                                           BytesView prefix = {}) {
  std::vector<std::pair<Bytes, Bytes>> all;
  EXPECT_TRUE(reader.scan(table, prefix, after_prefix(prefix), Direction::ascending,
                          [&](BytesView key, BytesView row) {
                            all.emplace_back(key, row);
                            return true;
                          }));
  return all;
}

struct GrownLedger : testing::ProvenLedger {
  GrownLedger() {
    party("maker", {Role::manufacturer});
    product("09521104301011", "maker");
    accept("maker", commission("08:00", {"sgtin:09521104301011:A"}));
    accept("maker", commission("08:01", {"sgtin:09521104301011:B"}));
    seal("");
    // After the checkpoint: a new link of a known chain, and a new chain.
    accept("maker", testing::observe("09:00", "storing", {"sgtin:09521104301011:A"}));
    accept("maker", commission("09:01", {"sgtin:09521104301011:C"}));
  }
};

struct ErasedLedger : testing::SealingLedger {
  ErasedLedger() {
    erase(of(made, 0, "maker"), 1);
    seal();
  }
};

template <class Ledger>
class TakingStore : public ::testing::Test {
 protected:
  TakingStore() {
    genesis_.origin = ledger_.id().origin;
    genesis_.log_key = log_.key;
    for (const char one : {'a', 'b', 'c'}) {
      genesis_.nodes.push_back({.name = std::string("node-") + one, .key = store_pair(one).key});
    }
  }

  const Reader& all() const { return static_cast<const testing::ProvenLedger&>(ledger_).state(); }
  std::string note_by(const std::string& nodes, const TreeHead& tree) const {
    const Checkpoint checkpoint{.origin = ledger_.id().origin, .head = tree};
    std::vector<NoteLine> lines;
    for (const char one : nodes) {
      const KeyPair pair = store_pair(one);
      lines.push_back(cosign(write_checkpoint(checkpoint),
                             {.name = std::string("node-") + one, .secret = pair.secret,
                              .key = pair.key},
                             1));
    }
    return with_lines(sign_checkpoint(checkpoint, log_.secret, log_.key), lines);
  }
  // The other node's store: the ledger's rows, a checkpoint by these nodes, a place in the log, and
  // what a liar puts over them.
  std::string other(const std::string& nodes, const Changes& lies = {}) {
    const std::string path = folder_ / ("other-" + std::to_string(++made_));
    auto store = open_rocks({.path = path, .create = true});
    EXPECT_TRUE(store) << to_text(store.error());
    Changes rows;
    for (size_t table = 0; table < kTableCount; ++table) {
      const auto here = static_cast<Table>(table);
      EXPECT_TRUE(all().scan(here, {}, {}, Direction::ascending,
                                       [&](BytesView key, BytesView value) {
                                         rows.push_back({.table = here, .key = Bytes(key),
                                                         .value = Bytes(value)});
                                         return true;
                                       }));
    }
    rows.push_back({.table = Table::checkpoint, .key = u64_key(ledger_.tree().size),
                    .value = note_by(nodes, ledger_.tree())});
    rows.push_back({.table = Table::receipt, .key = u64_key(ledger_.head().leaves),
                    .value = Bytes("of the last group")});
    rows.push_back(order_place_row({.position = ledger_.head().position,
                                    .mark = Hash::from(Bytes(32, 'm'))}));
    EXPECT_TRUE((*store)->commit(rows));
    EXPECT_TRUE((*store)->commit(lies));
    return path;
  }
  Result<StoreTaken> take(StoreSource& source) {
    ++taken_;
    return take_store({.source = source,
                       .taken = folder_ / "store.taken",
                       .store = own(),
                       .ledger = ledger_.id(),
                       .genesis = genesis_,
                       .signer = signer_,
                       .threads = 2});
  }
  std::string own() const { return folder_ / ("own-" + std::to_string(taken_)); }
  Result<StoreTaken> take_from(const std::string& nodes, const Changes& lies = {}) {
    FolderStore source(other(nodes, lies));
    auto taken = take(source);
    EXPECT_TRUE(remove_folder(folder_ / "store.taken"));
    return taken;
  }
  static Code code_of(const Result<StoreTaken>& taken) {
    return taken ? Code::BUSY : taken.error().code;
  }

  testing::TempFolder folder_;
  Ledger ledger_;
  const KeyPair log_ = store_pair('l');
  Genesis genesis_;
  const ReceiptSigner signer_{ledger_.id(), {.name = "node-c", .pair = store_pair('c')}};
  int made_ = 0;
  int taken_ = 0;
};

using TakeStoreTest = TakingStore<GrownLedger>;
using TakeErasedStoreTest = TakingStore<ErasedLedger>;

TEST_F(TakeStoreTest, TheNewStoreIsWhatOurOwnRulesMakeOfTheSignedLog) {
  const auto taken = take_from("ab");
  ASSERT_TRUE(taken) << to_text(taken.error());
  EXPECT_EQ(taken->tree, ledger_.tree());
  EXPECT_LT(taken->tree.size, ledger_.head().leaves) << "what no majority signed is left out";
  EXPECT_GT(taken->bytes, 0U);
  const auto store = open_rocks_read_only(own());
  ASSERT_TRUE(store) << to_text(store.error());
  const Reader& rows = (*store)->reader();
  EXPECT_EQ(read_head(rows)->leaves, ledger_.tree().size);
  for (const Table table : {Table::leaf, Table::record, Table::payload, Table::section, Table::tree,
                            Table::chain, Table::head, Table::event_id, Table::registry,
                            Table::code, Table::below, Table::fact, Table::finding}) {
    EXPECT_EQ(rows_of(rows, table), rows_of(ledger_.sealed_state(), table)) << word(table);
  }
  EXPECT_TRUE(rows_of(rows, Table::checkpoint).empty()) << "this node has published nothing";
  const auto place = read_order_place(rows);
  ASSERT_TRUE(place && *place);
  EXPECT_EQ((*place)->mark, Hash{}) << "it has no place in the shared log yet";
}

TEST_F(TakeStoreTest, ACheckpointCountsWhereMoreThanHalfOfTheNodesSigned) {
  EXPECT_EQ(code_of(take_from("a")), Code::NOT_FOUND) << "who has the log's key and one node's";
  EXPECT_EQ(code_of(take_from("")), Code::NOT_FOUND);
  EXPECT_EQ(code_of(take_from("axyz")), Code::NOT_FOUND);
  TreeHead another = ledger_.tree();
  another.root = Hash::from(Bytes(32, 'x'));
  EXPECT_EQ(code_of(take_from("abc", {{.table = Table::checkpoint,
                                       .key = u64_key(another.size),
                                       .value = note_by("abc", another)}})),
            Code::CORRUPT)
      << "they signed another tree";
}

TEST_F(TakeStoreTest, AChangedLeafOrPayloadIsFound) {
  auto leaf = all().get(Table::leaf, u64_key(3)).value();
  ASSERT_TRUE(leaf);
  leaf->back() ^= 1;
  EXPECT_FALSE(take_from("abc", {{.table = Table::leaf, .key = u64_key(3), .value = leaf}}));
  auto payloads = rows_of(ledger_.sealed_state(), Table::payload);
  ASSERT_FALSE(payloads.empty());
  payloads.back().second.back() ^= 1;
  EXPECT_FALSE(take_from("abc", {{.table = Table::payload, .key = payloads.back().first,
                                  .value = payloads.back().second}}));
}

// Rows that no signature covers are not taken, so a lie in them changes nothing.
TEST_F(TakeStoreTest, WhatTheOtherNodeDerivedIsNotTaken) {
  const auto facts = rows_of(ledger_.sealed_state(), Table::fact);
  const auto codes = rows_of(ledger_.sealed_state(), Table::code);
  ASSERT_FALSE(facts.empty());
  const auto taken =
      take_from("abc", {{.table = Table::fact, .key = facts[0].first, .value = std::nullopt},
                        {.table = Table::code, .key = codes[0].first, .value = Bytes("false")},
                        {.table = Table::meta, .key = Bytes("purge/false"), .value = Bytes()}});
  ASSERT_TRUE(taken) << to_text(taken.error());
  const auto store = open_rocks_read_only(own());
  ASSERT_TRUE(store);
  EXPECT_EQ(rows_of((*store)->reader(), Table::fact), facts);
  EXPECT_EQ(rows_of((*store)->reader(), Table::code), codes);
  EXPECT_FALSE(*(*store)->reader().get(Table::meta, "purge/false"));
}

TEST_F(TakeStoreTest, AnAttachmentIsTakenUnderItsOwnHashAlone) {
  const Bytes good = "a certificate", bad = "another";
  const auto row = [](const Bytes& bytes) {
    return encode(StoredAttachment{.media_type = "text/plain", .bytes = bytes});
  };
  const auto taken = take_from(
      "abc", {{.table = Table::attachment, .key = sha256(good).bytes(), .value = row(good)},
              {.table = Table::attachment, .key = sha256("else").bytes(), .value = row(bad)}});
  ASSERT_TRUE(taken) << to_text(taken.error());
  const auto store = open_rocks_read_only(own());
  ASSERT_TRUE(store);
  const auto kept = rows_of((*store)->reader(), Table::attachment);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].first, sha256(good).bytes());
}

TEST_F(TakeStoreTest, AnAttachmentOfATypeThatNoNodeStoresIsNotTaken) {
  const Bytes good = "a certificate", bad = "a program";
  const auto row = [](const Bytes& bytes, const std::string& type) {
    return encode(StoredAttachment{.media_type = type, .bytes = bytes});
  };
  const auto taken = take_from("abc", {{.table = Table::attachment, .key = sha256(good).bytes(),
                                        .value = row(good, "text/plain")},
                                       {.table = Table::attachment, .key = sha256(bad).bytes(),
                                        .value = row(bad, "application/x-msdownload")}});
  ASSERT_TRUE(taken) << to_text(taken.error());
  const auto store = open_rocks_read_only(own());
  ASSERT_TRUE(store);
  const auto kept = rows_of((*store)->reader(), Table::attachment);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].first, sha256(good).bytes());
}

TEST_F(TakeErasedStoreTest, SectionsAreTakenByTheirDigestsAndNoticesTellOfTheOthers) {
  const auto taken = take_from("abc");
  ASSERT_TRUE(taken) << to_text(taken.error());
  const auto store = open_rocks_read_only(own());
  ASSERT_TRUE(store);
  const Reader& rows = (*store)->reader();
  const auto sections = rows_of(ledger_.sealed_state(), Table::section);
  EXPECT_EQ(sections.size(), 2U) << "one of three is erased";
  EXPECT_EQ(rows_of(rows, Table::section), sections);
  EXPECT_EQ(rows_of(rows, Table::meta, kErasedRows),
            rows_of(ledger_.sealed_state(), Table::meta, kErasedRows));
  EXPECT_TRUE(rows_of(rows, Table::meta, kAbsentRows).empty());
  EXPECT_EQ(read_erase_place(rows), kErasePlaceUnknown) << "the shared log is to forget it";
}

TEST_F(TakeErasedStoreTest, AFalseSectionIsNotTakenAndIsNoted) {
  auto sections = rows_of(ledger_.sealed_state(), Table::section);
  sections[0].second.back() ^= 1;
  const auto taken = take_from("abc", {{.table = Table::section, .key = sections[0].first,
                                        .value = sections[0].second}});
  ASSERT_TRUE(taken) << to_text(taken.error());
  const auto store = open_rocks_read_only(own());
  ASSERT_TRUE(store);
  EXPECT_EQ(rows_of((*store)->reader(), Table::section).size(), sections.size() - 1);
  const auto absent = rows_of((*store)->reader(), Table::meta, kAbsentRows);
  ASSERT_EQ(absent.size(), 1U);
  EXPECT_EQ(absent[0].first, absent_key(ledger_.made.place, ledger_.made.event.sections[1].digest));
}

TEST_F(TakeStoreTest, AStoreOfAnotherLedgerIsRefused) {
  FolderStore source(other("abc"));
  const auto taken = take_store({.source = source,
                                 .taken = folder_ / "store.taken",
                                 .store = own(),
                                 .ledger = {.origin = ledger_.id().origin, .genesis = {}},
                                 .genesis = genesis_,
                                 .signer = signer_});
  EXPECT_EQ(code_of(taken), Code::LEDGER_MISMATCH);
}

TEST_F(TakeStoreTest, ANodeThatSendsLessOrMoreThanItSaidIsToldSo) {
  FolderStore little(other("abc"));
  little.sends_little_of = 0;
  EXPECT_EQ(code_of(take(little)), Code::UNAVAILABLE);
  EXPECT_TRUE(remove_folder(folder_ / "store.taken"));
  FolderStore more(other("abc"));
  more.sends_too_much_of = 1;
  EXPECT_EQ(code_of(take(more)), Code::UNAVAILABLE);
}

// Before a byte is asked for.
TEST_F(TakeStoreTest, AStoreThatHasNoRoomHereOrCannotBeIsNotCopied) {
  const auto code_for = [&](std::vector<StoreFile> files) {
    SaidStore source(std::move(files), [] { return Result<Bytes>(Bytes("x")); });
    const Code code = code_of(take(source));
    EXPECT_EQ(source.asked, 0);
    EXPECT_TRUE(remove_folder(folder_ / "store.taken"));
    return code;
  };
  constexpr uint64_t kExbi = uint64_t{1} << 60;
  EXPECT_EQ(code_for({{.name = "000001.sst", .bytes = kExbi}}), Code::IO);
  EXPECT_EQ(code_for({{.name = "000001.sst", .bytes = UINT64_MAX},
                      {.name = "000002.sst", .bytes = 1}}),
            Code::UNAVAILABLE);
  EXPECT_EQ(code_for({{.name = "000001.log", .bytes = uint64_t{1} << 31}}), Code::UNAVAILABLE);
}

TEST_F(TakeStoreTest, ADiskThatFillsUpWhileAStoreIsCopiedIsSaid) {
  std::optional<test::FullDisk> full;
  SaidStore source({{.name = "000001.sst", .bytes = 1000}}, [&] {
    full.emplace();
    return Result<Bytes>(Bytes(1000, 'x'));
  });
  const auto taken = take(source);
  full.reset();
  EXPECT_EQ(code_of(taken), Code::IO);
}

TEST_F(TakeStoreTest, AViewThatIsGoneInTheMiddleEndsTheCopyWithTheReason) {
  SaidStore source({{.name = "000001.sst", .bytes = 1000}}, []() -> Result<Bytes> {
    return fail(Code::UNAVAILABLE, "this view of the store is gone: begin again");
  });
  const auto taken = take(source);
  ASSERT_EQ(code_of(taken), Code::UNAVAILABLE);
  EXPECT_NE(taken.error().message.find("begin again"), std::string::npos);
  EXPECT_EQ(source.asked, 1);
  EXPECT_FALSE(file_exists(own()));
}

}  // namespace
}  // namespace suyuan
