// What a reader of the log takes from a server that it does not trust: tile paths, entry bundles, a
// leaf's events. One value, one form.
#include "ledger/proof/leaf_events.h"
#include "ledger/proof/tiles.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto bytes = fuzz::text(data, size);
  if (const auto tile = parse_tile_path(bytes)) SUYUAN_CHECK(write_tile_path(*tile) == bytes);
  if (const auto number = parse_tile_number(bytes))
    SUYUAN_CHECK(write_tile_number(*number) == bytes);
  if (const auto leaf = parse_events_path(bytes)) SUYUAN_CHECK(write_events_path(*leaf) == bytes);
  if (const auto events = decode_leaf_events(bytes)) {
    Bytes again;
    for (const auto& event : *events) put_leaf_event(again, event);
    SUYUAN_CHECK(again == bytes);
  }
  size_t counts = 0;  // A bundle holds one number of entries.
  for (size_t count = 0; count <= 8; ++count) {
    const auto entries = decode_entries(bytes, count);
    if (!entries) continue;
    ++counts;
    Bytes again;
    for (const auto entry : *entries) put_entry(again, entry);
    SUYUAN_CHECK(again == bytes);
  }
  SUYUAN_CHECK(counts <= 1);
  return 0;
}
