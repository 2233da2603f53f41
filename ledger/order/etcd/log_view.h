// What etcd holds of a log, for somebody who does not follow it: a node before it starts, and a
// node that begins a new generation of a lost log.
//
//   <log>/at/<name>               where a node can be asked for what another missed: words that it
//                                 signed (node/peers/node_words.h)
//   <log>/generation              why the log begins where it begins: the heads that nodes signed
//   <log>/head/<name>             a node's signed head, while a new generation is being agreed upon
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ledger/order/etcd/group.h"

namespace suyuan {

struct LogView {
  std::optional<LogIdentity> identity;
  std::optional<OrderPlace> tail;
  std::optional<Hash> next_before;  // the mark in the group after `place`, if that group is there
  Bytes generation;                 // empty: the log is as it was founded
  std::map<std::string, Bytes> heads;
  std::map<std::string, Bytes> addresses;
};
// `place`: the place of a store. Errors: UNAVAILABLE, CORRUPT.
Result<LogView> view_log(Kv& kv, const std::string& log, const OrderPlace& place);

Result<Done> put_address(Kv& kv, const std::string& log, const std::string& node,
                         const Bytes& words);
Result<Done> put_head(Kv& kv, const std::string& log, const std::string& node, const Bytes& head);

// Begins the log again after identity.base: earlier groups, words and heads are removed. Does so
// only if the log is still as in `seen`; otherwise returns false. Errors: TOO_LARGE, UNAVAILABLE.
Result<bool> begin_generation(Kv& kv, const std::string& log, const LogView& seen,
                              const LogIdentity& identity, const Bytes& generation);

}  // namespace suyuan
