// Damaged notes: whatever byte is changed, dropped or doubled, parsing ends in a refusal or gives a
// note that writes back to the same bytes.
#include <random>

#include "tests/unit/batch/batches.h"

namespace suyuan::testing {
namespace {

void expect_total(std::string_view note) {
  const auto parsed = parse_batch_note(note);
  if (!parsed) {
    EXPECT_FALSE(parsed.error().message.empty());
    return;
  }
  EXPECT_EQ(write_note(parsed->note), note);
  EXPECT_EQ(write_batch_text(parsed->batch), parsed->note.text);
}

std::string good_note() {
  const Ledger ledger;
  return sign_batch(ledger.draft({{kUnit}}), ledger.as_farm(), {})->note;
}

TEST(HostileNotes, CutAnywhereAreRefused) {
  const std::string note = good_note();
  for (size_t size = 0; size < note.size(); ++size) {
    EXPECT_FALSE(parse_batch_note(std::string_view(note).substr(0, size))) << size;
  }
}

TEST(HostileNotes, WithAChangedByteNeverReadAsAnotherText) {
  const std::string note = good_note();
  for (size_t i = 0; i < note.size(); ++i) {
    for (const char byte : {'\0', '\n', ' ', '0', '9', 'a', '=', '\x7F', '\xE2'}) {
      std::string changed = note;
      changed[i] = byte;
      expect_total(changed);
    }
  }
}

TEST(HostileNotes, OfRandomEditsNeverReadAsAnotherText) {
  constexpr unsigned kSeed = 20260811;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937 random(kSeed);
  const std::string note = good_note();
  for (int round = 0; round < 3000; ++round) {
    std::string changed = note;
    for (int edit = 0; edit < 3; ++edit) {
      const size_t at = random() % changed.size();
      const size_t count = random() % 40;
      if (random() % 2 == 0) changed.insert(at, changed.substr(random() % changed.size(), count));
      else changed.erase(at, count % (changed.size() - at));
    }
    expect_total(changed);
  }
}

}  // namespace
}  // namespace suyuan::testing
