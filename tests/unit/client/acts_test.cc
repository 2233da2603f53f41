#include "client/acts.h"

#include <filesystem>

#include "ledger/os/files.h"
#include "ledger/registry/possession.h"
#include "tests/unit/client/support.h"

namespace suyuan {
namespace {

std::string no_passphrase(const std::string&) { return {}; }

RegisterParty farm() {
  return {.party = {.id = "nz-farm-1", .name = "Farm", .roles = {Role::producer}}, .keys = {}};
}

TEST(Acts, ReadBackAsTheyWereWritten) {
  const std::vector<RegistryEvent> acts = {
      farm(), RevokeKey{.party = "nz-farm-1", .key = test::fixed_key(4).key, .reason = "lost"}};
  const auto read = parse_acts(write_acts(acts));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, acts);
}

TEST(Acts, NameTheOneThatIsFaulty) {
  const auto read =
      parse_acts(R"([{"act":"registerParty","party":{"id":"a","name":"A","roles":["lab"]}},
                     {"act":"registerParty","party":{"id":"b"}}])");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().front().event, 1);
}

TEST(Acts, GetTheKeyOfTheirPartysFileWithItsProof) {
  const test::Folder folder;
  const PinnedLedger pinned = test::ledger();
  const auto made = make_key_file(folder.file("nz-farm-1.key"), "nz-farm-1", "");
  ASSERT_TRUE(made);
  std::vector<RegistryEvent> acts = {farm()};
  ASSERT_TRUE(add_keys_from(folder.file("."), pinned.id, no_passphrase, acts));
  const auto& keys = std::get<RegisterParty>(acts[0]).keys;
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].key, *made);
  EXPECT_TRUE(check_possessions(pinned.id, acts).empty());
}

TEST(Acts, OfPartiesWithoutAFileGetNoKey) {
  const test::Folder folder;
  std::vector<RegistryEvent> acts = {farm()};
  ASSERT_TRUE(add_keys_from(folder.file("."), test::ledger().id, no_passphrase, acts));
  EXPECT_TRUE(std::get<RegisterParty>(acts[0]).keys.empty());
}

TEST(Acts, WithAProofForAnotherLedgerAreFoundBeforeTheyAreSigned) {
  const KeyPair key = test::fixed_key(4);
  const LedgerId other = test::ledger("b.example/log").id;
  RegisterParty act = farm();
  act.keys = {prove_possession(other, "nz-farm-1", key.secret, key.key)};
  const auto errors = check_possessions(test::ledger().id, {farm(), act});
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].code, Code::POSSESSION_INVALID);
  EXPECT_EQ(errors[0].event, 1);
}

TEST(KeyFiles, AreNotReplaced) {
  const test::Folder folder;
  ASSERT_TRUE(make_key_file(folder.file("a.key"), "a", ""));
  EXPECT_FALSE(make_key_file(folder.file("a.key"), "a", ""));
}

TEST(KeyFiles, AreRefusedWhereOthersMayReadThem) {
  const test::Folder folder;
  ASSERT_TRUE(make_key_file(folder.file("a.key"), "a", ""));
  ASSERT_TRUE(load_key(folder.file("a.key"), no_passphrase));
  std::filesystem::permissions(folder.file("a.key"), std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  const auto read = load_key(folder.file("a.key"), no_passphrase);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("chmod 600"), std::string::npos);
}

TEST(KeyFiles, OpenWithTheirPassphraseAlone) {
  const test::Folder folder;
  const auto key = make_key_file(folder.file("a.key"), "a", "open sesame");
  ASSERT_TRUE(key);
  const auto good = load_key(folder.file("a.key"),
                             [](const std::string&) { return std::string("open sesame"); });
  ASSERT_TRUE(good);
  EXPECT_EQ(good->pair.key, *key);
  EXPECT_FALSE(load_key(folder.file("a.key"), no_passphrase));
}

}  // namespace
}  // namespace suyuan
