// Store rows and other stored or sent bytes: strict, so that what decodes encodes to the same
// bytes.
#include "ledger/event/record.h"
#include "ledger/merkle/frontier.h"
#include "ledger/merkle/proof.h"
#include "ledger/store/schema.h"
#include "tests/fuzz/fuzz.h"

namespace {

template <class T>
void round_trip(std::string_view bytes) {
  const auto value = suyuan::decode<T>(bytes);
  if (value) SUYUAN_CHECK(suyuan::encode(*value) == bytes);
}

// A head of an older format is written in ours.
void round_trip_head(std::string_view bytes) {
  const auto head = suyuan::decode<suyuan::LedgerHead>(bytes);
  if (!head) return;
  const suyuan::Bytes written = suyuan::encode(*head);
  SUYUAN_CHECK(suyuan::decode<suyuan::LedgerHead>(written).has_value());
  round_trip<suyuan::LedgerHead>(written);
  const bool is_ours = bytes.starts_with(written.substr(0, sizeof(head->format)));
  if (is_ours) SUYUAN_CHECK(written == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto bytes = fuzz::text(data, size);
  round_trip_head(bytes);
  round_trip<StoredPayload>(bytes);
  round_trip<StoredSection>(bytes);
  round_trip<StoredLink>(bytes);
  round_trip<ChainHead>(bytes);
  round_trip<StoredBatch>(bytes);
  round_trip<StoredEventId>(bytes);
  round_trip<StoredCode>(bytes);
  round_trip<StoredFact>(bytes);
  round_trip<Finding>(bytes);
  if (const auto record = decode_record(bytes)) SUYUAN_CHECK(encode_record(*record) == bytes);
  if (const auto frontier = Frontier::decode(bytes)) SUYUAN_CHECK(frontier->encode() == bytes);
  if (const auto key = decode_fact_key(bytes)) SUYUAN_CHECK(fact_key(*key) == bytes);
  std::vector<Hash> path;
  for (size_t at = 0; at + Hash::kSize <= size && path.size() < 70; at += Hash::kSize) {
    path.push_back(Hash::from(bytes.substr(at, Hash::kSize)));
  }
  // Nobody finds a path to a root by chance.
  SUYUAN_CHECK(!includes({.size = size + 2, .root = {}}, size, {}, path));
  return 0;
}
