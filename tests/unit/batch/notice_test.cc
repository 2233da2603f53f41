// Notices by themselves: their form as the vectors have it, and whose keys they rest on.
#include "ledger/batch/notice.h"

#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "tests/support/vectors.h"

namespace suyuan {
namespace {

using testing::hex_of;
using testing::text_of;

uint64_t leaf_of(const boost::json::value& value) {
  return value.is_string() ? from_decimal(text_of(value)).value() : value.to_number<uint64_t>();
}

class NoticeVectors : public ::testing::Test {
 protected:
  EraseNotice value_of(const boost::json::value& one) const {
    EraseNotice notice{.ledger = {.origin = text_of(file_.at("origin")),
                                  .genesis = hex_of<Hash>(file_.at("genesis"))},
                       .party = text_of(file_.at("party").at("id")),
                       .leaf = leaf_of(one.at("leaf")),
                       .event = one.at("event").to_number<uint32_t>(),
                       .ground = erase_ground_from(text_of(one.at("ground"))).value(),
                       .nonce = hex_of<Nonce>(file_.at("nonce"))};
    if (!one.at("section").is_null()) notice.section = hex_of<Hash>(one.at("section"));
    return notice;
  }
  const boost::json::value file_ = testing::own_vectors("notices.json");
};

TEST_F(NoticeVectors, HaveTheTextThatWeWriteAndRead) {
  const auto key = hex_of<PublicKey>(file_.at("party").at("public"));
  for (const auto& one : file_.at("accepted").as_array()) {
    SCOPED_TRACE(text_of(one.at("why")));
    EXPECT_EQ(write_erase_text(value_of(one)), text_of(one.at("text")));
    const auto parsed = parse_notice(text_of(one.at("note")));
    ASSERT_TRUE(parsed) << to_text(parsed.error());
    EXPECT_EQ(std::get<EraseNotice>(parsed->text), value_of(one));
    EXPECT_EQ(notice_id(*parsed), hex_of<Hash>(one.at("id")));
    EXPECT_EQ(write_note(parsed->note), text_of(one.at("note")));
    EXPECT_TRUE(verify_note_signature(parsed->note.text, parsed->note.signatures[0], key));
  }
}

TEST_F(NoticeVectors, AreRefusedForTheirReasons) {
  for (const auto& one : file_.at("refused").as_array()) {
    SCOPED_TRACE(text_of(one.at("why")));
    const auto parsed = parse_notice(text_of(one.at("note")));
    ASSERT_FALSE(parsed);
    EXPECT_EQ(info(parsed.error().code).name, text_of(one.at("code"))) << to_text(parsed.error());
  }
}

TEST_F(NoticeVectors, MakeTheLeafThatIsHashed) {
  const auto& link = file_.at("link");
  const Bytes data = write_leaf(LeafKind::notice, link.at("time_ms").to_number<int64_t>(),
                                text_of(link.at("note")));
  EXPECT_EQ(data, text_of(link.at("leaf_data")));
  EXPECT_TRUE(parse_leaf(data));
}

TEST(Notice, OfMoreThan12KiBIsRefused) {
  const std::string note(limits::kNoteBytesMax + 1, 'x');
  EXPECT_EQ(parse_notice(note).error().code, Code::TOO_LARGE);
}

TEST(Notice, MayBeGivenByTheOwnerOrAnAuthorityAndOfInspectionsByAnAuthorityAlone) {
  EXPECT_TRUE(check_may_erase("farm", false, "farm", false));
  EXPECT_TRUE(check_may_erase("registrar", true, "farm", false));
  EXPECT_TRUE(check_may_erase("registrar", true, "lab", true));
  for (const auto& refused : {check_may_erase("maker", false, "farm", false),
                              check_may_erase("lab", false, "lab", true),
                              check_may_erase("farm", false, "lab", true)}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::NOT_AUTHORITY);
  }
}

}  // namespace
}  // namespace suyuan
