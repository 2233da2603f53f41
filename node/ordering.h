// The ordered log that the operator chose: the node's own, or one in etcd that nodes share.
#pragma once

#include <prometheus/metric_family.h>

#include <memory>

#include "ledger/order/etcd/etcd_order.h"
#include "node/options.h"
#include "node/peers.h"

namespace suyuan {

// Where --order etcd is chosen, a connection; else null. INVALID_FIELD, IO.
Result<std::unique_ptr<Kv>> open_shared_log(const OrderOptions& options);

// Where other nodes reach a node whose HTTP listener has this port; empty: nobody said.
std::string peer_url_of(const ServeOptions& options, uint16_t http_port);

// The store must be of the log that was chosen. INVALID_FIELD, with what to do.
Result<Done> check_order(const OrderOptions& options, const Reader& store);

// Lag, proposals, conflicts, and what the other nodes say.
std::vector<prometheus::MetricFamily> order_families(const EtcdOrder& order, const Peers& peers);

// The ledger in the folder goes on in a log in etcd, made here, from where it stands. Its
// checkpoints stay what they are. Interrupted, it can be run again; once the log has grown, it is
// refused. NOT_FOUND, INVALID_FIELD, UNAVAILABLE, IO.
struct Migrated {
  LedgerId ledger;
  uint64_t position = 0;
};
Result<Migrated> migrate(const std::string& data, const OrderOptions& options,
                         const PassphraseSource& passphrase = {});

}  // namespace suyuan
