// The key files of a node: made, read, sealed.
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

// A passphrase that is asked for once, where it is needed, and wiped at the end.
class NodePassphrase {
 public:
  explicit NodePassphrase(PassphraseSource source) : source_(std::move(source)) {}
  ~NodePassphrase();
  NodePassphrase(const NodePassphrase&) = delete;
  NodePassphrase& operator=(const NodePassphrase&) = delete;

  // Of a file that is sealed, or is to be. Where the source names none the terminal is asked.
  Result<std::string_view> get();
  // For a file that is made: empty where the source names none.
  Result<std::string_view> for_new();

 private:
  const PassphraseSource source_;
  std::optional<std::string> text_;
};

// Makes a key and writes its file; the seed leaves this function only through that file.
Result<PublicKey> make_key(const std::string& path, std::string_view name,
                           NodePassphrase& passphrase);
// The folder's node key, which genesis must name; the log's key in the file, which must be that of
// genesis. INVALID_FIELD (another passphrase too), NOT_FOUND, IO.
Result<NamedKeyPair> read_node_key(const DataFolder& folder, const Genesis& genesis,
                                   NodePassphrase& passphrase);
Result<NamedKeyPair> read_log_key(const std::string& path, const Genesis& genesis,
                                  NodePassphrase& passphrase);
// The node's in two steps, for who learns only later who the nodes are.
Result<NamedKeyPair> read_own_key(const DataFolder& folder, NodePassphrase& passphrase);
Result<Done> check_node_key(const DataFolder& folder, const NamedKeyPair& key,
                            const std::vector<NamedKey>& nodes);
// That of the gateway, where the folder has one. INVALID_FIELD, IO.
Result<std::optional<NamedKeyPair>> read_gateway_key(const DataFolder& folder,
                                                     NodePassphrase& passphrase);

// suyuan-node seal-keys: the keys of node, log and gateway, and of authorities that lie in the
// folder, under one passphrase; those that are sealed already stay as they are. How many were
// sealed. The old bytes may stay on the disk until it writes over them.
Result<size_t> seal_keys(const SealKeysOptions& options);

}  // namespace suyuan
