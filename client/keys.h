// Key files on this machine, with passphrases from the environment or the terminal.
#pragma once

#include <functional>
#include <string>

#include "ledger/base/error.h"
#include "ledger/batch/sign.h"
#include "ledger/crypto/key_file.h"

namespace suyuan {

// Asks for the passphrase of a file. Empty: none was given.
using AskPassphrase = std::function<std::string(const std::string& path)>;

// SUYUAN_PASSPHRASE, else the terminal without echo under `prompt`.
std::string read_passphrase(const std::string& prompt);

// A fresh key in a new file of mode 0600; an empty passphrase leaves it in the clear.
// IO: the file is there already. INVALID_FIELD: no name for a note.
Result<PublicKey> make_key_file(const std::string& path, const std::string& name,
                                std::string_view passphrase);
Result<NamedKeyPair> load_key(const std::string& path, const AskPassphrase& ask);
inline Signer signer_of(const NamedKeyPair& key) {
  return {.party = key.name, .secret = key.pair.secret, .key = key.pair.key};
}

}  // namespace suyuan
