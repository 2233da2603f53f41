// Asks as a party: opens a session with the party's key, and verifies the sealed sections open to
// it against what the ledger commits to (docs/access.md).
#pragma once

#include <optional>
#include <vector>

#include "client/connection.h"
#include "ledger/crypto/key_file.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

// Opens a session: from here on the connection asks as the key's party. The signed text is built
// here from the node's name and nonce; a text from outside is never signed. `expected`: the pinned
// ledger, if there is one.
// Errors: LEDGER_MISMATCH (the node names another ledger), INVALID_FIELD (it names another node
// than its status does), and whatever the node refuses.
Result<Done> open_session(Connection& connection, const NamedKeyPair& key,
                          const std::optional<LedgerId>& expected);

// Verifies the payload against the record's commitment, and each section against the payload's.
// Errors: SECTION_MISMATCH.
Result<Done> check_sections(const EventView& view);

// Fetches and verifies the sections open to the session's party, for each event that names
// sections.
// Errors: SECTION_MISMATCH (the node gave other bytes), and whatever the node refuses.
Result<Done> fetch_sections(Connection& connection, std::vector<EventView>& events);

}  // namespace suyuan
