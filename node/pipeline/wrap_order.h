// Replaces a node's log when the node is made. No option does it, only a program that is built
// around a node (bench/verify_only_main.cc).
#pragma once

#include <functional>
#include <memory>

#include "ledger/order/order.h"

namespace suyuan {

// Takes the node's log, and returns the log that the node uses. Null: the node uses its own.
using WrapOrder = std::function<std::unique_ptr<Order>(std::unique_ptr<Order>)>;

}  // namespace suyuan
