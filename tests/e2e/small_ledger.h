// A fresh ledger of a few parties on a running node, for tests that need one in a fraction of a
// second. Keys come from the party's name, so a test may sign as anybody.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "client/connection.h"
#include "client/keys.h"
#include "tests/e2e/http_client.h"
#include "tests/e2e/running_node.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::test {

// Registered: farm (producer), maker (manufacturer), carrier (logistics), gateway (logistics),
// retired (producer; its key is revoked). Products of farm and maker. The clock stands at
// 2026-06-02T00:00:00Z.
inline const std::string kMilk = "09521101100013";     // of farm, in KGM
inline const std::string kFormula = "09521104301011";  // of maker, in units
inline const std::string kGln = "9521101000009";
inline constexpr uint64_t kFarFuture = 4'000'000'000'000;

class SmallLedger {
 public:
  explicit SmallLedger(ServeOptions options = without_seals());

  RunningNode& running() { return running_; }
  Connection& rpc() { return *rpc_; }
  HttpClient& http() { return http_; }
  const LedgerId& id() const { return running_.ledger().id; }
  std::string folder() const { return folder_.path(); }

  const NamedKeyPair& key(const std::string& name);
  Signer signer(const std::string& name) { return signer_of(key(name)); }
  KeyEntry key_entry(const std::string& key_name, const std::string& party);

  // Signed whatever is in them: nothing is checked.
  static UnsignedEvent payload_of(const TraceEvent& event);
  static UnsignedEvent payload_of(const RegistryEvent& act);
  // As the note's author may have meant it: each field can be set before it is signed.
  BatchDraft draft(std::vector<TraceEvent> events);
  Submission batch(const std::string& party, std::vector<TraceEvent> events);
  Submission acts(const std::string& party, const std::vector<RegistryEvent>& acts);
  // Signs a text as it is, by one party or more.
  std::string sign_text(const std::string& text, const std::vector<std::string>& parties);

  // Aborts unless it is accepted.
  BatchReceipt accept(const Submission& submission);
  BatchReceipt accept(const std::string& party, std::vector<TraceEvent> events) {
    return accept(batch(party, std::move(events)));
  }

 private:
  void register_all();

  TempFolder folder_;
  RunningNode running_;
  std::unique_ptr<Connection> rpc_;
  HttpClient http_;
  std::map<std::string, NamedKeyPair> keys_;
};

RegistryEvent registered_party(const std::string& id, Role role, std::vector<KeyEntry> keys);
// Of a signed note: the text before the signature lines, with its last line feed.
std::string signed_text(const std::string& note);

}  // namespace suyuan::test
