#include "ledger/provenance/recall_memory.h"

namespace suyuan {

Result<Done> RecallShare::hold(size_t bytes) {
  if (!takes_more(bytes)) return Done{};
  if (bytes > all_.bytes_max()) {
    return fail(Code::TOO_COMPLEX, "it went into more than one answer can follow: ask about the "
                                   "lots downstream one by one");
  }
  // In steps, since a walk asks for each thing that it meets.
  const size_t step = all_.uncounted();
  const size_t more = (bytes - taken_ + step - 1) / step * step;
  if (!all_.take(taken_, more)) {
    return fail(Code::BUSY, "large recalls are under way: ask again when they have ended");
  }
  taken_ += more;
  return Done{};
}

bool RecallShare::hold_with_units(size_t bytes, size_t of_units) {
  if (of_units > for_units()) return false;
  const size_t of_others = all_.bytes() - taken_;
  if (takes_more(bytes) && of_others >= all_.bytes_max() / 2) return false;
  return hold(bytes).has_value();
}

}  // namespace suyuan
