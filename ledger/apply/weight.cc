#include "ledger/apply/weight.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/code/code.h"

namespace suyuan {
namespace {

// Statement::pairs(), without reading the state.
size_t pairs_of(const VerifiedEvent& verified) {
  const auto* event = std::get_if<TraceEvent>(&verified.value);
  if (event == nullptr || verified.codes.size() < 2) return 0;
  const auto documents = static_cast<size_t>(
      std::count_if(verified.codes.begin(), verified.codes.end(), [](const std::string& text) {
        const auto code = parse_code(text);
        return code && code->is_document();
      }));
  return event->inputs.size() * event->outputs.size() + documents * verified.codes.size();
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
