// One connection as RPC: the calls of its peer, read within bounds from any stream. Internal to
// this module. Network thread only.
#pragma once

#include <capnp/rpc-twoparty.h>
#include <capnp/rpc.h>
#include <kj/async-io.h>

#include <cstddef>

#include "proto/rpc_bounds.h"

namespace suyuan {

struct RpcMessageLimits {
  size_t message_bytes_max;    // of one message
  size_t in_flight_bytes_max;  // of calls without their answers
};

// Destroyed with all its calls; results that still come for them are dropped.
struct RpcSession {
  RpcSession(kj::Own<kj::AsyncIoStream> s, capnp::Capability::Client bootstrap,
             const RpcMessageLimits& limits)
      : stream(kj::mv(s)),
        network(*stream, capnp::rpc::twoparty::Side::SERVER,
                rpc_reader_options(limits.message_bytes_max)),
        rpc(capnp::makeRpcServer(network, kj::mv(bootstrap))) {
    // Without it, a client that sends and never reads could exhaust the memory.
    rpc.setFlowLimit(limits.in_flight_bytes_max / sizeof(capnp::word));
  }
  kj::Own<kj::AsyncIoStream> stream;
  capnp::TwoPartyVatNetwork network;
  capnp::RpcSystem<capnp::rpc::twoparty::VatId> rpc;
};

}  // namespace suyuan
