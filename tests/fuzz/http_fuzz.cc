// HTTP request targets: path, segments, query.
#include "node/http/http.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto target = fuzz::text(data, size);
  const auto request = http::parse_target(target);
  SUYUAN_CHECK(!request || request->path.front() == '/');
  (void)http::percent_decode(target).has_value();
  return 0;
}
