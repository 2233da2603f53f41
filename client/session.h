// Asking as a party: a session opened with its key, and the sealed sections that are open to it,
// each held against what the ledger commits to (docs/access.md).
#pragma once

#include <optional>
#include <vector>

#include "client/connection.h"
#include "ledger/crypto/key_file.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

// From here on the connection asks as the key's party. What is signed is made here, of the node's
// own name and nonce: never a text that somebody hands over. `expected`: the ledger that is pinned,
// if one is. LEDGER_MISMATCH: the node names another; INVALID_FIELD: it names another node than its
// status does; what the node refuses.
Result<Done> open_session(Connection& connection, const NamedKeyPair& key,
                          const std::optional<LedgerId>& expected);

// Whether the payload is what the record commits to, and each section what the payload does.
// SECTION_MISMATCH.
Result<Done> check_sections(const EventView& view);

// Of each event that names sections those that are open to the session's party, checked.
// SECTION_MISMATCH: the node gave other bytes; what the node refuses.
Result<Done> fetch_sections(Connection& connection, std::vector<EventView>& events);

}  // namespace suyuan
