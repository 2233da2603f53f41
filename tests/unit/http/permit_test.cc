// Permits for attachments, as the vectors have them.
#include "node/http/permit.h"

#include <gtest/gtest.h>

#include "tests/support/vectors.h"

namespace suyuan::http {
namespace {

using testing::hex_of;
using testing::text_of;

class PermitVectors : public ::testing::Test {
 protected:
  PermitVectors() {
    const auto& data = file_.at("party");
    party_.data.id = text_of(data.at("id"));
    const auto key = hex_of<PublicKey>(data.at("public"));
    party_.keys = {{.key = key, .key_id = suyuan::key_id(party_.data.id, key), .registered = 1}};
  }
  Result<Done> judge(const boost::json::value& one) const {
    SUYUAN_TRY(permit, parse_permit(text_of(one.at("authorization"))));
    const auto act = text_of(one.at("act"));
    SUYUAN_TRY_DONE(check_use(permit, {.ledger = {.origin = text_of(file_.at("origin")),
                                                  .genesis = hex_of<Hash>(file_.at("genesis"))},
                                       .now_ms = file_.at("now_ms").as_int64(),
                                       .act = act,
                                       .sha256 = hex_of<Hash>(one.at("sha256"))}));
    return check_signature(permit, party_, kLeaf);
  }

  static constexpr uint64_t kLeaf = 100;
  const boost::json::value file_ = testing::own_vectors("permits.json");
  PartyState party_;
};

TEST_F(PermitVectors, AreTaken) {
  for (const auto& one : file_.at("accepted").as_array()) {
    const auto judged = judge(one);
    EXPECT_TRUE(judged) << text_of(one.at("why")) << ": " << to_text(judged.error());
  }
}

// A scheme's name is the same in any case of letters (RFC 9110 11.1).
TEST_F(PermitVectors, AreTakenInAnyCaseOfTheScheme) {
  boost::json::value one = file_.at("accepted").as_array().front();
  const auto note = text_of(one.at("authorization")).substr(std::string("Suyuan-Note ").size());
  for (const std::string scheme : {"suyuan-note ", "SUYUAN-NOTE ", "Suyuan-Note  "}) {
    one.as_object()["authorization"] = scheme + note;
    EXPECT_TRUE(judge(one)) << scheme;
  }
  one.as_object()["authorization"] = "Suyuan-Notes " + note;
  EXPECT_FALSE(judge(one));
}

TEST_F(PermitVectors, AreRefusedForTheirReasons) {
  for (const auto& one : file_.at("refused").as_array()) {
    const auto judged = judge(one);
    ASSERT_FALSE(judged) << text_of(one.at("why"));
    EXPECT_EQ(info(judged.error().code).name, text_of(one.at("code"))) << text_of(one.at("why"));
  }
}

TEST_F(PermitVectors, AreRefusedOnceTheirKeyIsRevoked) {
  party_.keys[0].revoked = kLeaf - 1;
  const auto judged = judge(file_.at("accepted").as_array().front());
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().code, Code::KEY_NOT_IN_FORCE);
}

TEST_F(PermitVectors, AreRefusedInEveryPrefix) {
  const auto whole = text_of(file_.at("accepted").as_array().front().at("authorization"));
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_permit(std::string_view(whole).substr(0, size))) << size;
}

}  // namespace
}  // namespace suyuan::http
