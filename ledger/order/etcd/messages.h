// What etcd's messages say, in the terms of Kv. They come from outside: an etcd may answer
// anything. Internal to this module: includes the generated code.
#pragma once

#include <etcdserverpb/rpc.pb.h>

#include <vector>

#include "ledger/order/etcd/kv.h"

namespace suyuan {

// Takes keys and values out of the message. The answers to steps that are not ranges are left out.
// Whether there are as many ranges as were asked for, the caller checks.
KvAnswer answer_of(etcdserverpb::TxnResponse& response);

// Takes out what was put; deletions are left out.
std::vector<KvPair> puts_of(etcdserverpb::WatchResponse& response);

// Sizes below 0 count as 0.
KvStatus status_of(const etcdserverpb::StatusResponse& response);

}  // namespace suyuan
