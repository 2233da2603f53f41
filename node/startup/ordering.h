// The ordered log that the operator chose: the node's own, or one in etcd that nodes share.
#pragma once

#include <memory>

#include "ledger/order/etcd/etcd_order.h"
#include "ledger/registry/genesis.h"
#include "ledger/store/store.h"
#include "node/options.h"

namespace suyuan {

// Where --order etcd is chosen, a connection; else null. INVALID_FIELD, IO.
Result<std::unique_ptr<Kv>> open_shared_log(const OrderOptions& options);

// Where other nodes reach a node whose HTTP listener has this port; empty: nobody said.
std::string peer_url_of(const ServeOptions& options, uint16_t http_port);

// The store must be of the log that was chosen. INVALID_FIELD, with what to do.
Result<Done> check_order(const OrderOptions& options, const Reader& store);

// The ledger in the folder goes on in a log in etcd, made here, from where it stands. Its
// checkpoints stay what they are. Interrupted, it can be run again; once the log has grown, it is
// refused. UNAVAILABLE: the folder was restored or joined, and may be an older copy; etcd does not
// answer. NOT_FOUND, INVALID_FIELD, IO.
struct Migrated {
  LedgerId ledger;
  uint64_t position = 0;
};
struct MigrateOptions {
  std::string data;
  OrderOptions order{.kind = "etcd"};
  PassphraseSource passphrase = {};  // of the node's key files, where they are sealed
  bool nothing_newer_was_signed = false;  // the operator's word, of a folder that was restored
};
Result<Migrated> migrate(const MigrateOptions& options);

}  // namespace suyuan
