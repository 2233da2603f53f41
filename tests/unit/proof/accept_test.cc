#include "ledger/proof/accept.h"

#include <gtest/gtest.h>

#include "ledger/base/text.h"
#include "tests/unit/proof/keys.h"

namespace suyuan {
namespace {

using testing::cosigned_checkpoint;
using testing::leaves_of;
using testing::party;
using testing::the_log;
using testing::two_of_three;

const auto kLeaves = leaves_of(8);

TEST(Accept, ACheckpointThatMeetsTheQuorum) {
  const auto policy = parse_policy(two_of_three()).value();
  const auto accepted = accept_checkpoint(cosigned_checkpoint(kLeaves, 7, "ac", 100), policy);
  ASSERT_TRUE(accepted) << accepted.error().message;
  EXPECT_EQ(accepted->opened.checkpoint, testing::checkpoint_of(kLeaves, 7));
  EXPECT_EQ(accepted->witnessed.as_of_s, 100U);
  EXPECT_FALSE(accepted->witnessed.replayed);
  const auto replaying = parse_policy(two_of_three() + "#suyuan replayer c\n").value();
  EXPECT_TRUE(accept_checkpoint(cosigned_checkpoint(kLeaves, 7, "ac", 100), replaying)
                  ->witnessed.replayed);
  EXPECT_FALSE(accept_checkpoint(cosigned_checkpoint(kLeaves, 7, "ab", 100), replaying)
                   ->witnessed.replayed);
}

TEST(Accept, RefusesTooFewWitnesses) {
  const auto policy = parse_policy(two_of_three()).value();
  const std::vector<std::string> cases = {
      "", "a", "aa", "xyz", "ax"};
  for (const auto& few : cases) {
    const auto refused = accept_checkpoint(cosigned_checkpoint(kLeaves, 7, few, 100), policy);
    ASSERT_FALSE(refused) << few;
    EXPECT_EQ(refused.error().fault, CheckpointFault::quorum_missing) << few;
    const std::string& why = refused.error().message;
    const bool says_who = why.find("that it does not name") != std::string::npos;
    EXPECT_EQ(says_who, few == "xyz" || few == "ax") << why;
  }
}

TEST(Accept, RefusesACosignatureOfAnotherCheckpoint) {
  const auto policy = parse_policy(two_of_three()).value();
  const auto other = testing::cosigned_by(
      testing::witness('c'), write_checkpoint(testing::checkpoint_of(kLeaves, 6)), 100);
  const auto note = with_lines(cosigned_checkpoint(kLeaves, 7, "ab", 100), {&other, 1});
  EXPECT_EQ(accept_checkpoint(note, policy).error().fault, CheckpointFault::cosignature_invalid);
}

TEST(Accept, RefusesAnotherLog) {
  const auto log = the_log();
  const auto stranger = party("stranger.example", 's');
  const Policy policy = policy_of_log(log.name, log.pair.key);
  auto checkpoint = testing::checkpoint_of(kLeaves, 7);
  const auto by_stranger =
      sign_checkpoint(checkpoint, stranger.pair.secret, stranger.pair.key);
  EXPECT_EQ(accept_checkpoint(by_stranger, policy).error().fault, CheckpointFault::log_signature);
  checkpoint.origin = stranger.name;
  const auto of_stranger = sign_checkpoint(checkpoint, log.pair.secret, log.pair.key);
  EXPECT_EQ(accept_checkpoint(of_stranger, policy).error().fault, CheckpointFault::log_unknown);
}

TEST(Accept, NoLogSpeaksForAnotherOfThePolicy) {
  const auto log = the_log();
  const auto other = party("other.example", 'o');
  Policy policy = policy_of_log(log.name, log.pair.key);
  policy.logs.push_back({.key = other.key(NoteKeyType::ed25519)});
  // The other log's name and line under our log's origin.
  LineNote note{.text = write_checkpoint(testing::checkpoint_of(kLeaves, 7)), .lines = {}};
  note.lines.push_back({.name = other.name,
                        .key_id = policy.logs[1].key.id(),
                        .signature = sign(other.pair.secret, note.text).bytes()});
  EXPECT_EQ(accept_checkpoint(write_line_note(note), policy).error().fault,
            CheckpointFault::log_signature);
}

TEST(Accept, RefusesWhatIsNoCheckpoint) {
  const auto log = the_log();
  const Policy policy = policy_of_log(log.name, log.pair.key);
  EXPECT_EQ(accept_checkpoint("", policy).error().fault, CheckpointFault::syntax);
  const auto sign_text = [&](const std::string& text) {
    const LineNote note{.text = text,
                        .lines = {{.name = log.name,
                                   .key_id = log.key(NoteKeyType::ed25519).id(),
                                   .signature = sign(log.pair.secret, text).bytes()}}};
    return write_line_note(note);
  };
  const auto root = to_base64(sha256("x").view());
  EXPECT_EQ(accept_checkpoint(sign_text("x\n"), policy).error().fault, CheckpointFault::syntax);
  const std::vector<std::string> cases = {
      log.name + "\n0\n" + root + "\n", log.name + "\n1\n" + root + "\nextension\n"};
  for (const auto& text : cases) {
    EXPECT_EQ(accept_checkpoint(sign_text(text), policy).error().fault, CheckpointFault::syntax);
  }
  EXPECT_TRUE(accept_checkpoint(sign_text(log.name + "\n1\n" + root + "\n"), policy));
}

}  // namespace
}  // namespace suyuan
