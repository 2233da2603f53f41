#include "ledger/apply/pairs.h"

namespace suyuan {

bool names_class(const ProductCode& code) {
  return code.type() == CodeType::gtin_class || code.type() == CodeType::variant;
}

bool is_thing(const ProductCode& code) { return code.is_physical() && !names_class(code); }

void PairCounter::add(const ProductCode& code) {
  if (code.is_document()) ++documents_;
  if (is_thing(code)) ++things_;
}

size_t PairCounter::pairs_of(const TraceEvent& event) const {
  return event.inputs.size() * event.outputs.size() + documents_ * (things_ + documents_);
}

}  // namespace suyuan
