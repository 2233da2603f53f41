// Product codes: whatever is sent, the canonical form is a fixed point.
#include "ledger/code/code.h"
#include "ledger/code/pattern.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto sent = fuzz::text(data, size);
  (void)check_canonical(sent).has_value();
  const auto pattern = parse_code_pattern(sent);
  if (pattern && !pattern->exact.empty()) SUYUAN_CHECK(pattern->matches(pattern->exact));
  if (pattern) {
    for (const auto& prefix : pattern->prefixes) {
      SUYUAN_CHECK(!prefix.empty() && pattern->matches(prefix));
    }
  }
  const auto code = parse_code(sent);
  if (!code) return 0;
  SUYUAN_CHECK(check_canonical(code->text()));
  const auto again = parse_code(code->text());
  SUYUAN_CHECK(again && *again == *code);
  for (const auto& parent : code->parents()) SUYUAN_CHECK(check_canonical(parent));
  return 0;
}
