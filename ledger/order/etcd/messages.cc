#include "ledger/order/etcd/messages.h"

#include <algorithm>
#include <utility>

namespace suyuan {
namespace {

KvPair pair_of(etcdserverpb::KeyValue& kv) {
  return {.key = std::move(*kv.mutable_key()), .value = std::move(*kv.mutable_value())};
}

}  // namespace

KvAnswer answer_of(etcdserverpb::TxnResponse& response) {
  KvAnswer answer{.held = response.succeeded(), .revision = response.header().revision(),
                  .ranges = {}};
  for (auto& one : *response.mutable_responses()) {
    if (!one.has_response_range()) continue;
    auto& pairs = answer.ranges.emplace_back();
    for (auto& kv : *one.mutable_response_range()->mutable_kvs()) pairs.push_back(pair_of(kv));
  }
  return answer;
}

std::vector<KvPair> puts_of(etcdserverpb::WatchResponse& response) {
  std::vector<KvPair> pairs;
  for (auto& event : *response.mutable_events()) {
    if (event.type() == etcdserverpb::Event::PUT) pairs.push_back(pair_of(*event.mutable_kv()));
  }
  return pairs;
}

KvStatus status_of(const etcdserverpb::StatusResponse& response) {
  const auto size = [](int64_t bytes) {
    return static_cast<uint64_t>(std::max<int64_t>(bytes, 0));
  };
  // etcd has a text for each alarm: "memberID:<id> alarm:NOSPACE".
  const bool is_full = std::ranges::any_of(response.errors(), [](const std::string& one) {
    return one.find("NOSPACE") != std::string::npos;
  });
  return {.bytes = size(response.db_size()),
          .bytes_in_use = size(response.db_size_in_use()),
          .is_full = is_full};
}

}  // namespace suyuan
