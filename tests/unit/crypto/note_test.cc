#include "ledger/crypto/note.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/vectors.h"

namespace suyuan {
namespace {

using testing::own_vectors;
using testing::text_of;

struct Signer {
  std::string name;
  KeyPair pair;
};

Signer signer(const std::string& name, char seed = 'a') {
  return {.name = name, .pair = key_from_seed(Bytes(kSeedBytes, seed))};
}

NoteSignature signed_by(const Signer& who, std::string_view text) {
  return sign_note(text, who.name, who.pair.secret, who.pair.key);
}

std::map<std::string, PublicKey> keys_of(const boost::json::value& vkeys) {
  std::map<std::string, PublicKey> keys;
  for (const auto& one : vkeys.as_array()) {
    const auto key = parse_vkey(text_of(one)).value();
    keys[key.name] = key.key;
  }
  return keys;
}

TEST(Note, IsTakenOrRefusedAsPinned) {
  const auto file = own_vectors("signed_note.json");
  const auto keys = keys_of(file.at("vkeys"));
  for (const auto& one : file.at("notes").as_array()) {
    const Bytes bytes = from_base64(text_of(one.at("note_base64"))).value();
    const auto note = parse_note(bytes);
    const std::string verdict = note ? "ok" : std::string(info(note.error().code).name);
    EXPECT_EQ(verdict, text_of(one.at("want"))) << one.at("name");
    if (!note) {
      EXPECT_FALSE(note.error().message.empty()) << one.at("name");
      continue;
    }
    EXPECT_EQ(write_note(*note), bytes) << one.at("name");
    for (const auto& line : note->signatures) {
      EXPECT_TRUE(verify_note_signature(note->text, line, keys.at(line.name))) << one.at("name");
    }
  }
}

TEST(Note, ReadsWhatItWrote) {
  const auto mill = signer("mill.example", 'm');
  const auto farm = signer("farm.example", 'f');
  const std::string text = "suyuan/example/v1\n";
  const SignedNote note{.text = text, .signatures = {signed_by(mill, text), signed_by(farm, text)}};
  const auto read = parse_note(write_note(note));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, note);
}

TEST(Note, RefusesEveryPrefixOfItself) {
  const std::string text = "suyuan/example/v1\n";
  const auto note = write_note({.text = text, .signatures = {signed_by(signer("a"), text)}});
  for (size_t size = 0; size < note.size(); ++size) {
    EXPECT_FALSE(parse_note(note.substr(0, size))) << size;
  }
}

TEST(Note, NoChangedByteVerifies) {
  const auto who = signer("mill.example");
  const std::string text = "suyuan/example/v1\n";
  const auto note = write_note({.text = text, .signatures = {signed_by(who, text)}});
  for (size_t i = 0; i < note.size(); ++i) {
    for (const char flip : {'\x01', '\x20', '\x80'}) {
      auto changed = note;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      const auto read = parse_note(changed);
      if (!read) continue;
      EXPECT_EQ(write_note(*read), changed);
      EXPECT_FALSE(verify_note_signature(read->text, read->signatures[0], who.pair.key)) << i;
    }
  }
}

TEST(Note, HasALargestSize) {
  const std::string text = "suyuan/example/v1\n";
  const auto note = write_note({.text = text, .signatures = {signed_by(signer("a"), text)}});
  EXPECT_TRUE(parse_note(note, note.size()));
  EXPECT_EQ(parse_note(note, note.size() - 1).error().code, Code::TOO_LARGE);
}

TEST(Note, SaysWhichLineIsWrong) {
  const std::string text = "suyuan/example/v1\n";
  const auto note = write_note({.text = text, .signatures = {signed_by(signer("a"), text)}});
  const auto refused = parse_note(note + "nonsense\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "signature line 2");
  EXPECT_NE(refused.error().message.find("'nonsense'"), std::string::npos);
}

TEST(NoteSignature, BelongsToOneNameAndOneKey) {
  const auto who = signer("mill.example");
  const std::string text = "suyuan/example/v1\n";
  const auto line = signed_by(who, text);
  EXPECT_TRUE(verify_note_signature(text, line, who.pair.key));
  EXPECT_FALSE(verify_note_signature(text, line, signer("mill.example", 'b').pair.key));
  EXPECT_FALSE(verify_note_signature("suyuan/example/v2\n", line, who.pair.key));
  auto renamed = line;
  renamed.name = "farm.example";
  EXPECT_FALSE(verify_note_signature(text, renamed, who.pair.key));
  auto other_id = line;
  ++other_id.key_id;
  EXPECT_FALSE(verify_note_signature(text, other_id, who.pair.key));
}

TEST(NoteName, IsGraphicAsciiWithoutPlus) {
  EXPECT_TRUE(is_note_name("example.com/log"));
  EXPECT_TRUE(is_note_name(std::string(255, 'a')));
  for (const auto& name : {std::string(), std::string("a b"), std::string("a+b"), std::string("é"),
                           std::string("a\n"), std::string(256, 'a')}) {
    EXPECT_FALSE(is_note_name(name)) << name;
  }
}

TEST(Vkey, ReadsWhatItWrote) {
  for (char seed = 0; seed < 100; ++seed) {  // Some keys have a '+' in their base64.
    const VerifierKey key{.name = "mill.example", .key = signer("", seed).pair.key};
    const auto read = parse_vkey(write_vkey(key));
    ASSERT_TRUE(read) << write_vkey(key);
    EXPECT_EQ(*read, key);
  }
}

TEST(Vkey, RefusesEveryChangedLetterAndEveryPrefix) {
  const auto text = write_vkey({.name = "a", .key = signer("").pair.key});
  for (size_t i = 0; i < text.size(); ++i) {
    auto changed = text;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(parse_vkey(changed)) << changed;
    EXPECT_FALSE(parse_vkey(text.substr(0, i))) << i;
  }
  EXPECT_EQ(parse_vkey("").error().code, Code::INVALID_FIELD);
}

TEST(Vkey, RefusesAKeyOfSmallOrder) {
  PublicKey neutral;
  neutral.data[0] = 1;
  EXPECT_FALSE(parse_vkey(write_vkey({.name = "a", .key = neutral})));
}

// C2SP skips lines of keys that the reader does not know; here they are read too, and verify under
// nothing. Its bad signature has 71 bytes, which is no Ed25519 signature at all: the strict form
// refuses it as text.
TEST(Note, AgreesWithTheSharedNotes) {
  SUYUAN_SHARED_VECTORS(file, "vectors/note/open.json");
  size_t verified = 0;
  for (const auto& one : file.as_array()) {
    const auto keys = keys_of(one.at("vkeys"));
    const std::string want = text_of(one.at("want"));
    const auto note = parse_note(from_base64(text_of(one.at("note_b64"))).value());
    EXPECT_EQ(note.has_value(), want == "ok" || want == "no-verifiable-signature")
        << one.at("name");
    if (!note) continue;
    for (const auto& line : note->signatures) {
      if (!keys.contains(line.name)) continue;
      const bool valid = verify_note_signature(note->text, line, keys.at(line.name));
      EXPECT_EQ(valid, want == "ok") << one.at("name");
      verified += valid ? 1 : 0;
    }
  }
  EXPECT_GT(verified, 10U);
}

TEST(Note, SignsAsTheSharedNotesAreSigned) {
  SUYUAN_SHARED_VECTORS(file, "vectors/note/sign.json");
  for (const auto& one : file.as_array()) {
    // PRIVATE+KEY+<name>+<id>+<base64 of 0x01 ‖ seed>
    const std::string skey = text_of(one.at("skey"));
    const Bytes typed = from_base64(skey.substr(skey.rfind('+', skey.size() - 44) + 1)).value();
    const auto who = parse_vkey(text_of(one.at("vkey"))).value();
    const KeyPair pair = key_from_seed(BytesView(typed).substr(1));
    EXPECT_EQ(pair.key, who.key);
    const std::string text = text_of(one.at("text"));
    const SignedNote note{.text = text,
                          .signatures = {sign_note(text, who.name, pair.secret, pair.key)}};
    EXPECT_EQ(write_note(note), text_of(one.at("note")));
  }
}

// A c2sp.org/tlog-cosignature line is longer (it holds a time): outside the strict form.
TEST(Note, RefusesACosignature) {
  SUYUAN_SHARED_VECTORS(file, "vectors/cosignature/ed25519-v1.json");
  for (const auto& one : file.as_array()) {
    const auto note = parse_note(from_base64(text_of(one.at("note_b64"))).value());
    ASSERT_FALSE(note);
    EXPECT_EQ(note.error().code, Code::NOTE_SYNTAX);
    EXPECT_FALSE(parse_vkey(text_of(one.at("vkeys").at(0)))) << "type 0x04 is not 0x01";
  }
}

}  // namespace
}  // namespace suyuan
