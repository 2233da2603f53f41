// One connection to a node as RPC, over any stream. Internal to the client.
#pragma once

#include <capnp/rpc-twoparty.h>
#include <capnp/rpc.h>
#include <kj/async-io.h>

#include <cstddef>

#include "client/gathering_stream.h"
#include "proto/ledger.capnp.h"
#include "proto/rpc_bounds.h"

namespace suyuan {

struct LedgerLink {
  static constexpr size_t kMessageBytesMax = size_t{16} << 20;  // same as the node's

  explicit LedgerLink(kj::Own<kj::AsyncIoStream> connected)
      : stream(gather(kj::mv(connected))),
        network(*stream, capnp::rpc::twoparty::Side::CLIENT,
                rpc_reader_options(kMessageBytesMax)),
        rpc(capnp::makeRpcClient(network)) {}

  wire::Ledger::Client ledger() {
    capnp::MallocMessageBuilder message(4);
    auto id = message.initRoot<capnp::rpc::twoparty::VatId>();
    id.setSide(capnp::rpc::twoparty::Side::SERVER);
    return rpc.bootstrap(id).castAs<wire::Ledger>();
  }

  kj::Own<kj::AsyncIoStream> stream;
  capnp::TwoPartyVatNetwork network;
  capnp::RpcSystem<capnp::rpc::twoparty::VatId> rpc;
};

}  // namespace suyuan
