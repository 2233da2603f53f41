// What a node or a witness keeps next to the ledger, in files and side stores: what is read, is
// written again, byte for byte.
#include "client/witness/desk.h"
#include "node/access/access_log.h"
#include "node/epcis/event_block.h"
#include "node/epcis/posting_block.h"
#include "node/epcis/state_rows.h"
#include "node/scans/scan_store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/proof/keys.h"

namespace {

constexpr int64_t kTimeMs = 1'780'000'000'000;

template <class T>
void round_trip(std::string_view bytes) {
  const auto row = suyuan::epcis::decode_row<T>(bytes);
  if (row) SUYUAN_CHECK(suyuan::epcis::encode_row(*row) == bytes);
}

// A spot, and a block that begins with it.
std::string write_block(const std::vector<suyuan::epcis::Spot>& spots) {
  std::string key;
  std::string value;
  suyuan::epcis::make_posting_key(suyuan::epcis::Postings::block, {}, spots.front(), key);
  suyuan::epcis::encode_block(spots, value);
  return key + value;
}
void round_trip_block(std::string_view bytes) {
  using namespace suyuan::epcis;
  constexpr size_t kKeyBytes = 17;
  const auto first = spot_in(bytes.substr(0, kKeyBytes), Postings::block, {});
  if (!first) return;
  std::vector<Spot> spots;
  if (decode_block(*first, bytes.substr(kKeyBytes), spots))
    SUYUAN_CHECK(write_block(spots) == bytes);
}

void round_trip_events(std::string_view bytes) {
  using namespace suyuan::epcis;
  const suyuan::Place first{.leaf = 3, .event = 1};
  EventBlockWriter written;
  for (EventBlockReader events(first, bytes);;) {
    const auto more = events.next();
    if (!more) return;
    if (!*more) break;
    const IndexRow row = events.row();
    SUYUAN_CHECK(
        written.add(events.place(), row.event_time_ms, row.record_time_ms, row.scopes));
  }
  SUYUAN_CHECK(written.value() == bytes);
}
std::string write_events() {
  suyuan::epcis::EventBlockWriter block;
  block.add({.leaf = 3, .event = 1}, kTimeMs, kTimeMs + 7, {""});
  block.add({.leaf = 3, .event = 2}, kTimeMs - 90, kTimeMs + 7, {""});
  block.add({.leaf = 4, .event = 0}, kTimeMs + 5, kTimeMs + 9, {"farm", "shop"});
  return block.value();
}

std::vector<std::string> epcis_rows() {
  using namespace suyuan::epcis;
  return {encode_row(Job{.id = "1-a",
                         .party = "farm",
                         .created_ms = kTimeMs,
                         .finished_ms = kTimeMs + 1,
                         .events = 3,
                         .batches = {suyuan::Hash{}},
                         .errors = {{.type = "ValidationException", .title = "t", .detail = "d"}}}),
          encode_row(NamedQuery{.name = "q", .party = "farm", .query = "{}", .created_ms = 7}),
          encode_row(Subscription{.id = "s",
                                  .query = "q",
                                  .party = "farm",
                                  .dest = "https://x.example/",
                                  .notified_ms = kTimeMs}),
          write_events(),
          write_block({{.time_ms = kTimeMs, .place = {.leaf = 7, .event = 0}},
                       {.time_ms = kTimeMs, .place = {.leaf = 7, .event = 1}},
                       {.time_ms = kTimeMs + 900, .place = {.leaf = 5, .event = 300}}})};
}

}  // namespace

std::vector<std::string> suyuan::fuzz::seeds() {
  auto all = epcis_rows();
  AccessEntry entry{.number = 7,
                    .time_ms = kTimeMs,
                    .party = "farm",
                    .key_id = "0a1b2c3d",
                    .question = "trace"};
  all.push_back(write_access_entry(entry));
  entry.code = "sgtin:09521104301011:S1";
  entry.places = {{.leaf = 3, .event = 0}, {.leaf = 5, .event = 2}};
  entry.more = true;
  all.push_back(write_access_entry(entry));
  all.push_back(encode(ScanRow{.time_ms = kTimeMs}));
  all.push_back(encode(ScanRow{.time_ms = kTimeMs,
                               .device = DeviceName{},
                               .place = {.name = "-45.5,170.5", .near = {{-91, 341}}},
                               .inner_right = true}));
  const auto leaves = testing::leaves_of(7);
  WitnessedLog log{.origin = testing::the_log().name,
                   .keys = {testing::the_log().key(NoteKeyType::ed25519)},
                   .head = {}};
  all.push_back(write_witnessed_log(log));
  log.note = testing::cosigned_checkpoint(leaves, leaves.size(), "a", 100);
  all.push_back(write_witnessed_log(log));
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto bytes = fuzz::text(data, size);
  round_trip<epcis::Job>(bytes);
  round_trip<epcis::NamedQuery>(bytes);
  round_trip<epcis::Subscription>(bytes);
  round_trip_block(bytes);
  round_trip_events(bytes);
  if (const auto entry = parse_access_entry(bytes)) {
    const std::string written = write_access_entry(*entry);
    SUYUAN_CHECK(written == bytes || written == std::string(bytes) + "\n");
  }
  if (const auto row = decode_scan_row(kTimeMs, bytes)) SUYUAN_CHECK(encode(*row) == bytes);
  if (const auto log = parse_witnessed_log(bytes)) {
    SUYUAN_CHECK(write_witnessed_log(*log) == bytes);
  }
  return 0;
}
