#include "ledger/proof/witness.h"

#include <gtest/gtest.h>

#include "ledger/base/text.h"
#include "ledger/merkle/tree.h"
#include "tests/support/vectors.h"
#include "tests/unit/proof/keys.h"

namespace suyuan {
namespace {

using testing::checkpoint_of;
using testing::leaves_of;
using testing::naive_consistency;
using testing::signed_checkpoint;
using testing::text_of;
using testing::the_log;

// A witness in memory: what a server does with the rules.
struct Desk {
  testing::Party self = testing::party("example.com/witness", 'w');
  std::vector<WitnessedLog> logs;
  uint64_t now_s = 1000;

  WitnessAnswer post(const std::string& body) {
    const auto request = parse_add_checkpoint(body);
    if (!request) return refuse_request(request.error());
    WitnessedLog* log = nullptr;
    for (auto& one : logs) {
      if (one.origin == origin_of(*request)) log = &one;
    }
    const CosignerKey key{.name = self.name, .secret = self.pair.secret, .key = self.pair.key};
    auto answer = add_checkpoint(*request, log, key, now_s);
    if (answer.next) *log = *answer.next;
    return answer;
  }
  void trust(const NoteKey& key) {
    logs.push_back({.origin = key.name,
                    .keys = {key},
                    .head = {.size = 0, .root = empty_root()}});
  }
};

TEST(WitnessVectors, TheSequenceIsAnsweredAsTheirs) {
  SUYUAN_SHARED_VECTORS(file, "vectors/witness/add-checkpoint-sequence.json");
  Desk desk;
  desk.trust(parse_note_key(text_of(file.at("log_vkey"))).value());
  for (const auto& one : file.at("cases").as_array()) {
    const auto answer = desk.post(text_of(one.at("request_body")));
    EXPECT_EQ(answer.status, one.at("want_status").to_number<int>()) << one.at("name");
    EXPECT_NE(answer.body.find(text_of(one.at("want_body_contains"))), std::string::npos)
        << one.at("name") << answer.body;
  }
}

const auto kTheLog = leaves_of(20);
const auto kOther = leaves_of(20, "another-");

class Witness : public ::testing::Test {
 protected:
  Witness() { desk_.trust(the_log().key(NoteKeyType::ed25519)); }

  static std::string body_of(testing::HashSpan leaves, size_t older, size_t newer) {
    AddCheckpoint request{.old_size = older, .proof = {}, .note = signed_checkpoint(leaves, newer)};
    if (older > 0 && older < newer) request.proof = naive_consistency(leaves.first(newer), older);
    return write_add_checkpoint(request);
  }
  WitnessAnswer grow(size_t older, size_t newer) {
    return desk_.post(body_of(kTheLog, older, newer));
  }
  const WitnessedLog& log() const { return desk_.logs[0]; }

