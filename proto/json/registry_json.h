// The registry as JSON: the acts that authorities sign, and the registered data (docs/events.md).
#pragma once

#include <string>
#include <string_view>

#include "ledger/base/error.h"
#include "ledger/registry/registry_event.h"
#include "ledger/registry/state.h"
#include "proto/jsontext/writer.h"

namespace suyuan {

// Returns the act's word: "registerParty".
std::string_view act_word(const RegistryEvent& event);

// Parses one act. Checks the form only; apply checks the registry's rules.
Result<RegistryEvent> parse_registry_json(std::string_view text);
std::string write_registry_json(const RegistryEvent& event);
void write_act(JsonWriter& out, const RegistryEvent& event);

// For answers.
void write_party(JsonWriter& out, const PartyState& party);
void write_product(JsonWriter& out, const ProductData& product);
void write_site(JsonWriter& out, const SiteData& site);

}  // namespace suyuan
