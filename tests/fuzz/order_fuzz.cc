// What a node reads under the log's keys in etcd, where other programs may write: groups, words of
// nodes, the log's identity, places. What decodes encodes to the same bytes.
#include "ledger/base/limits.h"
#include "ledger/order/etcd/group.h"
#include "tests/fuzz/fuzz.h"

namespace {

const suyuan::LogKeys kKeys{"trace"};

}  // namespace

std::vector<std::string> suyuan::fuzz::seeds() {
  const OrderPlace place{.position = 41, .mark = mark_of("before")};
  const auto signature = Signature::from(Bytes(Signature::kSize, 's'));
  GroupEntry group{.before = place.mark,
                   .time_ms = 1'780'000'000'000,
                   .node = "node-a",
                   .proposals = {"first", Bytes(), Bytes(300, 'x')},
                   .signature = signature};
  std::vector<std::string> all = {encode_group(group)};
  for (const char* node : {"node-b", "node-c"}) {
    group.clocks.push_back(
        {.node = node, .position = 40, .time_ms = group.time_ms + 1, .signature = signature});
  }
  all.push_back(encode_group(group));
  group.proposals.assign(limits::kGroupBatchesMax + 1, Bytes());
  all.push_back(encode_group(group));
  all.push_back(encode_told({.at = place,
                             .generation = {.position = 7, .mark = mark_of("evidence")},
                             .time_ms = group.time_ms,
                             .clock = signature,
                             .note = "a note",
                             .signature = signature}));
  all.push_back(encode_identity({.ledger = mark_of("genesis"), .base = place}));
  all.push_back(encode_place(place));
  all.push_back(kKeys.group(place.position));
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto bytes = fuzz::text(data, size);
  if (const auto group = decode_group(bytes)) {
    // Of one with too many proposals only their number is kept.
    if (group->too_many == 0) {
      SUYUAN_CHECK(encode_group(*group) == bytes);
    } else {
      SUYUAN_CHECK(group->proposals.empty() && group->too_many > limits::kGroupBatchesMax);
    }
  }
  if (const auto told = decode_told(bytes)) SUYUAN_CHECK(encode_told(*told) == bytes);
  if (const auto identity = decode_identity(bytes)) {
    SUYUAN_CHECK(encode_identity(*identity) == bytes);
  }
  if (const auto place = decode_place(bytes)) SUYUAN_CHECK(encode_place(*place) == bytes);
  if (const auto position = kKeys.position_of(bytes)) {
    SUYUAN_CHECK(kKeys.group(*position) == bytes);
  }
  return 0;
}
