// Event payloads: what decodes encodes to the same bytes, and its JSON reads back to the same
// event.
#include "ledger/event/codes_of.h"
#include "ledger/event/validate.h"
#include "proto/event_codec.h"
#include "proto/json/event_json.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto payload = fuzz::text(data, size);
  auto event = decode_event(payload);
  if (!event) return 0;
  SUYUAN_CHECK(encode_event(*event) == payload);
  if (!faults_of(*event).empty()) return 0;
  code_keys_of(codes_of(*event));
  auto read = parse_event_json(write_event_json(*event));
  if (read) {
    event->sections.clear();
    read->event.sections.clear();
    SUYUAN_CHECK(read->event == *event);
  }
  return 0;
}
