// What may take the place of a node's log while it is made. No option leads here: only programs
// that are built around a node do this (bench/verify_only_main.cc).
#pragma once

#include <functional>
#include <memory>

#include "ledger/order/order.h"

namespace suyuan {

// Takes the node's log, and returns the log that the node uses. Null: the node uses its own.
using WrapOrder = std::function<std::unique_ptr<Order>(std::unique_ptr<Order>)>;

}  // namespace suyuan
