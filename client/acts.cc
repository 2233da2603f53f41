#include "client/acts.h"

#include "ledger/os/files.h"
#include "ledger/registry/possession.h"
#include "proto/jsontext/document.h"
#include "proto/json/registry_json.h"

namespace suyuan {
namespace {

void check_one(Errors& errors, const LedgerId& ledger, const std::string& party,
               const KeyEntry& key, size_t act) {
  auto good = check_possession(ledger, party, key);
  if (!good) errors.push_back(at_event(std::move(good).error(), act));
}

}  // namespace

Results<std::vector<RegistryEvent>> parse_acts(std::string_view json_text) {
  const auto document = parse_json(json_text);
  if (!document) return Unexpected(Errors{document.error()});
  std::vector<RegistryEvent> acts;
  Errors errors;
  const auto add = [&](JsonValue value, size_t index) {
    JsonWriter one;
    one.value(value);
    auto act = parse_registry_json(one.str());
    if (act)
      acts.push_back(*std::move(act));
    else
      errors.push_back(at_event(std::move(act).error(), index));
  };
  size_t index = 0;
  if (document->root().kind() == NodeKind::array) {
    for (const JsonValue value : document->root()) add(value, index++);
  } else {
    add(document->root(), index);
  }
  if (!errors.empty()) return Unexpected(std::move(errors));
  return acts;
}

std::string write_acts(const std::vector<RegistryEvent>& acts) {
  JsonWriter out;
  out.begin_array();
  for (const auto& act : acts) write_act(out, act);
  out.end_array();
  return out.str() + "\n";
}

Result<Done> add_keys_from(const std::string& folder, const LedgerId& ledger,
                           const AskPassphrase& ask, std::vector<RegistryEvent>& acts) {
  for (auto& act : acts) {
    auto* registered = std::get_if<RegisterParty>(&act);
    if (registered == nullptr || !registered->keys.empty()) continue;
    const std::string& party = registered->party.id;
    if (!is_party_id(party)) continue;  // never used in a path; the act's own rules refuse it
    const std::string path = folder + "/" + party + ".key";
    if (!file_exists(path)) continue;
    SUYUAN_TRY(key, load_key(path, ask));
    registered->keys.push_back(prove_possession(ledger, party, key.pair.secret, key.pair.key));
  }
  return Done{};
}

Errors check_possessions(const LedgerId& ledger, const std::vector<RegistryEvent>& acts) {
  Errors errors;
  for (size_t i = 0; i < acts.size(); ++i) {
    if (const auto* registered = std::get_if<RegisterParty>(&acts[i])) {
      for (const auto& key : registered->keys)
        check_one(errors, ledger, registered->party.id, key, i);
    } else if (const auto* added = std::get_if<AddKey>(&acts[i])) {
      check_one(errors, ledger, added->party, added->key, i);
    }
  }
  return errors;
}

}  // namespace suyuan
