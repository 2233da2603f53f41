// Signed challenges, as the vectors have them.
#include "ledger/batch/session_note.h"

#include <gtest/gtest.h>

#include "tests/support/vectors.h"

namespace suyuan {
namespace {

using testing::hex_of;
using testing::text_of;

class SessionVectors : public ::testing::Test {
 protected:
  SessionVectors() {
    const auto& data = file_.at("party");
    party_.data.id = text_of(data.at("id"));
    const auto key = hex_of<PublicKey>(data.at("public"));
    party_.keys = {{.key = key, .key_id = key_id(party_.data.id, key), .registered = 1}};
  }
  Result<Done> judge(const std::string& note) const {
    SUYUAN_TRY(parsed, parse_session_note(note));
    return check_session_signature(parsed, party_, kLeaf);
  }
  SessionText value() const {
    const auto& value = file_.at("value");
    return {.ledger = {.origin = text_of(file_.at("origin")),
                       .genesis = hex_of<Hash>(file_.at("genesis"))},
            .node = text_of(value.at("node")),
            .party = text_of(value.at("party")),
            .key = party_.keys.front().key,
            .nonce = hex_of<SessionNonce>(value.at("nonce")),
            .until_ms = value.at("until_ms").as_int64()};
  }

  static constexpr uint64_t kLeaf = 100;
  const boost::json::value file_ = testing::own_vectors("sessions.json");
  PartyState party_;
};

TEST_F(SessionVectors, HaveTheTextThatWeWrite) {
  EXPECT_EQ(write_session_text(value()), text_of(file_.at("value").at("text")));
  const auto parsed = parse_session_note(text_of(file_.at("accepted").at(0).at("note")));
  ASSERT_TRUE(parsed) << to_text(parsed.error());
  EXPECT_EQ(parsed->text, value());
}

TEST_F(SessionVectors, AreTaken) {
  for (const auto& one : file_.at("accepted").as_array()) {
    const auto judged = judge(text_of(one.at("note")));
    EXPECT_TRUE(judged) << text_of(one.at("why")) << ": " << to_text(judged.error());
  }
}

TEST_F(SessionVectors, AreRefusedForTheirReasons) {
  for (const auto& one : file_.at("refused").as_array()) {
    const auto judged = judge(text_of(one.at("note")));
    ASSERT_FALSE(judged) << text_of(one.at("why"));
    EXPECT_EQ(info(judged.error().code).name, text_of(one.at("code"))) << text_of(one.at("why"));
  }
}

TEST_F(SessionVectors, AreRefusedOnceTheirKeyIsRevoked) {
  party_.keys[0].revoked = kLeaf - 1;
  const auto judged = judge(text_of(file_.at("accepted").at(0).at("note")));
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().code, Code::KEY_NOT_IN_FORCE);
}

TEST_F(SessionVectors, AreRefusedInEveryPrefix) {
  const auto whole = text_of(file_.at("accepted").at(0).at("note"));
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_session_note(std::string_view(whole).substr(0, size))) << size;
}

}  // namespace
}  // namespace suyuan
