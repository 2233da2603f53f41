#include "node/folder/node_keys.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "ledger/os/files.h"
#include "node/epcis/gateway.h"

namespace suyuan {
namespace {

SealRandomness fresh_randomness() {
  return {.salt = random_fixed<Fixed<16, SealSaltTag>>(),
          .nonce = random_fixed<Fixed<24, SealNonceTag>>()};
}

Result<NamedKeyPair> read_key(const std::string& path, NodePassphrase& passphrase) {
  SUYUAN_TRY(text, read_secret_file(path, kKeyFileBytesMax));
  std::string_view opens;
  if (is_sealed_key_file(text)) {
    auto given = passphrase.get();
    if (!given) {
      wipe(text);
      return fail(given.error().code, path + " is sealed: " + given.error().message,
                  given.error().field);
    }
    opens = *given;
  }
  auto key = read_key_file(text, opens);
  wipe(text);
  if (!key) return fail(key.error().code, path + ": " + key.error().message, key.error().field);
  return key;
}

Result<bool> seal_file(const std::string& path, NodePassphrase& passphrase) {
  SUYUAN_TRY(text, read_secret_file(path, kKeyFileBytesMax));
  if (is_sealed_key_file(text)) return false;
  SUYUAN_TRY(seals, passphrase.get());
  auto sealed = reseal_key_file(text, "", seals, fresh_randomness());
  wipe(text);
  if (!sealed)
    return fail(sealed.error().code, path + ": " + sealed.error().message, sealed.error().field);
  SUYUAN_TRY_DONE(write_file(path, *sealed, FileMode::secret));
  return true;
}

}  // namespace

NodePassphrase::~NodePassphrase() {
  if (text_) wipe(*text_);
}

Result<std::string_view> NodePassphrase::get() {
  if (!text_) {
    SUYUAN_TRY(read, read_passphrase(source_, "Passphrase of the node's keys 节点密钥的口令: "));
    text_ = std::move(read);
  }
  return std::string_view(*text_);
}

Result<std::string_view> NodePassphrase::for_new() {
  if (!source_.is_given()) return std::string_view();
  return get();
}

Result<PublicKey> make_key(const std::string& path, std::string_view name,
                           NodePassphrase& passphrase) {
  SUYUAN_TRY(seals, passphrase.for_new());
  auto seed = random_fixed<Fixed<kSeedBytes, struct SeedTag>>();
  auto text = write_key_file(name, seed.view(), seals, fresh_randomness());
  const KeyPair pair = key_from_seed(seed.view());
  wipe(seed.data.data(), kSeedBytes);
  if (!text) return Unexpected(std::move(text).error());
  auto written = write_new_file(path, *text, FileMode::secret);
  wipe(*text);
  if (!written) return Unexpected(std::move(written).error());
  return pair.key;
}

// Receipts under a key that genesis does not name would prove nothing to anyone.
Result<NamedKeyPair> read_node_key(const DataFolder& folder, const Genesis& genesis,
                                   NodePassphrase& passphrase) {
  SUYUAN_TRY(key, read_own_key(folder, passphrase));
  SUYUAN_TRY_DONE(check_node_key(folder, key, genesis.nodes));
  return key;
}

Result<NamedKeyPair> read_own_key(const DataFolder& folder, NodePassphrase& passphrase) {
  return read_key(folder.node_key(), passphrase);
}

Result<Done> check_node_key(const DataFolder& folder, const NamedKeyPair& key,
                            const std::vector<NamedKey>& nodes) {
  const NamedKey own{.name = key.name, .key = key.pair.key};
  if (std::find(nodes.begin(), nodes.end(), own) != nodes.end()) return Done{};
  return fail(
      Code::INVALID_FIELD,
      folder.node_key() + " is not the key of a node of this ledger. Restore the right file; a "
      "node that joined later needs the authorities' notice (suyuan-node join --rules); one that "
      "was removed from the ledger can no longer take part",
      "node key");
}

// The same for checkpoints.
Result<NamedKeyPair> read_log_key(const std::string& path, const Genesis& genesis,
                                  NodePassphrase& passphrase) {
  SUYUAN_TRY(key, read_key(path, passphrase));
  if (key.name == genesis.origin && key.pair.key == genesis.log_key) return key;
  return fail(Code::INVALID_FIELD,
              path + " is not the log key of this ledger; restore the right file",
              "log key");
}

Result<std::optional<NamedKeyPair>> read_gateway_key(const DataFolder& folder,
                                                     NodePassphrase& passphrase) {
  const std::string path = epcis::GatewayFolder{folder.gateway()}.key();
  if (!file_exists(path)) return std::optional<NamedKeyPair>{};
  SUYUAN_TRY(key, read_key(path, passphrase));
  return std::optional<NamedKeyPair>(std::move(key));
}

void warn_if_swappable(const NamedKeyPair& node, const NamedKeyPair& log,
                       const std::optional<NamedKeyPair>& gateway) {
  if (is_locked(node.pair.secret) && is_locked(log.pair.secret) &&
      (!gateway || is_locked(gateway->pair.secret)))
    return;
  spdlog::warn("the system refuses to lock memory (RLIMIT_MEMLOCK): the node's secret keys may be "
               "swapped to disk. Raise the limit (LimitMEMLOCK= of systemd, ulimit -l), or have no "
               "swap, or encrypt it");
}

Result<size_t> seal_keys(const SealKeysOptions& options) {
  std::error_code error;
  std::vector<std::string> files;
  for (const auto& found : std::filesystem::directory_iterator(options.data + "/keys", error))
    if (found.path().extension() == ".key") files.push_back(found.path().string());
  if (error) return fail(Code::NOT_FOUND, options.data + "/keys: " + error.message(), "data");
  const std::string gateway = epcis::GatewayFolder{DataFolder{options.data}.gateway()}.key();
  if (file_exists(gateway)) files.push_back(gateway);
  std::sort(files.begin(), files.end());
  NodePassphrase passphrase(options.passphrase);
  size_t sealed = 0;
  for (const auto& path : files) {
    SUYUAN_TRY(done, seal_file(path, passphrase));
    sealed += done ? 1 : 0;
  }
  return sealed;
}

}  // namespace suyuan
