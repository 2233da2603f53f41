// Key files that lie open; of sealed ones the form alone, since each guess at a passphrase is made
// slow on purpose.
#include "ledger/crypto/key_file.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  if (is_sealed_key_file(text)) return 0;
  const auto key = read_key_file(text, "");
  if (!key) return 0;
  const auto again = reseal_key_file(text, "", "", SealRandomness{});
  SUYUAN_CHECK(again.has_value() && *again == text);
  return 0;
}
