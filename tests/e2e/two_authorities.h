// A node of a ledger that two authorities share, each with a key file of its own: what concerns
// their keys needs both.
#pragma once

#include "client/keys.h"
#include "ledger/base/text.h"
#include "ledger/batch/sign.h"
#include "ledger/os/files.h"
#include "ledger/registry/possession.h"
#include "node/folder/init.h"
#include "proto/registry_codec.h"
#include "tests/e2e/running_node.h"

namespace suyuan::test {

class TwoAuthorities {
 public:
  explicit TwoAuthorities(ServeOptions options = without_seals())
      : running_(make_ledger(), kNow, std::move(options)) {}

  RunningNode& running() { return running_; }
  std::string file(const std::string& name) const { return folder_.path() + "/" + name; }
  std::string data() const { return file("node"); }
  std::string key_file(const std::string& authority) const { return file(authority + ".key"); }
  const LedgerId& id() const { return running_.ledger().id; }

  // A further key of the authority, which nobody else makes.
  KeyEntry new_key(const std::string& authority, char seed) const {
    const KeyPair pair = key_from_seed(Bytes(kSeedBytes, seed));
    return prove_possession(id(), authority, pair.secret, pair.key);
  }
  Submission acts(const std::vector<RegistryEvent>& acts, const std::string& party,
                  const std::vector<std::string>& with = {}) const {
    BatchDraft draft{.ledger = id(),
                     .type = PayloadType::registry_capnp,
                     .events = {},
                     .until_ms = 4'000'000'000'000,
                     .nonce = random_fixed<Nonce>()};
    for (const auto& act : acts) {
      draft.events.push_back(
          {.body = {.salt = random_fixed<Salt>(), .payload = encode_registry(act)},
           .codes = {code_of(act)}});
    }
    std::vector<NamedKeyPair> keys;
    for (const auto& name : with) keys.push_back(loaded(name));
    std::vector<Signer> cosigners;
    for (const auto& key : keys) cosigners.push_back(signer_of(key));
    const NamedKeyPair own = loaded(party);
    return sign_batch(std::move(draft), signer_of(own), cosigners).value();
  }

  static constexpr int64_t kNow = 1'780'000'000'000;

 private:
  NamedKeyPair loaded(const std::string& authority) const {
    return load_key(key_file(authority), [](const std::string&) { return std::string(); }).value();
  }
  std::string make_ledger() const {
    InitOptions options{.data = data(), .origin = "two.suyuan.example/log"};
    for (const std::string name : {"customs", "samr"}) {
      const PublicKey key = make_key_file(key_file(name), name, "").value();
      options.authorities.push_back(name + "=" + to_base64(key.view()));
    }
    SUYUAN_CHECK(init_ledger(options, kNow).has_value());
    return data();
  }

  const TempFolder folder_;
  RunningNode running_;
};

}  // namespace suyuan::test
