// The text of a seal, as it is in a leaf that somebody shows: what is taken is written again, byte
// for byte.
#include "ledger/apply/seal.h"
#include "ledger/crypto/hash.h"
#include "tests/fuzz/fuzz.h"

std::vector<std::string> suyuan::fuzz::seeds() {
  SealText seal{.ledger = {.origin = "ledger.example/test", .genesis = sha256("genesis")},
                .leaves = 9,
                .events = 3,
                .chains = 2,
                .map = sha256("map")};
  const std::string first = write_seal(seal);
  seal.previous = 7;
  return {first, write_seal(seal)};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  if (const auto seal = parse_seal(text)) SUYUAN_CHECK(write_seal(*seal) == text);
  return 0;
}
