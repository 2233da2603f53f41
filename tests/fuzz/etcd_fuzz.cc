// What etcd sends, as gRPC hands it over: answers to transactions and events of a watch. The first
// byte says which (odd: a watch), the rest is the message. What is made of it is what it holds. All
// is read as a member's status too.
#include <climits>

#include "ledger/order/etcd/group.h"
#include "ledger/order/etcd/log_view.h"
#include "ledger/order/etcd/messages.h"
#include "tests/fuzz/fuzz.h"

namespace suyuan {
namespace {

namespace pb = etcdserverpb;

constexpr char kLog[] = "trace";
const LogKeys kKeys{kLog};
const OrderPlace kPlace{.position = 41, .mark = mark_of("before")};

// An etcd that has one answer to everything.
class OneAnswer final : public Kv {
 public:
  explicit OneAnswer(const KvAnswer& answer) : answer_(answer) {}
  Result<KvAnswer> txn(const KvTxn&) override { return answer_; }
  Result<std::unique_ptr<KvWatch>> watch(const KvRange&, int64_t) override { return nothing(); }
  Result<Done> compact(int64_t) override { return nothing(); }
  Result<int64_t> grant_lease(std::chrono::seconds) override { return nothing(); }
  Result<Done> keep_lease(int64_t) override { return nothing(); }
  Result<Done> revoke_lease(int64_t) override { return nothing(); }
  Result<KvStatus> status() override { return nothing(); }

 private:
  static Unexpected<Error> nothing() { return fail(Code::UNAVAILABLE, "not asked here"); }
  const KvAnswer& answer_;
};

size_t bytes_of(const std::vector<KvPair>& pairs) {
  size_t bytes = 0;
  for (const KvPair& pair : pairs) bytes += pair.key.size() + pair.value.size();
  return bytes;
}

// Keys and values under the log, whichever they are.
void read_pair(const KvPair& pair) {
  if (const auto position = kKeys.position_of(pair.key)) {
    SUYUAN_CHECK(kKeys.group(*position) == pair.key);
  }
  const auto group = decode_group(pair.value);
  if (group && group->too_many == 0) SUYUAN_CHECK(encode_group(*group) == pair.value);
}

void check_view(const KvAnswer& answer) {
  OneAnswer etcd(answer);
  const LogIdentity identity{.ledger = mark_of("genesis"), .base = kPlace};
  const auto founded = found_log(etcd, kLog, identity);
  const bool is_there = answer.ranges.size() == 1 && answer.ranges[0].size() == 1 &&
                        answer.ranges[0][0].value == encode_identity(identity);
  SUYUAN_CHECK(founded.has_value() == (answer.held || is_there));

  const auto view = view_log(etcd, kLog, kPlace);
  if (!view) return;
  const auto& ranges = answer.ranges;
  SUYUAN_CHECK(ranges.size() == 6);
  SUYUAN_CHECK(view->identity.has_value() == !ranges[0].empty());
  SUYUAN_CHECK(view->tail.has_value() == !ranges[1].empty());
  SUYUAN_CHECK(view->next_before.has_value() == !ranges[2].empty());
  if (view->identity) SUYUAN_CHECK(encode_identity(*view->identity) == ranges[0][0].value);
  if (view->tail) SUYUAN_CHECK(encode_place(*view->tail) == ranges[1][0].value);
  SUYUAN_CHECK(view->heads.size() <= ranges[4].size());
  SUYUAN_CHECK(view->addresses.size() <= ranges[5].size());
}

void add(pb::RangeResponse& range, const std::string& key, const Bytes& value) {
  auto& kv = *range.add_kvs();
  kv.set_key(key);
  kv.set_value(value);
}

Bytes some_group() {
  return encode_group({.before = kPlace.mark,
                       .time_ms = 1'780'000'000'000,
                       .node = "node-a",
                       .proposals = {"first", "second"},
                       .signature = Signature::from(Bytes(Signature::kSize, 's'))});
}

}  // namespace
}  // namespace suyuan

std::vector<std::string> suyuan::fuzz::seeds() {
  const LogIdentity identity{.ledger = mark_of("genesis"), .base = kPlace};
  const std::string log(kLog);
  pb::TxnResponse empty;
  empty.set_succeeded(true);
  empty.mutable_header()->set_revision(7);
  empty.add_responses()->mutable_response_put();
  pb::TxnResponse founded;
  add(*founded.add_responses()->mutable_response_range(), kKeys.identity(),
      encode_identity(identity));
  pb::TxnResponse view;
  const auto add_range = [&](const std::string& key, const Bytes& value) {
    add(*view.add_responses()->mutable_response_range(), key, value);
  };
  add_range(kKeys.identity(), encode_identity(identity));
  add_range(kKeys.tail(), encode_place(kPlace));
  add_range(kKeys.group(kPlace.position + 1), some_group());
  add_range(log + "/generation", "a generation");
  add_range(log + "/head/node-a", "a head");
  add_range(log + "/at/node-a", "an address");
  pb::WatchResponse watch;
  for (const auto type : {pb::Event::PUT, pb::Event::DELETE}) {
    auto& event = *watch.add_events();
    event.set_type(type);
    event.mutable_kv()->set_key(kKeys.group(kPlace.position + 1));
    event.mutable_kv()->set_value(some_group());
  }
  pb::WatchResponse canceled;
  canceled.set_canceled(true);
  canceled.set_cancel_reason("compacted");
  pb::StatusResponse full;
  full.set_db_size(1 << 20);
  full.set_db_size_in_use(1 << 19);
  full.add_errors("memberID:1 alarm:NOSPACE ");
  const std::string as_txn(1, '\0');
  const std::string as_watch(1, '\1');
  return {as_txn + empty.SerializeAsString(), as_txn + founded.SerializeAsString(),
          as_txn + view.SerializeAsString(), as_watch + watch.SerializeAsString(),
          as_watch + canceled.SerializeAsString(), as_txn + full.SerializeAsString()};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  if (size == 0 || size > INT_MAX) return 0;
  const int bytes = static_cast<int>(size - 1);
  pb::StatusResponse said;
  if (said.ParseFromArray(data + 1, bytes)) {
    const KvStatus status = status_of(said);
    SUYUAN_CHECK(status.bytes <= INT64_MAX && status.bytes_in_use <= INT64_MAX);
  }
  if (data[0] % 2 == 1) {
    pb::WatchResponse response;
    if (!response.ParseFromArray(data + 1, bytes)) return 0;
    const auto events = static_cast<size_t>(response.events_size());
    const auto puts = puts_of(response);
    SUYUAN_CHECK(puts.size() <= events && bytes_of(puts) < size);
    for (const KvPair& pair : puts) read_pair(pair);
    return 0;
  }
  pb::TxnResponse response;
  if (!response.ParseFromArray(data + 1, bytes)) return 0;
  const KvAnswer answer = answer_of(response);
  size_t taken = 0;
  for (const auto& range : answer.ranges) {
    taken += bytes_of(range);
    for (const KvPair& pair : range) read_pair(pair);
  }
  SUYUAN_CHECK(taken < size);
  check_view(answer);
  return 0;
}
