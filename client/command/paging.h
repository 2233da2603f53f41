// Reads all pages of an answer and joins them.
#pragma once

#include <algorithm>

#include "client/connection.h"
#include "ledger/base/limits.h"

namespace suyuan {

// Bound on one answer, all pages together.
inline constexpr size_t kEntriesMax = 4'000'000;

// Reads pages until the end, or until `most` entries (0: no bound but kEntriesMax). `page_max`:
// entries that fit in one message. `size_of` counts a page's entries. `join` appends its second
// argument to the first and takes over its `next`.
template <class T, class Ask, class SizeOf, class Join>
Answer<T> all_pages(CodeQuestion question, size_t page_max, size_t most, Ask ask, SizeOf size_of,
                    Join join) {
  const auto limit_after = [&](size_t read) {
    return static_cast<uint32_t>(most == 0 ? page_max : std::min(page_max, most - read));
  };
  question.limit = limit_after(0);
  Answer<T> whole = ask(question);
  while (whole.value && !whole.value->next.empty()) {
    const size_t read = size_of(*whole.value);
    if (most != 0 && read >= most) break;
    question.page = whole.value->next;
    question.limit = limit_after(read);
    Answer<T> more = ask(question);
    if (!more.value) return more;
    if (size_of(*more.value) == 0) break;
    // A node whose pages never end would exhaust this machine's memory.
    if (more.value->next == question.page || read > kEntriesMax) {
      more.value = fail(Code::CORRUPT, "the node's answer has endless pages", "next");
      return more;
    }
    join(*whole.value, *std::move(more.value));
  }
  return whole;
}

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// With each event's payload and note, a page may have to hold less than the answer's limit allows.
inline constexpr size_t kEventsInPage = 50;

}  // namespace suyuan
