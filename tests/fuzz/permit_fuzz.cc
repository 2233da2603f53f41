// The Authorization header of a request about an attachment.
#include "ledger/base/text.h"
#include "node/http/permit.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  // As it is sent, and as the note in it: so that mutations need not pass through base64.
  if (const auto permit = http::parse_permit(text)) SUYUAN_CHECK(!permit->party.empty());
  const auto permit = http::parse_permit("Suyuan-Note " + to_base64(text));
  if (permit) SUYUAN_CHECK(write_note(permit->note) == text);
  return 0;
}
