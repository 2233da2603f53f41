#include "ledger/proof/leaf_check.h"

#include "ledger/batch/note.h"
#include "ledger/event/record.h"
#include "ledger/merkle/tree.h"

namespace suyuan {

Result<std::vector<LeafEvent>> open_leaf_events(BytesView leaf_data, BytesView file) {
  SUYUAN_TRY(leaf, parse_leaf(leaf_data));
  SUYUAN_TRY(events, decode_leaf_events(file));
  if (leaf.kind != LeafKind::batch) {
    if (!events.empty()) return fail(Code::CORRUPT, "there are events after a leaf that has none");
    return events;
  }
  SUYUAN_TRY(note, parse_batch_note(leaf.text));
  if (events.size() != note.batch.events) {
    return fail(Code::CORRUPT, "after the leaf are " + std::to_string(events.size()) + " of the " +
                                   std::to_string(note.batch.events) + " events that it counts");
  }
  std::vector<Hash> hashes;
  hashes.reserve(events.size());
  for (size_t i = 0; i < events.size(); ++i) {
    const LeafEvent& event = events[i];
    SUYUAN_TRY(record, decode_record(event.record));
    if (event.state == PayloadState::open &&
        payload_hash(event.salt, event.payload) != record.payload) {
      return fail(Code::CORRUPT,
                  "the payload of event " + std::to_string(i) + " is not that of its record");
    }
    hashes.push_back(leaf_hash(event.record));
  }
  if (tree_hash(hashes) != note.batch.root)
    return fail(Code::CORRUPT, "the records after the leaf are not those that its note signs");
  return events;
}

}  // namespace suyuan
