#include "ledger/order/etcd/log_view.h"

namespace suyuan {
namespace {

std::string under(const std::string& log, const char* what, std::string_view name) {
  return log + "/" + what + "/" + std::string(name);
}
KvRange all_under(const std::string& log, const char* what) {
  return {.key = log + "/" + what + "/", .end = log + "/" + what + "0"};
}

std::map<std::string, Bytes> by_name(std::vector<KvPair>& pairs, std::string_view prefix) {
  std::map<std::string, Bytes> all;
  for (auto& [key, value] : pairs) {
    if (auto name = name_under(prefix, key)) all.emplace(*std::move(name), std::move(value));
  }
  return all;
}

KvDelete gone(const KvRange& range) { return {.key = range.key, .end = range.end}; }

}  // namespace

Result<LogView> view_log(Kv& kv, const std::string& log, const OrderPlace& place) {
  const LogKeys keys{log};
  SUYUAN_TRY(answer, kv.txn({.then = {KvRange{.key = keys.identity()}, KvRange{.key = keys.tail()},
                                      KvRange{.key = keys.group(place.position + 1)},
                                      KvRange{.key = log + "/generation"}, all_under(log, "head"),
                                      all_under(log, "at")}}));
  if (answer.ranges.size() != 6) return fail(Code::CORRUPT, "etcd answered another question");
  LogView view;
  if (!answer.ranges[0].empty()) {
    SUYUAN_TRY(identity, decode_identity(answer.ranges[0][0].value));
    view.identity = identity;
  }
  if (!answer.ranges[1].empty()) {
    SUYUAN_TRY(tail, decode_place(answer.ranges[1][0].value));
    view.tail = tail;
  }
  if (!answer.ranges[2].empty()) {
    SUYUAN_TRY(group, decode_group(answer.ranges[2][0].value));
    view.next_before = group.before;
  }
  if (!answer.ranges[3].empty()) view.generation = answer.ranges[3][0].value;
  view.heads = by_name(answer.ranges[4], all_under(log, "head").key);
  view.addresses = by_name(answer.ranges[5], all_under(log, "at").key);
  return view;
}

Result<Done> put_address(Kv& kv, const std::string& log, const std::string& node,
                         const Bytes& words) {
  SUYUAN_TRY(answer, kv.txn({.then = {KvPut{.key = under(log, "at", node), .value = words}}}));
  (void)answer;
  return Done{};
}

Result<Done> put_head(Kv& kv, const std::string& log, const std::string& node, const Bytes& head) {
  SUYUAN_TRY(answer, kv.txn({.then = {KvPut{.key = under(log, "head", node), .value = head}}}));
  (void)answer;
  return Done{};
}

Result<bool> begin_generation(Kv& kv, const std::string& log, const LogView& seen,
                              const LogIdentity& identity, const Bytes& generation) {
  const LogKeys keys{log};
  KvTxn txn;
  const auto as_seen = [&](const std::string& key, std::optional<Bytes> value) {
    txn.when.push_back({.key = key, .value = std::move(value)});
  };
  as_seen(keys.identity(), seen.identity ? std::optional(encode_identity(*seen.identity))
                                         : std::nullopt);
  as_seen(keys.tail(), seen.tail ? std::optional(encode_place(*seen.tail)) : std::nullopt);
  txn.then = {keys.groups_to(UINT64_MAX - 1),
              gone(all_under(log, "head")),
              gone(keys.nodes()),
              KvPut{.key = keys.identity(), .value = encode_identity(identity)},
              KvPut{.key = keys.tail(), .value = encode_place(identity.base)},
              KvPut{.key = log + "/generation", .value = generation}};
  SUYUAN_TRY(answer, kv.txn(txn));
  return answer.held;
}

}  // namespace suyuan
