// A note on its way between its signers: whoever signs next takes it as it is, and the last one's
// is the note that the ledger takes.
#include "ledger/batch/unfinished_note.h"

#include "tests/unit/batch/batches.h"

namespace suyuan::testing {
namespace {

class Unfinished : public ::testing::Test {
 protected:
  // Signed by the farm alone; the buyer and the gate are to follow.
  Submission begun() const {
    return begin_batch(ledger_.draft({{kUnit}}), ledger_.as_farm(), {"buyer", "gate"}).value();
  }
  static std::string outcome_of(const Result<UnfinishedNote>& note) {
    return note ? "OK" : std::string(info(note.error().code).name);
  }

  const Ledger ledger_;
};

TEST_F(Unfinished, IsNoBatchNoteUntilAllHaveSigned) {
  Submission submission = begun();
  EXPECT_EQ(parse_batch_note(submission.note).error().code, Code::SIGNATURE_LINES);
  auto note = UnfinishedNote::parse(submission.note).value();
  EXPECT_EQ(note.missing(), (std::vector<std::string>{"buyer", "gate"}));
  ASSERT_TRUE(note.sign(ledger_.as_gate()));  // in any order
  EXPECT_EQ(parse_batch_note(note.text()).error().code, Code::SIGNATURE_LINES);
  auto next = UnfinishedNote::parse(note.text()).value();
  EXPECT_EQ(next.missing(), std::vector<std::string>{"buyer"});
  ASSERT_TRUE(next.sign(ledger_.as_buyer()));
  EXPECT_TRUE(next.missing().empty());
  submission.note = next.text();
  const auto whole = parse_batch_note(submission.note).value();
  EXPECT_EQ(whole.note.signatures[1].name, "buyer");
  EXPECT_EQ(whole.note.signatures[2].name, "gate");
  EXPECT_EQ(ledger_.verified(decoded(submission, {event_of({kUnit})})), "OK");
}

TEST_F(Unfinished, IsSignedOnceByEachAndByNobodyElse) {
  auto note = UnfinishedNote::parse(begun().note).value();
  EXPECT_EQ(note.sign(ledger_.as_farm()).error().code, Code::INVALID_FIELD);
  const KeyPair stranger = key_from_seed(Bytes(kSeedBytes, 's'));
  const auto refused =
      note.sign({.party = "stranger", .secret = stranger.secret, .key = stranger.key});
  EXPECT_EQ(refused.error().code, Code::INVALID_FIELD);
  EXPECT_EQ(note.text(), begun().note);
}

TEST_F(Unfinished, IsRefusedWithLinesOfOthersOrInAnotherOrder) {
  const std::string text = begun().note;
  const SignedNote signed_note = parse_note(text).value();
  const auto with_lines = [&](const std::vector<Signer>& signers) {
    SignedNote other{.text = signed_note.text, .signatures = {}};
    for (const auto& one : signers)
      other.signatures.push_back(sign_note(other.text, one.party, one.secret, one.key));
    return UnfinishedNote::parse(write_note(other));
  };
  EXPECT_EQ(outcome_of(with_lines({ledger_.as_farm(), ledger_.as_gate()})), "OK");
  EXPECT_EQ(outcome_of(with_lines({ledger_.as_gate(), ledger_.as_farm()})), "SIGNATURE_LINES");
  EXPECT_EQ(outcome_of(with_lines({ledger_.as_farm(), ledger_.as_farm()})), "SIGNATURE_LINES");
  Signer stranger = ledger_.as_farm();
  stranger.party = "stranger";
  EXPECT_EQ(outcome_of(with_lines({ledger_.as_farm(), stranger})), "SIGNATURE_LINES");
  EXPECT_EQ(outcome_of(UnfinishedNote::parse("suyuan/batch/v1\n")), "NOTE_SYNTAX");
}

TEST_F(Unfinished, OfMoreSignersThanANoteHoldsIsNotBegun) {
  const std::vector<std::string> nine(9, "buyer");
  EXPECT_EQ(begin_batch(ledger_.draft({{kUnit}}), ledger_.as_farm(), nine).error().code,
            Code::TOO_MANY);
}

}  // namespace
}  // namespace suyuan::testing
