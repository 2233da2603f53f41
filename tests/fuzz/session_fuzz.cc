// A signed challenge, and the text in it.
#include "ledger/batch/session_note.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  const auto session = parse_session_note(text);
  if (!session) return 0;
  // What is read is written again to the same bytes: one value, one text.
  SUYUAN_CHECK(write_session_text(session->text) == session->note.text);
  SUYUAN_CHECK(write_note(session->note) == text);
  PartyState party;
  party.data.id = session->text.party;
  party.keys = {{.key = session->text.key,
                 .key_id = session->note.signatures.front().key_id,
                 .registered = 1}};
  static_cast<void>(check_session_signature(*session, party, 2));
  return 0;
}
