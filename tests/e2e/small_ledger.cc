#include "tests/e2e/small_ledger.h"

#include "ledger/batch/sign.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/codes_of.h"
#include "ledger/os/files.h"
#include "ledger/registry/possession.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"

namespace suyuan::test {
namespace {

template <class T, class E>
T must(Expected<T, E> result) {
  if (!result) {
    if constexpr (std::is_same_v<E, Errors>)
      std::fprintf(stderr, "%s\n", to_text(result.error().front()).c_str());
    else
      std::fprintf(stderr, "%s\n", to_text(result.error()).c_str());
    std::abort();
  }
  return std::move(result).value();
}

}  // namespace

SmallLedger::SmallLedger(ServeOptions options)
    : running_(folder_.path(), testing::ms("2026-06-02T00:00:00Z"), std::move(options)),
      // The test's clock stands still: whoever waits for it waits in vain.
      rpc_(must(Connection::open({.node = running_.rpc_address(), .limited_ms = 0}))),
      http_(running_.http_port()) {
  register_all();
}

void SmallLedger::register_all() {
  keys_.emplace("registrar", must(load_key(running_.registrar_key_file(),
                                           [](const std::string&) { return std::string(); })));
  const auto with_key = [this](const std::string& party, Role role) {
    return registered_party(party, role, {key_entry(party, party)});
  };
  accept(
      acts("registrar", {with_key("farm", Role::producer), with_key("maker", Role::manufacturer),
                         with_key("carrier", Role::logistics), with_key("gateway", Role::logistics),
                         with_key("retired", Role::producer)}));
  accept(acts("registrar",
              {RegisterProduct{{.gtin = kMilk, .name = "Raw milk", .owner = "farm", .uom = "KGM"}},
               RegisterProduct{
                   {.gtin = kFormula, .name = "Infant formula", .owner = "maker", .uom = "H87"}},
               RegisterSite{{.gln = kGln, .party = "farm", .name = "Farm"}}}));
  accept(acts("registrar", {RevokeKey{.party = "retired", .key = key("retired").pair.key}}));
}

const NamedKeyPair& SmallLedger::key(const std::string& name) {
  const auto found = keys_.find(name);
  if (found != keys_.end()) return found->second;
  return keys_
      .emplace(name, NamedKeyPair{.name = name,
                                  .pair = key_from_seed(sha256("small ledger " + name).view())})
      .first->second;
}

KeyEntry SmallLedger::key_entry(const std::string& key_name, const std::string& party) {
  const KeyPair& pair = key(key_name).pair;
  return prove_possession(id(), party, pair.secret, pair.key);
}

UnsignedEvent SmallLedger::payload_of(const TraceEvent& event) {
  return {.body = {.salt = random_fixed<Salt>(), .payload = encode_event(event)},
          .codes = codes_of(event)};
}

UnsignedEvent SmallLedger::payload_of(const RegistryEvent& act) {
  return {.body = {.salt = random_fixed<Salt>(), .payload = encode_registry(act)},
          .codes = {code_of(act)}};
}

BatchDraft SmallLedger::draft(std::vector<TraceEvent> events) {
  BatchDraft draft{
      .ledger = id(), .events = {}, .until_ms = kFarFuture, .nonce = random_fixed<Nonce>()};
  for (const auto& event : events) draft.events.push_back(payload_of(event));
  return draft;
}

Submission SmallLedger::batch(const std::string& party, std::vector<TraceEvent> events) {
  return must(sign_batch(draft(std::move(events)), signer(party)));
}

Submission SmallLedger::acts(const std::string& party, const std::vector<RegistryEvent>& acts) {
  BatchDraft unsigned_batch = draft({});
  unsigned_batch.type = PayloadType::registry_capnp;
  for (const auto& act : acts) unsigned_batch.events.push_back(payload_of(act));
  return must(sign_batch(std::move(unsigned_batch), signer(party)));
}

std::string SmallLedger::sign_text(const std::string& text,
                                   const std::vector<std::string>& parties) {
  SignedNote note{.text = text, .signatures = {}};
  for (const auto& party : parties) {
    const auto& pair = key(party).pair;
    note.signatures.push_back(sign_note(text, party, pair.secret, pair.key));
  }
  return write_note(note);
}

BatchReceipt SmallLedger::accept(const Submission& submission) {
  return must(rpc_->submit(submission).outcome);
}

RegistryEvent registered_party(const std::string& id, Role role, std::vector<KeyEntry> keys) {
  return RegisterParty{.party = {.id = id, .name = id, .roles = {role}}, .keys = std::move(keys)};
}

std::string signed_text(const std::string& note) {
  const size_t blank = note.rfind("\n\n");
  return blank == std::string::npos ? note : note.substr(0, blank + 1);
}

}  // namespace suyuan::test
