#include "ledger/crypto/key_file.h"

#include <gtest/gtest.h>

#include "tests/support/vectors.h"

namespace suyuan {
namespace {

const Bytes kSeed(kSeedBytes, 's');

std::string written(std::string_view passphrase) {
  SealRandomness randomness;
  randomness.salt.data.fill(1);
  randomness.nonce.data.fill(2);
  return write_key_file("mill.example", kSeed, passphrase, randomness).value();
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(KeyFile, ReadsWhatItWroteInTheClear) {
  const auto read = read_key_file(written(""), "");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, "mill.example");
  EXPECT_EQ(read->pair.key, key_from_seed(kSeed).key);
  EXPECT_TRUE(verify(read->pair.key, "message", sign(read->pair.secret, "message")));
  EXPECT_FALSE(is_sealed_key_file(written("")));
}

TEST(KeyFile, OpensWithItsPassphraseAlone) {
  const auto text = written("correct horse");
  EXPECT_TRUE(is_sealed_key_file(text));
  const auto read = read_key_file(text, "correct horse");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->pair.key, key_from_seed(kSeed).key);
  const auto refused = read_key_file(text, "correct house");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "passphrase");
}

TEST(KeyFile, RefusesAKeyThatIsNotOfItsSeed) {
  const auto text = written("");
  const auto at = text.find("key ", text.find("\nkey")) + 4;
  auto changed = text;
  changed[at] = changed[at] == 'A' ? 'B' : 'A';
  EXPECT_EQ(read_key_file(changed, "").error().field, "key");
}

TEST(KeyFile, SignsWithTheKeyOfItsSeedWhateverTheFileSays) {
  const Bytes other(kSeedBytes, 't');
  const auto named = to_base64(key_from_seed(other).key.view());
  const auto own = to_base64(key_from_seed(kSeed).key.view());
  for (const auto* passphrase : {"", "correct horse"}) {
    const auto refused = read_key_file(replaced(written(passphrase), own, named), passphrase);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::INVALID_FIELD);
    EXPECT_EQ(refused.error().field, "key");
  }
}

TEST(KeyFile, RefusesEveryPrefixAndOtherForms) {
  const auto text = written("");
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(read_key_file(text.substr(0, size), "")) << size;
  }
  EXPECT_FALSE(read_key_file(text + "more x\n", ""));
  EXPECT_FALSE(read_key_file(replaced(text, "/v1", "/v2"), ""));
  EXPECT_FALSE(read_key_file(replaced(text, "seal none", "seal rot13"), ""));
  EXPECT_FALSE(read_key_file(replaced(text, "secret ", "secret AAAA"), ""));
}

// Errors go to terminals and logs.
TEST(KeyFile, NoErrorQuotesTheSecret) {
  const auto text = written("");
  const auto secret = to_base64(kSeed);
  ASSERT_NE(text.find(secret), std::string::npos);
  for (const std::string& keyword : {"suyuan", "name", "key", "seal", "secret"}) {
    const auto at = keyword == "suyuan" ? 0 : text.find("\n" + keyword + " ") + 1;
    auto without = text;
    without.erase(at, text.find('\n', at) + 1 - at);
    for (const std::string& damaged : {without, replaced(text, keyword, "x" + keyword),
                                       text + "secret " + secret + "\n",
                                       replaced(text, "\nsecret ", "\nsecret  "),
                                       replaced(text, "\nsecret ", "\nsecret \x01")}) {
      const auto refused = read_key_file(damaged, "");
      ASSERT_FALSE(refused) << damaged;
      EXPECT_EQ(to_text(refused.error()).find(secret.substr(0, 16)), std::string::npos)
          << to_text(refused.error());
    }
  }
}

// Anyone may put such a file there: it must not end a program that writes it again.
TEST(KeyFile, RefusesANameThatCouldNotBeWritten) {
  for (const auto* name : {"mill\xff", "mill example", "mill\x01", ""}) {
    const auto text = replaced(written(""), "mill.example", name);
    EXPECT_EQ(read_key_file(text, "").error().code, Code::INVALID_FIELD);
    EXPECT_FALSE(reseal_key_file(text, "", "x", SealRandomness{}));
  }
}

TEST(KeyFile, DoesNotLetAFileAskForAnyAmountOfWork) {
  const auto text = written("x");
  const auto memory = std::to_string(64 << 20);
  for (const auto* much : {"1", "1073741825", "9999999999999999999"}) {
    EXPECT_EQ(read_key_file(replaced(text, memory, much), "x").error().field, "line 4") << much;
  }
}

TEST(KeyFileVectors, AreReadAndWritten) {
  const auto file = testing::own_vectors("key_files.json");
  for (const auto& one : file.at("accepted").as_array()) {
    const auto text = testing::text_of(one.at("text"));
    const auto passphrase = testing::text_of(one.at("passphrase"));
    SCOPED_TRACE(text);
    EXPECT_EQ(is_sealed_key_file(text), one.at("sealed").as_bool());
    const auto read = read_key_file(text, passphrase);
    ASSERT_TRUE(read) << to_text(read.error());
    const auto seed = from_hex(testing::text_of(one.at("seed"))).value();
    EXPECT_EQ(read->name, testing::text_of(one.at("name")));
    EXPECT_EQ(read->pair.key, testing::hex_of<PublicKey>(one.at("public")));
    EXPECT_EQ(read->pair.key, key_from_seed(seed).key);
    if (passphrase.empty()) {
      EXPECT_EQ(write_key_file(read->name, seed, "", SealRandomness{}).value(), text);
    }
  }
}

TEST(KeyFileVectors, AreRefused) {
  const auto file = testing::own_vectors("key_files.json");
  for (const auto& one : file.at("refused").as_array()) {
    EXPECT_FALSE(read_key_file(testing::text_of(one.at("text")),
                               testing::text_of(one.at("passphrase"))))
        << testing::text_of(one.at("why"));
  }
}

}  // namespace
}  // namespace suyuan
