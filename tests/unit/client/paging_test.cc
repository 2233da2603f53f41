// Answers of many pages: read as one, and bounded though the node's pages do not end.
#include "client/command/paging.h"

#include <gtest/gtest.h>

namespace suyuan {
namespace {

struct Numbers {
  std::vector<int> all;
  std::string next;
};

Answer<Numbers> page(int from, std::string next) {
  return {.head = {}, .value = Numbers{.all = {from, from + 1}, .next = std::move(next)}};
}

template <class Ask>
Answer<Numbers> read_all(size_t most, Ask ask) {
  return all_pages<Numbers>(
      {.code = "x"}, 2, most, ask, [](const Numbers& one) { return one.all.size(); },
      [](Numbers& to, Numbers&& from) {
        append(to.all, std::move(from.all));
        to.next = std::move(from.next);
      });
}

// Ten pages.
Answer<Numbers> ten(const CodeQuestion& question) {
  const int at = question.page.empty() ? 0 : std::stoi(question.page);
  return page(at * 2, at < 9 ? std::to_string(at + 1) : "");
}

TEST(Paging, JoinsAllPages) {
  const auto whole = read_all(0, ten);
  ASSERT_TRUE(whole.value);
  EXPECT_EQ(whole.value->all.size(), 20U);
  EXPECT_EQ(whole.value->next, "");
}

TEST(Paging, StopsAtTheMostThatIsWanted) {
  const auto some = read_all(6, ten);
  ASSERT_TRUE(some.value);
  EXPECT_EQ(some.value->all.size(), 6U);
  EXPECT_NE(some.value->next, "");
}

TEST(Paging, RefusesAPageThatNamesItselfAsTheNext) {
  int asked = 0;
  const auto whole = read_all(0, [&](const CodeQuestion&) {
    EXPECT_LT(++asked, 10);
    return page(0, "again");
  });
  ASSERT_FALSE(whole.value);
  EXPECT_EQ(whole.value.error().code, Code::CORRUPT);
}

TEST(Paging, RefusesPagesWithoutEnd) {
  uint64_t asked = 0;
  const auto whole = read_all(0, [&](const CodeQuestion&) {
    Answer<Numbers> many = page(0, std::to_string(++asked));
    many.value->all.assign(100'000, 1);
    return many;
  });
  ASSERT_FALSE(whole.value);
  EXPECT_LT(asked, 100U);
}

}  // namespace
}  // namespace suyuan
