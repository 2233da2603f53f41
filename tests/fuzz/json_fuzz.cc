// Every JSON that comes from outside.
#include "proto/jsontext/document.h"
#include "proto/json/event_json.h"
#include "proto/json/registry_json.h"
#include "proto/json/submission_json.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  (void)parse_json(text).has_value();
  if (const auto event = parse_event_json(text)) {
    const auto again = parse_event_json(write_event_json(event->event));
    SUYUAN_CHECK(again);
  }
  if (const auto act = parse_registry_json(text)) {
    const auto again = parse_registry_json(write_registry_json(*act));
    SUYUAN_CHECK(again && *again == *act);
  }
  if (const auto submission = parse_submission_json(text)) {
    const auto again = parse_submission_json(write_submission_json(*submission));
    SUYUAN_CHECK(again && again->events == submission->events);
  }
  (void)parse_problem_json(text).has_value();
  (void)parse_events(text).size();
  return 0;
}
