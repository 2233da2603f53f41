// Key files on this machine, with passphrases from the environment or the terminal.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "ledger/base/error.h"
#include "ledger/batch/sign.h"
#include "ledger/crypto/key_file.h"
#include "ledger/os/passphrase.h"

namespace suyuan {

// Asks for the passphrase of a file; empty if none was given. The caller wipes it.
using AskPassphrase = std::function<Result<std::string>(const std::string& path)>;

// Takes the passphrase from where the command line says, else from SUYUAN_PASSPHRASE, else from the
// terminal without echo.
class Passphrase {
 public:
  Passphrase() = default;
  ~Passphrase();
  Passphrase(const Passphrase&) = delete;
  Passphrase& operator=(const Passphrase&) = delete;

  PassphraseSource source;
  // The caller wipes the result.
  Result<std::string> get(const std::string& prompt);

 private:
  std::optional<std::string> text_;
};

// Writes a fresh key to a new file of mode 0600. With an empty passphrase the file is not
// encrypted.
// Errors: IO (the file exists), INVALID_FIELD (invalid note name).
Result<PublicKey> make_key_file(const std::string& path, const std::string& name,
                                std::string_view passphrase);
Result<NamedKeyPair> load_key(const std::string& path, const AskPassphrase& ask);
// Returns whether load_key asks for a passphrase. Errors: as reading it.
Result<bool> is_sealed_key(const std::string& path);
inline Signer signer_of(const NamedKeyPair& key) {
  return {.party = key.name, .secret = key.pair.secret, .key = key.pair.key};
}

}  // namespace suyuan
