#include "ledger/proof/checkpoint.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/vectors.h"
#include "tests/unit/proof/keys.h"

namespace suyuan {
namespace {

using testing::checkpoint_of;
using testing::leaves_of;
using testing::text_of;
using testing::the_log;

TEST(CheckpointVectors, BodiesAreTakenOrRefused) {
  SUYUAN_SHARED_VECTORS(file, "vectors/note/checkpoint-body.json");
  for (const auto& one : file.at("valid").as_array()) {
    const auto text = text_of(one);
    const auto parsed = parse_checkpoint(text, CheckpointForm::with_extensions);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(write_checkpoint(*parsed), text);
    EXPECT_EQ(parse_checkpoint(text).has_value(), parsed->extensions.empty());
  }
  for (const auto& one : file.at("invalid").as_array()) {
    EXPECT_FALSE(parse_checkpoint(text_of(one), CheckpointForm::with_extensions)) << text_of(one);
  }
}

TEST(CheckpointVectors, ARealLogsCheckpointsOpen) {
  const auto vkey = testing::file_text(
      testing::shared_path("vectors/tiles/tessera-testdata-log.vkey"));
  if (!vkey) GTEST_SKIP() << "the shared vectors are absent: see SUYUAN_SHARED_DATA";
  const std::vector<NoteKey> known = {
      parse_note_key(vkey->substr(0, vkey->find('\n'))).value()};
  for (size_t size = 0; size <= 15; ++size) {
    const auto note = testing::file_text(testing::shared_path(
        "vectors/tiles/tessera-testdata-log/checkpoint." + std::to_string(size)));
    if (!note) continue;
    const auto opened = open_note(*note, known);
    ASSERT_TRUE(opened) << size;
    EXPECT_EQ(parse_checkpoint(opened->text)->head.size, size);
  }
}

TEST(Checkpoint, ReadsWhatItWroteAndSigned) {
  const auto log = the_log();
  const auto leaves = leaves_of(5);
  const auto checkpoint = checkpoint_of(leaves, 5);
  const auto note = sign_checkpoint(checkpoint, log.pair.secret, log.pair.key);
  const std::vector<NoteKey> known = {log.key(NoteKeyType::ed25519)};
  const auto opened = open_note(note, known);
  ASSERT_TRUE(opened);
  EXPECT_EQ(parse_checkpoint(opened->text).value(), checkpoint);
}

TEST(Checkpoint, RefusesEveryOtherForm) {
  const std::string root(43, 'A');
  const std::vector<std::string> cases = {
      std::string(), std::string("\n"), "\n1\n" + root + "=\n", "o\n01\n" + root + "=\n",
      "o\n-1\n" + root + "=\n", "o\n\n" + root + "=\n", "o\n1\n" + root + "=",
      "o\n1\n" + root + "\n", "o\n1\n" + root + "=\n\n", "o\n1\n" + root + "=\nx\n\n",
      "o\n1\n" + root + "=\n\nx\n", "o\n1\n", "o\n",
      "o\n9223372036854775808\n" + root + "=\n", "o\n1\n" + std::string(43, 'B') + "=\n"};
  for (const auto& bad : cases) {
    EXPECT_EQ(parse_checkpoint(bad, CheckpointForm::with_extensions).error().code,
              Code::NOTE_SYNTAX)
        << bad;
  }
  EXPECT_TRUE(parse_checkpoint("o\n1\n" + root + "=\n"));
  EXPECT_FALSE(parse_checkpoint("o\n1\n" + root + "=\nx\n"));
}

TEST(Checkpoint, GreaseIsSkippedAndLooksLikeNoSignatureWeKnow) {
  const auto log = the_log();
  const auto leaves = leaves_of(3);
  const std::vector<NoteKey> known = {log.key(NoteKeyType::ed25519)};
  std::set<std::string> names;
  for (char seed = 0; seed < 40; ++seed) {
    const std::vector<NoteLine> grease = {grease_line(sha256(Bytes(1, seed)))};
    names.insert(grease[0].name);
    EXPECT_NE(grease[0].signature.size(), 64U);
    EXPECT_NE(grease[0].signature.size(), 72U);
    const auto note = with_lines(testing::signed_checkpoint(leaves, 3), grease);
    EXPECT_EQ(open_note(note, known)->verified.size(), 1U);
  }
  EXPECT_GT(names.size(), 30U);
}

}  // namespace
}  // namespace suyuan
