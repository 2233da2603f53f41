#include "ledger/proof/open_note.h"

#include <gtest/gtest.h>

#include "tests/support/vectors.h"
#include "tests/unit/proof/keys.h"

namespace suyuan {
namespace {

using testing::party;
using testing::text_of;

std::vector<std::string> names_of(const boost::json::value& list) {
  std::vector<std::string> names;
  for (const auto& one : list.as_array()) names.push_back(text_of(one));
  return names;
}

std::string verdict_of(const Result<OpenedNote>& opened) {
  if (opened) return "ok";
  if (opened.error().code == Code::SIGNATURE_INVALID) return "invalid-signature";
  if (opened.error().code == Code::KEY_UNKNOWN) return "no-verifiable-signature";
  return "malformed";
}

// All of a file of {vkeys, note_b64, want, verified_names, timestamp}.
void expect_verdicts(const boost::json::value& file) {
  for (const auto& one : file.as_array()) {
    std::vector<NoteKey> known;
    for (const auto& vkey : one.at("vkeys").as_array()) {
      known.push_back(parse_note_key(text_of(vkey)).value());
    }
    const auto note = from_base64(text_of(one.at("note_b64"))).value();
    const auto opened = open_note(note, known);
    EXPECT_EQ(verdict_of(opened), text_of(one.at("want"))) << one.at("name");
    if (!opened) continue;
    std::vector<std::string> verified;
    for (const auto& line : opened->verified) {
      verified.push_back(known[line.key].name);
      const auto* time = one.as_object().if_contains("timestamp");
      if (time != nullptr) {
        EXPECT_EQ(line.time_s, time->to_number<uint64_t>());
      }
    }
    EXPECT_EQ(verified, names_of(one.at("verified_names"))) << one.at("name");
    EXPECT_EQ(write_line_note(split_note(note).value()), note);
  }
}

TEST(NoteVectors, GoAndC2spNotesOpenAsTheirsDo) {
  SUYUAN_SHARED_VECTORS(file, "vectors/note/open.json");
  expect_verdicts(file);
}

TEST(NoteVectors, CosignaturesOfAnotherWitnessVerify) {
  SUYUAN_SHARED_VECTORS(file, "vectors/cosignature/ed25519-v1.json");
  expect_verdicts(file);
}

NoteLine signed_by(const testing::Party& who, std::string_view text) {
  return {.name = who.name,
          .key_id = who.key(NoteKeyType::ed25519).id(),
          .signature = sign(who.pair.secret, text).bytes()};
}

TEST(OpenNote, SkipsUnknownNamesIdsAndAlgorithms) {
  const auto mill = party("mill.example", 'm');
  const std::string text = "some text\n\nwith a blank line\n";
  LineNote note{.text = text, .lines = {}};
  note.lines.push_back({.name = "grüße.example", .key_id = 7, .signature = "x"});
  auto same_name = signed_by(mill, text);
  ++same_name.key_id;
  note.lines.push_back(same_name);
  auto same_id = signed_by(mill, "other text\n");
  same_id.name = "farm.example";
  note.lines.push_back(same_id);
  note.lines.push_back({.name = "pq.example", .key_id = 9, .signature = Bytes(2420, 'q')});
  note.lines.push_back(signed_by(mill, text));
  const std::vector<NoteKey> known = {mill.key(NoteKeyType::ed25519)};
  const auto opened = open_note(write_line_note(note), known);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->text, text);
  EXPECT_EQ(opened->verified, (std::vector<VerifiedLine>{{.key = 0, .time_s = 0}}));
}

TEST(OpenNote, OneFailingLineOfAKnownKeyRefusesTheNote) {
  const auto mill = party("mill.example", 'm');
  const auto farm = party("farm.example", 'f');
  const std::string text = "text\n";
  LineNote note{.text = text, .lines = {signed_by(mill, text), signed_by(farm, "other\n")}};
  const std::vector<NoteKey> both = {mill.key(NoteKeyType::ed25519),
                                     farm.key(NoteKeyType::ed25519)};
  EXPECT_EQ(open_note(write_line_note(note), both).error().code, Code::SIGNATURE_INVALID);
  EXPECT_TRUE(open_note(write_line_note(note), std::span(both).first(1)));
}

TEST(OpenNote, OfSeveralLinesOfAKeyTheFirstCounts) {
  const auto mill = party("mill.example", 'm');
  const std::string text = "text\n";
  LineNote note{.text = text, .lines = {signed_by(mill, text), signed_by(mill, "other\n")}};
  const std::vector<NoteKey> known = {mill.key(NoteKeyType::ed25519)};
  EXPECT_EQ(open_note(write_line_note(note), known)->verified.size(), 1U);
  std::swap(note.lines[0], note.lines[1]);
  EXPECT_EQ(open_note(write_line_note(note), known).error().code, Code::SIGNATURE_INVALID);
}

TEST(OpenNote, ALogsLineIsNoCosignature) {
  const auto mill = party("mill.example", 'm');
  const std::string text = "text\n";
  auto line = signed_by(mill, text);
  line.key_id = mill.key(NoteKeyType::cosignature).id();
  const std::vector<NoteKey> known = {mill.key(NoteKeyType::cosignature)};
  const LineNote note{.text = text, .lines = {line}};
  EXPECT_EQ(open_note(write_line_note(note), known).error().code, Code::SIGNATURE_INVALID);
}

TEST(OpenNote, NoChangedByteVerifiesAsSomethingElse) {
  const auto mill = party("mill.example", 'm');
  const std::string text = "text\nof two lines\n";
  const LineNote note{.text = text, .lines = {signed_by(mill, text)}};
  const auto bytes = write_line_note(note);
  const std::vector<NoteKey> known = {mill.key(NoteKeyType::ed25519)};
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (const char flip : {'\x01', '\x04', '\x20', '\x80'}) {
      auto changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      EXPECT_FALSE(open_note(changed, known)) << i;
    }
    EXPECT_FALSE(open_note(bytes.substr(0, i), known)) << i;
  }
}

