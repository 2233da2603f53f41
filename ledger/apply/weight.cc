#include "ledger/apply/weight.h"

#include <algorithm>

#include "ledger/apply/pairs.h"
#include "ledger/base/limits.h"
#include "ledger/code/code.h"

namespace suyuan {
namespace {

// Most events have one code, which is related to no other: they cost nothing here.
size_t pairs_of(const VerifiedEvent& verified) {
  const auto* event = std::get_if<TraceEvent>(&verified.value);
  if (event == nullptr || verified.codes.size() < 2) return 0;
  PairCounter counter;
  for (const std::string& text : verified.codes) {
    if (const auto code = parse_code(text)) counter.add(*code);
  }
  return counter.pairs_of(*event);
}

size_t sent_bytes(const VerifiedEvent& event) {
  size_t bytes = event.body.payload.size() + event.record_bytes.size() + Salt::kSize;
  for (const auto& section : event.body.sections) bytes += section.bytes.size() + Salt::kSize;
  return bytes;
}

}  // namespace

size_t sent_bytes(const VerifiedBatch& batch) {
  size_t bytes = batch.note_text().size();
  for (const auto& event : batch.events()) bytes += sent_bytes(event);
  return bytes;
}

size_t weight_of(const VerifiedBatch& batch) {
  size_t pairs = 0;
  for (const auto& event : batch.events()) pairs += pairs_of(event);
  return sent_bytes(batch) + std::min(pairs, limits::kPairsPerBatchMax) * limits::kPairWeight;
}

}  // namespace suyuan
