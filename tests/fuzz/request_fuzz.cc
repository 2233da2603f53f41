// What clients send beside events: scans and the policy for them as JSON, page tokens, batches
// that were signed elsewhere (the first line is the Content-Type, the rest the body).
#include <cstdlib>

#include "ledger/base/limits.h"
#include "ledger/code/code.h"
#include "ledger/provenance/walk_place.h"
#include "node/answer/page_token.h"
#include "node/http/epcis/signed_batch.h"
#include "proto/json/verdict_json.h"
#include "tests/fuzz/fuzz.h"

namespace suyuan {
namespace {

constexpr std::string_view kAsked = "forward";
constexpr uint64_t kLogSize = 1000;

CodeQuestion question_at(std::string page) {
  return {.code = "lot:09521104301011:A", .page = std::move(page)};
}

WalkNode walk_node(const std::string& code, int64_t time_ms) {
  return {.made = {.code = code,
                   .key = code_key(code),
                   .lot = {},
                   .from = {.time_ms = time_ms, .place = {.leaf = 3, .event = 1}}},
          .visited = false};
}

WalkPlace walk_place() {
  WalkPlace place{.units_met = 5, .lots_met = 2};
  const std::string unit = "https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM5";
  place.add(walk_node(unit + "2", 20));
  place.add(walk_node(unit + "3", 10));
  place.seen.insert(WalkPlace::mark_of(code_key(unit + "2")));
  place.seen_units.insert(WalkPlace::mark_of(code_key(unit + "3")));
  return place;
}

void check_scan(std::string_view text) {
  (void)parse_scan_policy(text).has_value();
  const auto scan = parse_scan_json(text);
  if (!scan || !scan->near) return;
  SUYUAN_CHECK(scan->place.empty());
  SUYUAN_CHECK(std::abs(scan->near->latitude) <= 180 && std::abs(scan->near->longitude) <= 360);
}

void check_signed_batch(std::string_view text) {
  const size_t line = text.find('\n');
  if (line == std::string_view::npos) return;
  const auto body = text.substr(line + 1);
  const auto batch = http::epcis::parse_signed_batch(text.substr(0, line), body);
  if (!batch) return;
  SUYUAN_CHECK(!batch->events.empty() && batch->events.size() <= limits::kBatchEventsMax);
  size_t bytes = batch->note.size();
  for (const auto& event : batch->events) bytes += event.payload.size();
  SUYUAN_CHECK(bytes < body.size());
}

// A place may be written in several ways, of which we write one.
void check_walk(BytesView cursor) {
  const auto place = decode_walk_place(cursor);
  if (!place) return;
  SUYUAN_CHECK(cursor.size() <= kWalkPlaceBytesMax);
  const auto written = encode_walk_place(*place);
  if (!written) return;
  const auto again = decode_walk_place(*written);
  SUYUAN_CHECK(again && encode_walk_place(*again) == written);
}

}  // namespace
}  // namespace suyuan

std::vector<std::string> suyuan::fuzz::seeds() {
  WalkPlace place = walk_place();
  const Bytes between = encode_walk_place(place).value();
  place.lot = walk_node("https://id.gs1.org/01/09521104301011/10/A", 5);
  const Bytes at_lot = encode_walk_place(place).value();
  place.last = FactKey{.code = place.lot->made.key,
                       .aspect = Aspect::unit,
                       .time_ms = 6,
                       .place = {.leaf = 4, .event = 0},
                       .other = code_key("another")};
  const Bytes in_lot = encode_walk_place(place).value();
  return {between,
          at_lot,
          in_lot,
          next_page(kAsked, question_at({}), kLogSize, between),
          next_page(kAsked, question_at({}), kLogSize, in_lot)};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  check_scan(text);
  check_signed_batch(text);
  check_walk(text);
  const auto page = open_page(kAsked, question_at(std::string(text)), kLogSize);
  if (!page || text.empty()) return 0;
  SUYUAN_CHECK(page->size <= kLogSize);
  SUYUAN_CHECK(next_page(kAsked, question_at({}), page->size, page->cursor) == text);
  check_walk(page->cursor);
  return 0;
}
