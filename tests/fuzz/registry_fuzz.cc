// Registry payloads: what decodes encodes to the same bytes.
#include "proto/registry_codec.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto payload = fuzz::text(data, size);
  const auto act = decode_registry(payload);
  if (act) SUYUAN_CHECK(encode_registry(*act) == payload);
  return 0;
}
