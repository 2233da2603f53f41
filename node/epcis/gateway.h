// The gateway of a node: for parties whose programs cannot sign. A bearer token stands for a party;
// the node signs as the gateway party, whose delegation the registry must hold. In the data folder:
//
//   gateway/gateway.key   key file of the gateway party, 0600; sealed as the node's keys are
//   gateway/tokens        a line for each: <hex of SHA-256 of the token> <party> <audience>
//   gateway/paging.key    what page tokens are made with
//
// Tokens are random and are shown once; only their hashes are kept.
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
  bool is_public = false;  // what it captures is for everyone where the request does not say
  // Of the token that it came with: the first 8 hex digits of its hash.
  std::string token_id = {};
  friend bool operator==(const Bearer&, const Bearer&) = default;
};

// Where everything lies in a node's data folder.
struct GatewayFolder {
  std::string path;
  std::string key() const { return path + "/gateway.key"; }
  std::string tokens() const { return path + "/tokens"; }
  std::string paging() const { return path + "/paging.key"; }
};

// suyuan-node gateway init: makes the key, sealed where a passphrase is given. IO: there is one
// already.
Result<PublicKey> make_gateway_key(const GatewayFolder& folder, const std::string& party,
                                   std::string_view passphrase = {});
// suyuan-node gateway add-token: the token, this once. A node that runs takes it at once.
Result<std::string> add_token(const GatewayFolder& folder, const Bearer& bearer);
// Takes all tokens of the party away; how many there were.
Result<size_t> remove_tokens(const GatewayFolder& folder, const std::string& party);
struct TokenLine {
  Hash hash;
  Bearer bearer;
};
Result<std::vector<TokenLine>> read_tokens(const GatewayFolder& folder);

// Which version of a file was read.
struct FileMark {
  int64_t time_ns = -1;  // since 1970; 0: there is no file; -1: not read yet
  uint64_t inode = 0;
  int64_t bytes = 0;
  friend bool operator==(const FileMark&, const FileMark&) = default;
};

class Gateway {
 public:
  // `key`: the folder's, opened; nullopt: it has none, and is a gateway that signs nothing, where
  // tokens still say who reads.
  static Result<std::unique_ptr<Gateway>> open(const GatewayFolder& folder,
                                               std::optional<NamedKeyPair> key = {});

  // From any thread. Null: there is no key yet, and plain clients cannot capture. One that is made
  // later is taken at once, but not where it is sealed: the passphrase is gone by then. One that is
  // there stays the same for as long as the node runs.
  const NamedKeyPair* key() const;
  const Hash& paging_secret() const { return paging_secret_; }
  // From any thread. Nullopt: no such token.
  std::optional<Bearer> find(std::string_view token) const;

 private:
  explicit Gateway(GatewayFolder folder) : folder_(std::move(folder)) {}
  void reload() const;

  const GatewayFolder folder_;
  Hash paging_secret_;
  mutable std::mutex mutex_;  // guards what follows, for a look at the files and a search
  mutable std::optional<NamedKeyPair> key_;
  mutable std::vector<TokenLine> tokens_;
  mutable FileMark read_at_;
};

}  // namespace suyuan::epcis
