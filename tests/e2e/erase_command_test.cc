// suyuan erase: an answer that is lost is had again by the same command, and the receipt of a
// notice by its id.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>

#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "tests/e2e/sealed_events.h"

namespace suyuan::test {
namespace {

class EraseCommand : public ::testing::Test {
 protected:
  EraseCommand() {
    for (const std::string party : {"maker", "carrier"}) {
      const auto seed = sha256("small ledger " + party);
      const auto key = write_key_file(party, seed.view(), "", SealRandomness{});
      EXPECT_TRUE(key && write_new_file(at(party + ".key"), *key, FileMode::secret));
    }
  }
  static ServeOptions sealing_often() {
    ServeOptions options;
    options.seal_interval_ms = 50;
    return options;
  }
  std::string at(const std::string& name) const { return beside_.path() + "/" + name; }
  // Its exit code; what it printed is in said_.
  int suyuan(const std::string& arguments) {
    const std::string command = "XDG_CONFIG_HOME=" + at("config") + " timeout 60 " SUYUAN_PROGRAM
                                " --node " + ledger_.running().rpc_address() + " --genesis " +
                                ledger_.folder() + "/genesis.leaf " + arguments + " >" +
                                at("said") + " 2>&1";
    const int status = std::system(command.c_str());
    const auto said = read_file(at("said"), 1 << 20);
    said_ = said ? *said : "";
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  int erase(const SealedEvent& sealed, const std::string& ground = "consent_withdrawn",
            const std::string& signer = "maker") {
    return suyuan("--json erase " + std::to_string(sealed.place.leaf) + "/0 --part " +
                  to_base64(sealed.event.sections[0].digest.view()) + " --ground " + ground +
                  " --key " + at(signer + ".key") + " --out " + at("sent.note"));
  }

  TempFolder beside_;
  SmallLedger ledger_{sealing_often()};
  std::string said_;
};

TEST_F(EraseCommand, WhoseAnswerWasLostIsSentAgainAsItWas) {
  const SealedEvent sealed = post_sealed(ledger_, "E1", {"secret"});
  const std::string note = signed_notice(ledger_, erasure_of(ledger_, sealed, 0));
  ASSERT_TRUE(write_new_file(at("sent.note"), note, FileMode::shared));
  ASSERT_EQ(post_notice(ledger_, note).status, 201);
  EXPECT_EQ(erase(sealed, "unlawful"), 1) << "the file holds another notice: " << said_;
  ASSERT_EQ(erase(sealed), 0) << said_;
  EXPECT_FALSE(std::filesystem::exists(at("sent.note")));
  const std::string id(boost::json::parse(said_).at("id").as_string());
  EXPECT_EQ(id, to_hex(notice_id(parse_notice(note).value()).view()));
  EXPECT_EQ(suyuan("receipt " + id), 0) << said_;
}

// The key that signed it was revoked meanwhile, say: sent as it is, it would be refused for ever.
TEST_F(EraseCommand, KeptUnderAnotherKeyIsSignedAnew) {
  const SealedEvent sealed = post_sealed(ledger_, "E3", {"secret"});
  const auto kept = parse_notice(signed_notice(ledger_, erasure_of(ledger_, sealed, 0))).value();
  const auto other = key_from_seed(sha256("another key of the maker").view());
  SignedNote note{.text = kept.note.text, .signatures = {}};
  note.signatures.push_back(sign_note(note.text, "maker", other.secret, other.key));
  ASSERT_TRUE(write_new_file(at("sent.note"), write_note(note), FileMode::shared));
  EXPECT_NE(post_notice(ledger_, write_note(note)).status, 201) << "the control";
  ASSERT_EQ(erase(sealed), 0) << said_;
  EXPECT_EQ(std::string(boost::json::parse(said_).at("id").as_string()),
            to_hex(notice_id(kept).view()))
      << "the same notice";
}

// It is not in the ledger, and the right signer's next one would find its file in the way.
TEST_F(EraseCommand, KeepsNoNoticeThatWasRefusedAtOnce) {
  const SealedEvent sealed = post_sealed(ledger_, "E2", {"secret"});
  EXPECT_EQ(erase(sealed, "consent_withdrawn", "carrier"), 2) << said_;
  EXPECT_FALSE(std::filesystem::exists(at("sent.note")));
  EXPECT_EQ(said_.find("sent.note"), std::string::npos) << said_;
  ASSERT_EQ(erase(sealed), 0) << said_;
  EXPECT_EQ(erase(sealed), 2) << "nothing is left: " << said_;
  EXPECT_FALSE(std::filesystem::exists(at("sent.note")));
}

// Its first answer was lost, and may have been a receipt.
TEST_F(EraseCommand, KeepsANoticeOfBeforeThoughItIsRefusedNow) {
  const SealedEvent sealed = post_sealed(ledger_, "E4", {"secret"});
  ASSERT_EQ(erase(sealed), 0) << said_;
  const std::string note = signed_notice(ledger_, erasure_of(ledger_, sealed, 0));
  ASSERT_TRUE(write_new_file(at("sent.note"), note, FileMode::shared));
  EXPECT_EQ(erase(sealed), 2) << "nothing is left: " << said_;
  EXPECT_TRUE(std::filesystem::exists(at("sent.note")));
  EXPECT_NE(said_.find("sent.note"), std::string::npos) << said_;
}

}  // namespace
}  // namespace suyuan::test
