#include "client/keys.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "ledger/base/text.h"
#include "ledger/crypto/note.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

constexpr size_t kKeyFileBytesMax = 4096;

// Turns the echo of a terminal off, and on again on every way out.
class Silence {
 public:
  explicit Silence(int fd) : fd_(fd), on_(tcgetattr(fd, &before_) == 0) {
    if (!on_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(fd_, TCSAFLUSH, &silent);
  }
  ~Silence() {
    if (on_) tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  int fd_;
  termios before_{};
  bool on_;
};

}  // namespace

std::string read_passphrase(const std::string& prompt) {
  if (const char* given = std::getenv("SUYUAN_PASSPHRASE")) return given;
  std::FILE* terminal = std::fopen("/dev/tty", "r+");
  if (terminal == nullptr) return {};
  std::string passphrase;
  {
    const Silence silence(fileno(terminal));
    std::fprintf(terminal, "%s", prompt.c_str());
    std::fflush(terminal);
    for (int c = std::fgetc(terminal); c != EOF && c != '\n'; c = std::fgetc(terminal)) {
      passphrase += static_cast<char>(c);
    }
    std::fprintf(terminal, "\n");
  }
  std::fclose(terminal);
  return passphrase;
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
  std::string passphrase = is_sealed_key_file(text) ? ask(path) : std::string();
  auto key = read_key_file(text, passphrase);
  wipe(passphrase);
  wipe(text);
  if (!key) return fail(key.error().code, path + ": " + key.error().message, key.error().field);
  return key;
}

}  // namespace suyuan
