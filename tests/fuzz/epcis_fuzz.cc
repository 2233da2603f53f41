// EPCIS payloads and documents: nothing crashes, what is written reads back equal, and splitting an
// event that was split changes nothing.
#include <algorithm>

#include "ledger/event/codes_of.h"
#include "ledger/event/validate.h"
#include "proto/epcis/document.h"
#include "proto/epcis/epcis.h"
#include "proto/epcis/event_hash.h"
#include "proto/epcis/gdst.h"
#include "proto/epcis/write.h"
#include "tests/fuzz/fuzz.h"

namespace {

suyuan::TraceEvent sorted(suyuan::TraceEvent event) {
  for (auto* list : {&event.objects, &event.children, &event.inputs, &event.outputs}) {
    std::ranges::sort(*list, {}, &suyuan::Item::code);
  }
  return event;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  (void)event_hash(text).has_value();
  (void)with_record_time(text, 0).has_value();
  if (const auto split = split_epcis(text, {.audience = EventAudience::partner,
                                            .name_events = true})) {
    for (const auto& one : split->events) {
      const auto again = split_epcis(one.payload, {});
      SUYUAN_CHECK(!again || again->events.size() != 1 || !again->events[0].pointer.empty() ||
                   again->events[0].payload == one.payload);
    }
  }
  const auto decoded = decode_epcis(text);
  const auto checked = check_epcis(text);
  SUYUAN_CHECK(decoded || !checked);
  SUYUAN_CHECK(checked || !check_gdst(text));
  if (!checked) return 0;
  SUYUAN_CHECK(*checked == *decoded);
  SUYUAN_CHECK(!codes_of(*checked).empty());
  const auto back = check_epcis(write_epcis(*checked));
  SUYUAN_CHECK(back && codes_of(*back) == codes_of(*checked));
  SUYUAN_CHECK(back->kind == checked->kind && back->audience == checked->audience &&
               sorted(*back).objects == sorted(*checked).objects);
  return 0;
}
