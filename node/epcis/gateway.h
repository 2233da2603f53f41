// The gateway of a node, for parties whose programs cannot sign. A bearer token represents a party;
// the node signs as the gateway party, whose delegation the registry must have. In the data folder:
//
//   gateway/gateway.key   key file of the gateway party, 0600; encrypted as the node's keys are
//   gateway/tokens        a line for each: <hex of SHA-256 of the token> <party> <audience>
//   gateway/paging.key    the key of page tokens
//
// Tokens are random and are shown once; only their hashes are stored.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ledger/crypto/key_file.h"
#include "ledger/event/event.h"

namespace suyuan::epcis {

struct Bearer {
  std::string party;
  bool is_public = false;  // captured events are for everyone unless the request says otherwise
  // Id of the token used: the first 8 hex digits of its hash.
  std::string token_id = {};
  friend bool operator==(const Bearer&, const Bearer&) = default;
};

// The paths in a node's data folder.
struct GatewayFolder {
  std::string path;
  std::string key() const { return path + "/gateway.key"; }
  std::string tokens() const { return path + "/tokens"; }
  std::string paging() const { return path + "/paging.key"; }
};

// suyuan-node gateway init: makes the key, encrypted if a passphrase is given.
// Errors: IO (it exists already).
Result<PublicKey> make_gateway_key(const GatewayFolder& folder, const std::string& party,
                                   std::string_view passphrase = {});
// suyuan-node gateway add-token: returns the token, this once. A running node accepts it at once.
Result<std::string> add_token(const GatewayFolder& folder, const Bearer& bearer);
// Removes all tokens of the party and returns their number.
Result<size_t> remove_tokens(const GatewayFolder& folder, const std::string& party);
struct TokenLine {
  Hash hash;
  Bearer bearer;
};
Result<std::vector<TokenLine>> read_tokens(const GatewayFolder& folder);

// Identifies the version of a file that was read.
struct FileMark {
  int64_t time_ns = -1;  // ns since 1970; 0: there is no file; -1: not read yet
  uint64_t inode = 0;
  int64_t bytes = 0;
  friend bool operator==(const FileMark&, const FileMark&) = default;
};

class Gateway {
 public:
  // `key`: the folder's key, opened. nullopt: it has none; the gateway signs nothing, but tokens
  // still identify readers.
  static Result<std::unique_ptr<Gateway>> open(const GatewayFolder& folder,
                                               std::optional<NamedKeyPair> key = {});

  // Returns null if there is no key yet; plain clients then cannot capture. A key made later is
  // loaded at once, unless it is encrypted, because the passphrase is gone by then. A key, once
  // loaded, stays the same while the node runs. Thread-safe.
  const NamedKeyPair* key() const;
  const Hash& paging_secret() const { return paging_secret_; }
  // Returns nullopt if there is no such token. Thread-safe.
  std::optional<Bearer> find(std::string_view token) const;

 private:
  explicit Gateway(GatewayFolder folder) : folder_(std::move(folder)) {}
  void reload() const;

  const GatewayFolder folder_;
  Hash paging_secret_;
  mutable std::mutex mutex_;  // guards what follows; held for a look at the files and a search
  mutable std::optional<NamedKeyPair> key_;
  mutable std::vector<TokenLine> tokens_;
  mutable FileMark read_at_;
};

}  // namespace suyuan::epcis
