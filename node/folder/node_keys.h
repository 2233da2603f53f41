// The key files of a node: making, reading, encrypting.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/crypto/key_file.h"
#include "ledger/os/passphrase.h"
#include "ledger/registry/genesis.h"
#include "node/data_folder.h"
#include "node/options.h"

namespace suyuan {

inline constexpr size_t kKeyFileBytesMax = 4096;

// A passphrase that is asked for once, when it is needed, and wiped at the end.
class NodePassphrase {
 public:
  explicit NodePassphrase(PassphraseSource source) : source_(std::move(source)) {}
  ~NodePassphrase();
  NodePassphrase(const NodePassphrase&) = delete;
  NodePassphrase& operator=(const NodePassphrase&) = delete;

  // For an encrypted file, or one to be encrypted. Asks at the terminal if the source names none.
  Result<std::string_view> get();
  // For a new file: empty if the source names none.
  Result<std::string_view> for_new();

 private:
  const PassphraseSource source_;
  std::optional<std::string> text_;
};

// Makes a key and writes its file; the seed leaves this function only through that file.
Result<PublicKey> make_key(const std::string& path, std::string_view name,
                           NodePassphrase& passphrase);
// Returns the folder's node key, which genesis must name, and the log's key in the file, which must
// be genesis' log key. Errors: INVALID_FIELD (also: a wrong passphrase), NOT_FOUND, IO.
Result<NamedKeyPair> read_node_key(const DataFolder& folder, const Genesis& genesis,
                                   NodePassphrase& passphrase);
Result<NamedKeyPair> read_log_key(const std::string& path, const Genesis& genesis,
                                  NodePassphrase& passphrase);
// The node's key in two steps, for callers that learn only later who the nodes are.
Result<NamedKeyPair> read_own_key(const DataFolder& folder, NodePassphrase& passphrase);
Result<Done> check_node_key(const DataFolder& folder, const NamedKeyPair& key,
                            const std::vector<NamedKey>& nodes);
// The gateway's key, if the folder has one. Errors: INVALID_FIELD, IO.
Result<std::optional<NamedKeyPair>> read_gateway_key(const DataFolder& folder,
                                                     NodePassphrase& passphrase);

// Logs one warning if the system refuses to lock any of the keys in memory.
void warn_if_swappable(const NamedKeyPair& node, const NamedKeyPair& log,
                       const std::optional<NamedKeyPair>& gateway);

// suyuan-node seal-keys: encrypts the keys of node, log and gateway, and of authorities in the
// folder, under one passphrase. Files that are already encrypted stay as they are. Returns how many
// were encrypted. The old bytes may stay on the disk until it overwrites them.
Result<size_t> seal_keys(const SealKeysOptions& options);

}  // namespace suyuan