TEST(OpenNote, TakesAHundredLinesAndNoMore) {
  const auto mill = party("mill.example", 'm');
  LineNote note{.text = "text\n", .lines = {}};
  for (uint32_t i = 0; i < 99; ++i) {
    note.lines.push_back({.name = "x", .key_id = i, .signature = "s"});
  }
  note.lines.push_back(signed_by(mill, note.text));
  const std::vector<NoteKey> known = {mill.key(NoteKeyType::ed25519)};
  EXPECT_TRUE(open_note(write_line_note(note), known));
  note.lines.push_back(note.lines[0]);
  EXPECT_EQ(open_note(write_line_note(note), known).error().code, Code::TOO_MANY);
  const std::string large(limits::kCheckpointBytesMax + 1, 'x');
  EXPECT_EQ(open_note(large, known).error().code, Code::TOO_LARGE);
}

TEST(OpenNote, RefusesWhatIsNoSignatureLine) {
  const auto mill = party("mill.example", 'm');
  const std::string good = write_note_line(signed_by(mill, "text\n"));
  const std::vector<NoteKey> known = {mill.key(NoteKeyType::ed25519)};
  EXPECT_TRUE(open_note("text\n\n" + good, known));
  const std::vector<std::string> cases = {
      "- name AAAAAAE=\n", "— name\n", "— na+me AAAAAAE=\n", "—  AAAAAAE=\n", "— name AAAAAA==\n",
      "— name AAAAAAF=\n", "— name AAAAAAE\n", "— name AAAAAAE= \n",
      "— na\xC2\xA0me AAAAAAE=\n", "— na\xE3\x80\x80me AAAAAAE=\n", "— na\xC2\x85me AAAAAAE=\n",
      "— na\xFFme AAAAAAE=\n", "— na\x01me AAAAAAE=\n", "nonsense\n"};
  for (const auto& bad : cases) {
    EXPECT_EQ(open_note("text\n\n" + good + bad, known).error().code, Code::NOTE_SYNTAX) << bad;
  }
}

TEST(NoteKey, IsReadAsItWasWritten) {
  const auto mill = party("mill.example/é", 'm');
  for (const auto type : {NoteKeyType::ed25519, NoteKeyType::cosignature}) {
    EXPECT_EQ(parse_note_key(mill.vkey(type)).value(), mill.key(type));
  }
  EXPECT_NE(mill.key(NoteKeyType::ed25519).id(), mill.key(NoteKeyType::cosignature).id());
}

TEST(NoteKey, NoChangedByteIsAnotherKey) {
  const auto vkey = party("mill.example", 'm').vkey(NoteKeyType::cosignature);
  for (size_t i = 0; i < vkey.size(); ++i) {
    for (const char flip : {'\x01', '\x02', '\x20', '\x80'}) {
      auto changed = vkey;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      EXPECT_FALSE(parse_note_key(changed)) << changed;
    }
    EXPECT_FALSE(parse_note_key(vkey.substr(0, i)));
  }
}

}  // namespace
}  // namespace suyuan
