#include "ledger/merkle/row_stream.h"

#include "ledger/base/text.h"

namespace suyuan {
namespace {

Unexpected<Error> corrupt(const char* what, const Hash& key) {
  return fail(Code::CORRUPT, std::string("chain map: ") + what + ", code key " +
                                 to_hex(key.view()));
}

std::optional<Hash> key_after(Hash key) {
  for (size_t i = Hash::kSize; i-- > 0;) {
    if (++key.data[i] != 0) return key;
  }
  return std::nullopt;
}

}  // namespace

RowStream::RowStream(const MapRows& rows, const KeyRange& range, std::span<const MapEntry> changed)
    : source_(rows), last_(range.last()), next_(range.first), changed_(changed) {}

Result<Done> RowStream::fill(size_t count, size_t ahead) {
  if (rows_.size() - begin_ >= count || !next_) return Done{};
  rows_.erase(rows_.begin(), rows_.begin() + static_cast<ptrdiff_t>(begin_));
  begin_ = 0;
  const size_t wanted = std::max(count, ahead);
  std::optional<Error> wrong;
  SUYUAN_TRY_DONE(source_.scan(*next_, last_, [&](const MapEntry& row) {
    if (auto checked = check(row); !checked) {
      wrong = std::move(checked).error();
      return false;
    }
    rows_.push_back(row);
    next_ = key_after(row.key);
    return rows_.size() < wanted;
  }));
  if (wrong) return Unexpected(*std::move(wrong));
  if (rows_.size() < wanted || !next_ || *next_ > last_) return end();
  return Done{};
}

Result<Done> RowStream::check(const MapEntry& row) {
  if (!next_ || row.key < *next_ || row.key > last_) return corrupt("a row out of order", row.key);
  if (row.count == 0) return corrupt("a row with a count of 0", row.key);
  if (changed_.empty() || row.key < changed_.front().key) return Done{};
  if (row != changed_.front()) {
    return corrupt("the rows are not of the state after the change", changed_.front().key);
  }
  changed_ = changed_.subspan(1);
  return Done{};
}

Result<Done> RowStream::end() {
  next_.reset();
  if (!changed_.empty()) return corrupt("the rows lack a changed one", changed_.front().key);
  return Done{};
}

}  // namespace suyuan
