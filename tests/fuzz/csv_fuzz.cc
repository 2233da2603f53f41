// Events as comma-separated values.
#include "proto/json/event_csv.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  (void)suyuan::parse_event_csv(suyuan::fuzz::text(data, size)).events.size();
  return 0;
}
