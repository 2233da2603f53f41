// Two authorities for an authority's key: over the wires, by the programs that hand a batch from
// one to the other, and for whoever checks the ledger afterwards.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <thread>

#include "ledger/registry/genesis.h"
#include "proto/json/bundle_json.h"
#include "tests/e2e/small_ledger.h"
#include "tests/e2e/two_authorities.h"

namespace suyuan::test {
namespace {

class Authorities : public ::testing::Test {
 protected:
  // What the node answers to it: "OK", or the first refusal.
  std::string posted(const Submission& submission) {
    std::string said;
    std::thread([&] {  // KJ has one event loop for each thread
      const auto connection = Connection::open({.node = ledger_.running().rpc_address()});
      ASSERT_TRUE(connection);
      const auto answer = (*connection)->submit(submission);
      said = answer.outcome ? "OK" : to_text(answer.outcome.error().front());
    }).join();
    return said;
  }
  uint64_t size_of_log() {
    uint64_t size = 0;
    std::thread([&] {
      const auto connection = Connection::open({.node = ledger_.running().rpc_address()});
      ASSERT_TRUE(connection);
      size = (*connection)->status().head.size;
    }).join();
    return size;
  }
  // Its exit code; what it printed is in said_.
  int suyuan(const std::string& arguments) {
    const std::string command = "XDG_CONFIG_HOME=" + ledger_.file("config") + " timeout 60 " +
                                SUYUAN_PROGRAM " --node " + ledger_.running().rpc_address() +
                                " --genesis " + ledger_.data() + "/genesis.leaf " + arguments +
                                " >" + ledger_.file("said") + " 2>&1";
    const int status = std::system(command.c_str());
    const auto said = read_file(ledger_.file("said"), 1 << 20);
    said_ = said ? *said : "";
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string rotation_of(const std::string& authority) {
    const std::string request = ledger_.file("rotate.json");
    EXPECT_EQ(suyuan("rotate --key " + ledger_.key_file(authority) + " --new-key " +
                     ledger_.file(authority + "-2.key") + " --out " + request),
              0)
        << said_;
    return request;
  }

  static ServeOptions sealing() {
    ServeOptions options;
    options.seal_interval_ms = 50;
    return options;
  }

  TwoAuthorities ledger_{sealing()};
  std::string said_;
};

TEST_F(Authorities, OfALedgerThatHasTwoAreAQuorumOfTwo) {
  const auto leaf = parse_leaf(ledger_.running().ledger().leaf).value();
  EXPECT_EQ(parse_genesis(leaf.text).value().quorum, 2U);
}

TEST_F(Authorities, ChangeTheKeysOfOneTogetherAndNotAlone) {
  const AddKey add{.party = "samr", .key = ledger_.new_key("samr", 'x')};
  EXPECT_NE(posted(ledger_.acts({add}, "samr")).find("NOT_AUTHORITY at event 0, field with"),
            std::string::npos);
  EXPECT_NE(posted(ledger_.acts({add}, "customs")).find("NOT_AUTHORITY"), std::string::npos);
  EXPECT_EQ(posted(ledger_.acts({add}, "customs", {"samr"})), "OK");
}

TEST_F(Authorities, RotateAKeyByAFileThatGoesFromOneToTheOther) {
  const std::string request = rotation_of("samr");
  EXPECT_EQ(suyuan("approve " + request + " --key " + ledger_.key_file("samr")), 2) << said_;
  EXPECT_NE(said_.find("NOT_AUTHORITY"), std::string::npos) << said_;
  const std::string half = ledger_.file("half.json");
  ASSERT_EQ(suyuan("approve " + request + " --key " + ledger_.key_file("samr") +
                   " --with customs --out " + half),
            0)
      << said_;
  EXPECT_NE(said_.find("customs"), std::string::npos) << said_;
  EXPECT_EQ(suyuan("cosign " + half + " --key " + ledger_.key_file("samr")), 1) << "signed already";
  ASSERT_EQ(suyuan("cosign " + half + " --key " + ledger_.key_file("customs")), 0) << said_;
  EXPECT_NE(said_.find("addKey"), std::string::npos) << "what is signed is shown: " << said_;
  EXPECT_EQ(suyuan("cosign " + half + " --key " + ledger_.key_file("customs")), 0)
      << "the same again is taken once: " << said_;
  EXPECT_EQ(suyuan("whoami --key " + ledger_.file("samr-2.key")), 0) << said_;
  EXPECT_NE(said_.find("in force"), std::string::npos) << said_;
  EXPECT_NE(said_.find("revoked"), std::string::npos) << said_;
  // Alone it still does what one authority may.
  ASSERT_EQ(suyuan("keygen farm --out " + ledger_.file("farm.key")), 0) << said_;
  ASSERT_EQ(suyuan("register --key " + ledger_.file("farm.key") +
                   " --name Farm --role producer --out " + ledger_.file("farm.json")),
            0)
      << said_;
  EXPECT_EQ(suyuan("approve " + ledger_.file("farm.json") + " --key " +
                   ledger_.file("samr-2.key")),
            0)
      << said_;
}

TEST_F(Authorities, SignNoFileThatSaysOtherThanItsNote) {
  const std::string half = ledger_.file("half.json");
  ASSERT_EQ(suyuan("approve " + rotation_of("samr") + " --key " + ledger_.key_file("samr") +
                   " --with customs --out " + half),
            0)
      << said_;
  const std::string text = read_file(half, 1 << 20).value();
  const auto refused = [&](const std::string& other) {
    EXPECT_TRUE(write_file(ledger_.file("other.json"), other, FileMode::shared));
    return suyuan("cosign " + ledger_.file("other.json") + " --key " +
                  ledger_.key_file("customs")) == 1
               ? said_
               : "signed: " + said_;
  };
  std::string salted = text;
  const size_t salt = salted.find("\"salt\":\"") + 8;
  salted[salt] = salted[salt] == 'A' ? 'B' : 'A';
  EXPECT_NE(refused(salted).find("ROOT_MISMATCH"), std::string::npos) << said_;
  EXPECT_EQ(refused(text.substr(0, text.size() / 2)).find("signed: "), std::string::npos) << said_;
  std::string of_another = text;
  of_another.replace(of_another.find("two.suyuan.example"), 3, "twa");
  EXPECT_NE(refused(of_another).find("LEDGER_MISMATCH"), std::string::npos) << said_;
}

// A maker whom the authority registered with its second key, and a can of his.
TEST_F(Authorities, AreJudgedTheSameByAnAuditAndInABundle) {
  const AddKey add{.party = "samr", .key = ledger_.new_key("samr", 'x')};
  ASSERT_EQ(posted(ledger_.acts({add}, "samr", {"customs"})), "OK");
  const RevokeKey revoke{.party = "samr", .key = add.key.key};
  ASSERT_EQ(posted(ledger_.acts({revoke}, "customs", {"samr"})), "OK");
  const KeyPair maker = key_from_seed(Bytes(kSeedBytes, 'm'));
  ASSERT_EQ(posted(ledger_.acts(
                {RegisterParty{.party = {.id = "maker",
                                         .name = "Maker",
                                         .roles = {Role::manufacturer}},
                               .keys = {prove_possession(ledger_.id(), "maker", maker.secret,
                                                         maker.key)}},
                 RegisterProduct{{.gtin = kFormula, .name = "Formula", .owner = "maker"}}},
                "samr")),
            "OK");
  const std::string can = testing::code("sgtin:" + kFormula + ":B1");
  const UnsignedEvent event = SmallLedger::payload_of(
      testing::commission("2026-05-28T08:00:00Z", {can}));
  const auto batch = sign_batch(ledger_.id(), PayloadType::event_capnp, {event}, kFarFuture,
                                random_fixed<Nonce>(),
                                {.party = "maker", .secret = maker.secret, .key = maker.key});
  ASSERT_EQ(posted(*batch), "OK");
  HttpClient http(ledger_.running().http_port());
  const auto bundle = http.get("/v1/codes/" + percent_encode(can) +
                               "/bundle?size=" + std::to_string(size_of_log()) + "&wait=20000");
  ASSERT_EQ(bundle.status, 200) << bundle.body;
  const auto& pinned = ledger_.running().ledger();
  Policy policy = policy_of_log(pinned.genesis.origin, pinned.genesis.log_key);
  policy.genesis = {pinned.id.genesis};
  const auto verdict = verify_bundle_text(bundle.body, policy, TwoAuthorities::kNow + 60'000);
  EXPECT_EQ(word(verdict.judged), "PROVEN") << verdict.message;
  EXPECT_EQ(suyuan("audit http://127.0.0.1:" + std::to_string(ledger_.running().http_port()) +
                   "/log --replay"),
            0)
      << said_;
}

}  // namespace
}  // namespace suyuan::test
