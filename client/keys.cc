#include "client/keys.h"

#include <cstdlib>

#include "ledger/base/text.h"
#include "ledger/crypto/note.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

constexpr size_t kKeyFileBytesMax = 4096;

}  // namespace

Passphrase::~Passphrase() {
  if (text_) wipe(*text_);
}

Result<std::string> Passphrase::get(const std::string& prompt) {
  const char* given = source.is_given() ? nullptr : std::getenv("SUYUAN_PASSPHRASE");
  if (given != nullptr) return std::string(given);
  // A source holds one passphrase for all files of a command; at a terminal it is asked for each
  // file.
  if (!source.is_given()) return read_passphrase(source, prompt);
  if (!text_) {
    SUYUAN_TRY(read, read_passphrase(source, prompt));
    text_ = std::move(read);
  }
  return *text_;
}

Result<PublicKey> make_key_file(const std::string& path, const std::string& name,
                                std::string_view passphrase) {
  if (!is_note_name(name)) {
    return fail(Code::INVALID_FIELD, quote(name) + " must be graphic ASCII without '+'", "name");
  }
  auto seed = random_fixed<Fixed<kSeedBytes, struct SeedTag>>();
  const SealRandomness randomness{.salt = random_fixed<Fixed<16, SealSaltTag>>(),
                                  .nonce = random_fixed<Fixed<24, SealNonceTag>>()};
  auto text = write_key_file(name, seed.view(), passphrase, randomness);
  const PublicKey key = key_from_seed(seed.view()).key;
  wipe(seed.data.data(), kSeedBytes);
  if (!text) return Unexpected(std::move(text).error());
  auto written = write_new_file(path, *text, FileMode::secret);
  wipe(*text);
  if (!written) return Unexpected(std::move(written).error());
  return key;
}

Result<NamedKeyPair> load_key(const std::string& path, const AskPassphrase& ask) {
  SUYUAN_TRY(text, read_secret_file(path, kKeyFileBytesMax));
  auto passphrase = is_sealed_key_file(text) ? ask(path) : Result<std::string>(std::string());
  if (!passphrase) {
    wipe(text);
    return fail(passphrase.error().code, path + ": " + passphrase.error().message, "passphrase");
  }
  auto key = read_key_file(text, *passphrase);
  wipe(*passphrase);
  wipe(text);
  if (!key) return fail(key.error().code, path + ": " + key.error().message, key.error().field);
  return key;
}

Result<bool> is_sealed_key(const std::string& path) {
  SUYUAN_TRY(text, read_secret_file(path, kKeyFileBytesMax));
  const bool sealed = is_sealed_key_file(text);
  wipe(text);
  return sealed;
}

}  // namespace suyuan
