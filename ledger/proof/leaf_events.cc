#include "ledger/proof/leaf_events.h"

#include "ledger/base/coding.h"

namespace suyuan {
namespace {

Unexpected<Error> bad_leaf_event(size_t index, const std::string& what) {
  return fail(Code::CORRUPT,
              "event " + std::to_string(index) + " of a leaf's events " + what, "events");
}

}  // namespace

void put_leaf_event(Bytes& file, const LeafEvent& event) {
  SUYUAN_CHECK(event.record.size() <= limits::kRecordBytesMax);
  put_string(file, event.record);
  put_u8(file, static_cast<uint8_t>(event.state));
  if (event.state != PayloadState::open) {
    SUYUAN_CHECK(event.salt == Salt{} && event.payload.empty());
    return;
  }
  SUYUAN_CHECK(event.payload.size() <= limits::kPayloadBytesMax);
  file += event.salt.view();
  put_string(file, event.payload);
}

Result<std::vector<LeafEvent>> decode_leaf_events(BytesView file) {
  if (file.size() > limits::kLeafEventsBytesMax) {
    return fail(Code::TOO_LARGE,
                "a leaf's events have at most " + std::to_string(limits::kLeafEventsBytesMax) +
                    " bytes, found " + std::to_string(file.size()),
                "events");
  }
  std::vector<LeafEvent> events;
  Decoder decoder(file);
  while (!decoder.done()) {
    const size_t index = events.size();
    if (index == limits::kBatchEventsMax) return bad_leaf_event(index, "is one too many");
    LeafEvent event;
    uint8_t state = 0;
    if (!decoder.get_view(event.record) || event.record.size() > limits::kRecordBytesMax)
      return bad_leaf_event(index, "has no whole record");
    if (!decoder.get_u8(state) || state > static_cast<uint8_t>(PayloadState::erased))
      return bad_leaf_event(index, "has no known state");
    event.state = static_cast<PayloadState>(state);
    if (event.state == PayloadState::open) {
      if (!decoder.get_fixed(event.salt) || !decoder.get_view(event.payload) ||
          event.payload.size() > limits::kPayloadBytesMax) {
        return bad_leaf_event(index, "has no whole payload");
      }
    }
    events.push_back(event);
  }
  return events;
}

}  // namespace suyuan
