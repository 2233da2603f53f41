// Every signed or hashed text: what one of the readers takes, its writer writes again, byte for
// byte.
#include "ledger/batch/note.h"
#include "ledger/batch/notice.h"
#include "ledger/batch/receipt.h"
#include "ledger/batch/unfinished_note.h"
#include "ledger/crypto/key_file.h"
#include "ledger/registry/genesis.h"
#include "tests/fuzz/fuzz.h"

namespace {

void check_notice(const suyuan::SignedNotice& notice, std::string_view text) {
  using namespace suyuan;
  SUYUAN_CHECK(is_known_notice(text) && write_note(notice.note) == text);
  if (const EraseNotice* erasure = erasure_of(notice)) {
    SUYUAN_CHECK(write_erase_text(*erasure) == notice.note.text);
  }
  if (const auto* rules = std::get_if<RulesText>(&notice.text)) {
    const auto written = write_rules(*rules);
    SUYUAN_CHECK(written && *written == notice.note.text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  if (const auto note = parse_note(text)) SUYUAN_CHECK(write_note(*note) == text);
  if (const auto batch = parse_batch_note(text)) {
    SUYUAN_CHECK(write_batch_text(batch->batch) == batch->note.text);
    SUYUAN_CHECK(write_note(batch->note) == text);
  }
  if (const auto unfinished = UnfinishedNote::parse(text)) {
    SUYUAN_CHECK(unfinished->text() == text);
  }
  if (const auto notice = parse_notice(text)) check_notice(*notice, text);
  if (const auto receipt = parse_receipt(text, 0, {})) {
    SUYUAN_CHECK(write_receipt_text(receipt->text) == receipt->note.text);
  }
  if (const auto genesis = parse_genesis(text)) {
    const auto again = write_genesis(*genesis);
    SUYUAN_CHECK(again && *again == text);
  }
  if (const auto leaf = parse_leaf(text)) {
    SUYUAN_CHECK(write_leaf(leaf->kind, leaf->time_ms, leaf->text) == text);
  }
  // A sealed key file costs a derivation of the key for each try: left out.
  if (!is_sealed_key_file(text)) (void)read_key_file(text, "").has_value();
  return 0;
}
