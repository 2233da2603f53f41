// The ordered log that the operator chose: the node's own, or one in etcd that nodes share.
#pragma once

#include <memory>

#include "ledger/order/etcd/etcd_order.h"
#include "ledger/registry/genesis.h"
#include "ledger/store/store.h"
#include "node/options.h"

namespace suyuan {

// With --order etcd, a connection; otherwise null. Errors: INVALID_FIELD, IO.
Result<std::unique_ptr<Kv>> open_shared_log(const OrderOptions& options);

// Where other nodes reach a node whose HTTP listener has this port; empty: unknown.
std::string peer_url_of(const ServeOptions& options, uint16_t http_port);

// The store must belong to the chosen log. Errors: INVALID_FIELD, with what to do.
Result<Done> check_order(const OrderOptions& options, const Reader& store);

// Continues the folder's ledger in a log in etcd, made here, from its present place. Its
// checkpoints stay as they are. It can be run again after an interruption; once the log has grown,
// it is refused.
// Errors: UNAVAILABLE (the folder was restored or joined, and may be an older copy; or etcd does
// not answer), NOT_FOUND, INVALID_FIELD, IO.
struct Migrated {
  LedgerId ledger;
  uint64_t position = 0;
};
struct MigrateOptions {
  std::string data;
  OrderOptions order{.kind = "etcd"};
  PassphraseSource passphrase = {};  // of the node's key files, if they are encrypted
  bool nothing_newer_was_signed = false;  // the operator's assurance, for a restored folder
};
Result<Migrated> migrate(const MigrateOptions& options);

}  // namespace suyuan