  Desk desk_;
};

TEST_F(Witness, CosignsGrowth) {
  size_t older = 0;
  for (const size_t newer : {3U, 3U, 4U, 9U, 20U}) {
    ++desk_.now_s;
    const auto answer = grow(older, newer);
    ASSERT_EQ(answer.status, 200) << answer.body;
    // The answer, put to the checkpoint, is a cosigned one.
    const std::vector<NoteKey> known = {desk_.self.key(NoteKeyType::cosignature)};
    const auto opened = open_note(signed_checkpoint(kTheLog, newer) + answer.body, known);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->verified[0].time_s, desk_.now_s);
    EXPECT_EQ(log().head, testing::head_of(kTheLog, newer));
    const std::vector<NoteKey> both = {the_log().key(NoteKeyType::ed25519), known[0]};
    EXPECT_EQ(open_note(log().note, both)->verified.size(), 2U);
    older = newer;
  }
}

TEST_F(Witness, EveryPairOfSizesIsAnsweredByTheTable) {
  for (size_t kept = 0; kept <= 20; kept += 5) {
    for (size_t old = 0; old <= 20; ++old) {
      for (size_t newer = 1; newer <= 20; ++newer) {
        Desk desk;
        desk.trust(the_log().key(NoteKeyType::ed25519));
        if (kept > 0) {
          ASSERT_EQ(desk.post(body_of(kTheLog, 0, kept)).status, 200);
        }
        const auto answer = desk.post(body_of(kTheLog, old, newer));
        const int want = old > newer ? 400 : old != kept ? 409 : 200;
        EXPECT_EQ(answer.status, want) << kept << " " << old << " " << newer << answer.body;
        if (want == 409) {
          EXPECT_EQ(answer.body, std::to_string(kept) + "\n");
          EXPECT_EQ(answer.content_type, "text/x.tlog.size");
        }
        EXPECT_EQ(desk.logs[0].head.size, want == 200 ? newer : kept);
      }
    }
  }
}

TEST_F(Witness, NeverCosignsAnotherTree) {
  ASSERT_EQ(grow(0, 7).status, 200);
  EXPECT_EQ(desk_.post(body_of(kOther, 7, 7)).status, 422);
  EXPECT_EQ(desk_.post(body_of(kOther, 7, 20)).status, 422);
  EXPECT_EQ(desk_.post(body_of(kOther, 0, 20)).status, 409);
  EXPECT_EQ(desk_.post(body_of(kOther, 5, 6)).status, 409);
  EXPECT_EQ(log().head, testing::head_of(kTheLog, 7));
}

TEST_F(Witness, RefusesAProofWhereNothingIsToProve) {
  const std::string hash = to_base64(kTheLog[0].view()) + "\n";
  EXPECT_EQ(desk_.post("old 0\n" + hash + "\n" + signed_checkpoint(kTheLog, 7)).status, 422);
  ASSERT_EQ(grow(0, 7).status, 200);
  EXPECT_EQ(desk_.post("old 7\n" + hash + "\n" + signed_checkpoint(kTheLog, 7)).status, 422);
}

TEST_F(Witness, AnEmptyTreeHasOneRoot) {
  EXPECT_EQ(grow(0, 0).status, 200);
  const auto log = the_log();
  const Checkpoint odd{.origin = log.name, .head = {.size = 0, .root = sha256("x")}};
  EXPECT_EQ(desk_.post("old 0\n\n" + sign_checkpoint(odd, log.pair.secret, log.pair.key)).status,
            422);
}

TEST_F(Witness, RefusesWhatItsLogDidNotSign) {
  const auto stranger = testing::party(the_log().name, 's');
  const auto checkpoint = checkpoint_of(kTheLog, 7);
  const auto note = sign_checkpoint(checkpoint, stranger.pair.secret, stranger.pair.key);
  EXPECT_EQ(desk_.post("old 0\n\n" + note).status, 403);
  EXPECT_EQ(log().head.size, 0U);
}

TEST_F(Witness, RefusesMalformedRequests) {
  const auto note = signed_checkpoint(kTheLog, 7);
  std::string hashes;
  for (int i = 0; i < 64; ++i) hashes += to_base64(kTheLog[0].view()) + "\n";
  const std::vector<std::string> cases = {
      std::string(), "old 0\n" + note, "old 00\n\n" + note, "old -1\n\n" + note,
      "old\n\n" + note, "0\n\n" + note, "old 0 \n\n" + note, "old 0\nx\n\n" + note,
      "old 0\n\n\n" + note, "old 0\n\n", "old 0\r\n\n" + note,
      "old 9223372036854775808\n\n" + note, "old 0\n" + hashes + "\n" + note,
      "old 0\n\n" + note.substr(0, note.size() - 1), "old 0\n\n" + note + "x",
      "old 0\n\n" + note.substr(0, note.find("\n\n") + 2)};
  for (const auto& bad : cases) {
    EXPECT_EQ(desk_.post(bad).status, 400) << bad;
  }
  EXPECT_EQ(desk_.post("old 0\n\n" + note + "no line\n").status, 403);
  const std::string large(100 << 10, 'x');
  EXPECT_EQ(desk_.post(large).status, 413);
  EXPECT_EQ(log().head.size, 0U);
}

TEST_F(Witness, RequestsAreReadAsTheyWereWritten) {
  const AddCheckpoint request{.old_size = 3,
                              .proof = naive_consistency(testing::HashSpan(kTheLog).first(7), 3),
                              .note = signed_checkpoint(kTheLog, 7)};
  EXPECT_EQ(parse_add_checkpoint(write_add_checkpoint(request)).value(), request);
  EXPECT_EQ(origin_of(request), the_log().name);
}

}  // namespace
}  // namespace suyuan
