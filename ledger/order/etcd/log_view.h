// What stands in etcd of a log, as somebody finds it who does not follow it: a node before it
// starts, and who begins a new generation of a log that was lost.
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
  std::optional<Hash> next_before;  // the mark that the group behind `place` holds, if it is there
  Bytes generation;                 // empty: the log is as it was founded
  std::map<std::string, Bytes> heads;
  std::map<std::string, Bytes> addresses;
};
// `place`: where a store stands. UNAVAILABLE, CORRUPT.
Result<LogView> view_log(Kv& kv, const std::string& log, const OrderPlace& place);

Result<Done> put_address(Kv& kv, const std::string& log, const std::string& node,
                         const Bytes& words);
Result<Done> put_head(Kv& kv, const std::string& log, const std::string& node, const Bytes& head);

// The log begins anew behind identity.base: groups and words of before are gone, heads too. Only
// where the log is still what `seen` says: false, where it is not. TOO_LARGE, UNAVAILABLE.
Result<bool> begin_generation(Kv& kv, const std::string& log, const LogView& seen,
                              const LogIdentity& identity, const Bytes& generation);

}  // namespace suyuan
