#include "ledger/crypto/key_file.h"

#include <sodium.h>

#include <vector>

#include "ledger/base/text.h"
#include "ledger/crypto/raw.h"
#include "ledger/crypto/text_lines.h"

namespace suyuan {
namespace {

constexpr std::string_view kHeader = "suyuan/secret-key/v1";
// libsodium's "interactive" limits: a fraction of a second and 64 MiB for each guess.
constexpr uint64_t kOps = crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE;
constexpr uint64_t kMemory = crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE;
// A file may ask for more, but not for so much that opening it would be an attack.
constexpr uint64_t kOpsMax = 64;
constexpr uint64_t kMemoryMax = uint64_t{1} << 30;

using BoxKey = Fixed<crypto_secretbox_KEYBYTES, struct BoxKeyTag>;


Result<BoxKey> derive(std::string_view passphrase, uint64_t ops, uint64_t memory,
                      const SealRandomness& randomness) {
  init_crypto();
  BoxKey key;
  if (crypto_pwhash(key.data.data(), BoxKey::kSize, passphrase.data(), passphrase.size(),
                    randomness.salt.data.data(), ops, memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return fail(Code::IO, "not enough memory to derive the key from the passphrase");
  }
  return key;
}

struct Seal {
  bool sealed = false;
  uint64_t ops = 0;
  uint64_t memory = 0;
  SealRandomness randomness;
};

// TextLines quotes a line that it did not expect. In a key file that may be the secret, and errors
// go to terminals and logs: so only the line's number and what was expected are told.
template <class T>
Result<T> unquoted(Result<T> taken, std::string_view expected) {
  if (taken) return taken;
  return fail(taken.error().code,
              "expected " + std::string(expected) +
                  "; what is there instead is not shown, since it may be the secret",
              taken.error().field);
}

Result<Seal> parse_seal(TextLines& lines) {
  SUYUAN_TRY(rest, unquoted(lines.take("seal"), "the line \"seal ...\""));
  if (rest == "none") return Seal{};
  const auto fields = split(rest, ' ');
  if (fields.size() != 5 || fields[0] != "argon2id13") {
    return lines.refuse("expected: none, or argon2id13 and four fields");
  }
  const auto ops = from_decimal(fields[1]);
  const auto memory = from_decimal(fields[2]);
  if (!ops || !memory || *ops < 1 || *ops > kOpsMax ||
      *memory < crypto_pwhash_argon2id_MEMLIMIT_MIN || *memory > kMemoryMax) {
    return lines.refuse("the limits of argon2id are out of bounds");
  }
  Seal seal{.sealed = true, .ops = *ops, .memory = *memory, .randomness = {}};
  SUYUAN_TRY(salt, unquoted(lines.base64_of<decltype(SealRandomness::salt)>(fields[3]),
                            "the salt in base64"));
  SUYUAN_TRY(nonce, unquoted(lines.base64_of<decltype(SealRandomness::nonce)>(fields[4]),
                             "the nonce in base64"));
  seal.randomness = {.salt = salt, .nonce = nonce};
  return seal;
}

Result<Bytes> open_seed(const Seal& seal, Bytes secret, std::string_view passphrase) {
  if (!seal.sealed) return secret;
  SUYUAN_TRY(key, derive(passphrase, seal.ops, seal.memory, seal.randomness));
  Bytes seed(kSeedBytes, '\0');
  const bool opened = secret.size() == kSeedBytes + crypto_secretbox_MACBYTES &&
                      crypto_secretbox_open_easy(raw(seed), raw(BytesView(secret)), secret.size(),
                                                 seal.randomness.nonce.data.data(),
                                                 key.data.data()) == 0;
  wipe(key.data.data(), BoxKey::kSize);
  if (!opened) {
    return fail(Code::INVALID_FIELD, "the passphrase does not open this key file", "passphrase");
  }
  return seed;
}

}  // namespace

Result<std::string> write_key_file(std::string_view name, BytesView seed,
                                   std::string_view passphrase,
                                   const SealRandomness& randomness) {
  SUYUAN_CHECK(seed.size() == kSeedBytes && is_ascii_graphic(name));
  const KeyPair pair = key_from_seed(seed);
  std::string text(kHeader);
  text.append("\nname ").append(name).append("\nkey ").append(to_base64(pair.key.view()));
  Bytes secret(seed);
  if (passphrase.empty()) {
    text += "\nseal none";
  } else {
    SUYUAN_TRY(key, derive(passphrase, kOps, kMemory, randomness));
    secret.resize(kSeedBytes + crypto_secretbox_MACBYTES);
    crypto_secretbox_easy(raw(secret), raw(seed), seed.size(),
                          randomness.nonce.data.data(), key.data.data());
    wipe(key.data.data(), BoxKey::kSize);
    text += "\nseal argon2id13 " + std::to_string(kOps) + " " + std::to_string(kMemory) + " " +
            to_base64(randomness.salt.view()) + " " + to_base64(randomness.nonce.view());
  }
  text += "\nsecret " + to_base64(secret) + "\n";
  wipe(secret);
  return text;
}

namespace {

struct OpenedKeyFile {
  std::string name;
  Bytes seed;  // the caller wipes it
  KeyPair pair;
};

Result<OpenedKeyFile> open_key_file(std::string_view text, std::string_view passphrase) {
  SUYUAN_TRY(lines, unquoted(TextLines::open(text, kHeader, Code::INVALID_FIELD),
                             "lines of printable ASCII, each ended by LF, the first \"" +
                                 std::string(kHeader) + "\""));
  SUYUAN_TRY(name, unquoted(lines.take("name"), "the line \"name ...\""));
  if (!is_ascii_graphic(name)) return lines.refuse("a name has only visible ASCII characters");
  SUYUAN_TRY(key, unquoted(lines.take_base64<PublicKey>("key"),
                           "the line \"key ...\" with the public key in base64"));
  SUYUAN_TRY(seal, parse_seal(lines));
  SUYUAN_TRY(secret_text, unquoted(lines.take("secret"), "the line \"secret ...\""));
  auto secret = from_base64(secret_text);
  if (!secret) return lines.refuse("the secret is not base64");
  SUYUAN_TRY_DONE(unquoted(lines.finish(), "no further line"));
  SUYUAN_TRY(seed, open_seed(seal, *std::move(secret), passphrase));
  if (seed.size() != kSeedBytes) {
    return fail(Code::INVALID_FIELD, "the seed has 32 bytes", "secret");
  }
  KeyPair pair = key_from_seed(seed);
  if (pair.key == key)
    return OpenedKeyFile{std::string(name), std::move(seed), std::move(pair)};
  wipe(seed);
  return fail(Code::INVALID_FIELD, "the public key does not belong to the secret", "key");
}

}  // namespace

Result<NamedKeyPair> read_key_file(std::string_view text, std::string_view passphrase) {
  SUYUAN_TRY(opened, open_key_file(text, passphrase));
  wipe(opened.seed);
  return NamedKeyPair{.name = std::move(opened.name), .pair = std::move(opened.pair)};
}

Result<std::string> reseal_key_file(std::string_view text, std::string_view passphrase,
                                    std::string_view new_passphrase,
                                    const SealRandomness& randomness) {
  SUYUAN_TRY(opened, open_key_file(text, passphrase));
  auto resealed = write_key_file(opened.name, opened.seed, new_passphrase, randomness);
  wipe(opened.seed);
  return resealed;
}

bool is_sealed_key_file(std::string_view text) {
  return text.starts_with(kHeader) && text.find("\nseal argon2id13 ") != std::string_view::npos;
}

}  // namespace suyuan
