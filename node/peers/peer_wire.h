// PeerWire: what carries one node's questions to another: the network, or answers of a test's own.
#pragma once

#include <chrono>
#include <functional>

#include "node/peers/http_link.h"

namespace suyuan {

struct PeerWire {
  // One exchange; it resolves the name in `to` itself. Status 0: no answer, and `failure` says why.
  std::function<LinkReply(LinkExchange exchange)> exchange;
  // Before the same is asked again.
  std::function<void(std::chrono::milliseconds time)> pause;
};
// Blocks the calling thread.
PeerWire over_network();

}  // namespace suyuan
