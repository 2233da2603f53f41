#include "ledger/apply/head_rows.h"

namespace suyuan {

Result<Done> HeadRows::scan(const Hash& first, const Hash& last, const Visitor& visit) const {
  // The first key after `last`, whatever follows it.
  Bytes end = last.bytes();
  end.push_back('\0');
  std::optional<Error> wrong;
  SUYUAN_TRY_DONE(scanner_->scan(first.view(), end, [&](BytesView key, BytesView value) {
    auto head = decode<ChainHead>(value);
    if (!head || key.size() != Hash::kSize) {
      wrong = head ? Error{.code = Code::CORRUPT, .message = "a chain head without a code key"}
                   : std::move(head).error();
      return false;
    }
    return visit({.key = Hash::from(key), .count = head->count, .link = head->link});
  }));
  if (wrong) return Unexpected(*std::move(wrong));
  return Done{};
}

}  // namespace suyuan
