#include "client/witness/desk.h"

#include <gtest/gtest.h>

#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "tests/unit/proof/keys.h"
#include "tests/unit/witness/folder.h"

namespace suyuan {
namespace {

using testing::Folder;
using testing::leaves_of;
using testing::naive_consistency;
using testing::signed_checkpoint;
using testing::the_log;

const auto kLeaves = leaves_of(20);
const auto kOther = leaves_of(20, "another-");

std::string body_of(testing::HashSpan leaves, size_t older, size_t newer) {
  AddCheckpoint request{.old_size = older, .proof = {}, .note = signed_checkpoint(leaves, newer)};
  if (older > 0 && older < newer) request.proof = naive_consistency(leaves.first(newer), older);
  return write_add_checkpoint(request);
}

class Desk : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto key = make_witness(path(), "witness.example/w");
    ASSERT_TRUE(key) << to_text(key.error());
    key_ = *key;
    ASSERT_TRUE(watch_log(path(), the_log().vkey(NoteKeyType::ed25519)));
  }
  std::string path() const { return folder_.path() + "/w"; }
  std::string log_file() const {
    return path() + "/logs/" + to_hex(sha256(the_log().name).view());
  }
  std::unique_ptr<WitnessDesk> open() const { return *WitnessDesk::open(path()); }

  Folder folder_;
  NoteKey key_;
};

TEST_F(Desk, RemembersWhatItCosigned) {
  EXPECT_EQ(open()->add_checkpoint(body_of(kLeaves, 0, 7), 100).status, 200);
  const auto desk = open();
  EXPECT_EQ(desk->key(), key_);
  EXPECT_EQ(desk->add_checkpoint(body_of(kLeaves, 0, 9), 101).status, 409);
  EXPECT_EQ(desk->add_checkpoint(body_of(kOther, 7, 9), 101).status, 422);
  EXPECT_EQ(desk->add_checkpoint(body_of(kLeaves, 7, 9), 101).status, 200);
  const auto note = desk->checkpoint(to_hex(sha256(the_log().name).view()));
  ASSERT_TRUE(note);
  const std::vector<NoteKey> known = {key_};
  EXPECT_EQ(open_note(*note, known)->verified[0].time_s, 101U);
  EXPECT_FALSE(desk->checkpoint(to_hex(sha256("another").view())));
}

TEST_F(Desk, CosignsNothingThatItCannotKeep) {
  const auto desk = open();
  ASSERT_EQ(desk->add_checkpoint(body_of(kLeaves, 0, 7), 100).status, 200);
  std::filesystem::remove_all(path() + "/logs");
  EXPECT_EQ(desk->add_checkpoint(body_of(kLeaves, 7, 9), 101).status, 500);
  std::filesystem::create_directory(path() + "/logs");
  EXPECT_EQ(desk->add_checkpoint(body_of(kLeaves, 7, 9), 101).status, 200);
}

// What a replayer says of the log comes last, and nothing is kept or signed against it.
TEST_F(Desk, AsksItsJudgeBeforeItCosigns) {
  const auto desk = open();
  std::vector<std::string> asked;
  std::optional<Error> answer;
  desk->judge_by([&](const std::string& checkpoint) -> Result<Done> {
    asked.push_back(checkpoint);
    if (answer) return Unexpected(*answer);
    return Done{};
  });
  EXPECT_EQ(desk->add_checkpoint(body_of(kLeaves, 7, 9), 100).status, 409);
  EXPECT_TRUE(asked.empty());  // only of what it would cosign else
  answer = Error{.code = Code::UNAVAILABLE, .message = "later"};
  EXPECT_EQ(desk->add_checkpoint(body_of(kLeaves, 0, 7), 100).status, 503);
  answer = Error{.code = Code::CORRUPT, .message = "the map is false"};
  const auto refused = desk->add_checkpoint(body_of(kLeaves, 0, 7), 100);
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("the map is false"), std::string::npos);
  EXPECT_FALSE(desk->checkpoint(to_hex(sha256(the_log().name).view())));
  answer.reset();
  EXPECT_EQ(desk->add_checkpoint(body_of(kLeaves, 0, 7), 100).status, 200);
  EXPECT_EQ(asked.size(), 3U);
  EXPECT_EQ(asked.back(), signed_checkpoint(kLeaves, 7));
  EXPECT_EQ(desk->only_log()->head.size, 7U);
}

TEST_F(Desk, IsOneProcessAtATime) {
  const auto desk = open();
  EXPECT_EQ(WitnessDesk::open(path()).error().code, Code::IO);
  EXPECT_EQ(watch_log(path(), the_log().vkey(NoteKeyType::ed25519)).error().code, Code::IO);
}

TEST_F(Desk, DoesNotServeADamagedState) {
  ASSERT_EQ(open()->add_checkpoint(body_of(kLeaves, 0, 7), 100).status, 200);
  const auto good = read_file(log_file(), 1 << 20).value();
  for (size_t i = 0; i < good.size(); i += 3) {
    auto bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 2);
    ASSERT_TRUE(write_file(log_file(), bad, FileMode::shared));
    const auto opened = WitnessDesk::open(path());
    // A change in the cosigned line itself is none in what is remembered.
    if (!opened) continue;
    EXPECT_EQ((*opened)->add_checkpoint(body_of(kOther, 0, 9), 101).status, 409) << i;
  }
  ASSERT_TRUE(write_file(log_file(), good.substr(0, good.size() / 2), FileMode::shared));
  EXPECT_EQ(WitnessDesk::open(path()).error().code, Code::CORRUPT);
}

TEST_F(Desk, AFileIsReadAsItWasWritten) {
  ASSERT_EQ(open()->add_checkpoint(body_of(kLeaves, 0, 7), 100).status, 200);
  const auto text = read_file(log_file(), 1 << 20).value();
  const auto log = parse_witnessed_log(text);
  ASSERT_TRUE(log);
  EXPECT_EQ(log->head, testing::head_of(kLeaves, 7));
  EXPECT_EQ(write_witnessed_log(*log), text);
}

TEST_F(Desk, ALogMayHaveSeveralKeysAndAnotherName) {
  const auto second = testing::party("key.example/2", 's');
  ASSERT_TRUE(watch_log(path(), second.vkey(NoteKeyType::ed25519), the_log().name));
  ASSERT_TRUE(watch_log(path(), second.vkey(NoteKeyType::ed25519), the_log().name));
  ASSERT_TRUE(watch_log(path(), second.vkey(NoteKeyType::ed25519), "go.sum database tree"));
  EXPECT_EQ(open()->logs(), 2U);
  const auto checkpoint = write_checkpoint(testing::checkpoint_of(kLeaves, 7));
  const LineNote note{.text = checkpoint,
                      .lines = {{.name = second.name,
                                 .key_id = second.key(NoteKeyType::ed25519).id(),
                                 .signature = sign(second.pair.secret, checkpoint).bytes()}}};
  EXPECT_EQ(open()->add_checkpoint("old 0\n\n" + write_line_note(note), 100).status, 200);
  EXPECT_EQ(open()->add_checkpoint(body_of(kLeaves, 7, 9), 100).status, 200);
}

TEST_F(Desk, RefusesWhatIsNoLogOrName) {
  EXPECT_EQ(watch_log(path(), "x").error().code, Code::INVALID_FIELD);
  EXPECT_EQ(watch_log(path(), the_log().vkey(NoteKeyType::cosignature)).error().code,
            Code::INVALID_FIELD);
  EXPECT_EQ(watch_log(path(), the_log().vkey(NoteKeyType::ed25519), "a\nb").error().code,
            Code::INVALID_FIELD);
  EXPECT_EQ(make_witness(path(), "again").error().code, Code::IO);
  EXPECT_EQ(make_witness(folder_.path() + "/x", "a+b").error().code, Code::INVALID_FIELD);
  EXPECT_EQ(WitnessDesk::open(folder_.path() + "/none").error().code, Code::IO);
}

}  // namespace
}  // namespace suyuan
