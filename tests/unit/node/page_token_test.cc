// Page tokens of `forward`: short enough for a URL, and nobody gains by forging one.
#include <gtest/gtest.h>

#include <set>

#include "ledger/base/text.h"
#include "ledger/provenance/walk_place.h"
#include "node/access/viewer.h"
#include "node/answer/answers.h"
#include "node/answer/page_token.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::testing {
namespace {

const std::string kMilk = "lot:09521104301011:MILK";
std::string lot_number(int i) { return "lot:09521104301011:L" + std::to_string(i); }
std::string can_number(const std::string& serial) { return "sgtin:09521104301011:" + serial; }
const std::string kHidden = can_number("SECRET");

class PageTokenTest : public ::testing::Test {
 protected:
  PageTokenTest() {
    ledger.party("maker", {Role::manufacturer});
    ledger.party("carrier", {Role::logistics});
    ledger.product("09521104301011", "maker");
    ledger.accept("maker", commission("08:00", {kMilk + " 100 KGM"}));
    for (int i = 0; i < 3; ++i) {
      ledger.accept("maker", transform("08:10", {kMilk + " 10 KGM"}, {lot_number(i) + " 10 KGM"}));
    }
    commission_cans(0, "08:20", {"A1", "A2", "A3"});
    commission_cans(1, "08:30", {"B1", "B2", "B3"});
    TraceEvent secret = commission("08:40", {kHidden}, lot_number(1));
    secret.audience = EventAudience::partner;
    ledger.accept("maker", secret);
    ledger.accept("maker", transform("08:50", {can_number("A2")}, {can_number("C1")}));
  }
  void commission_cans(int lot, std::string_view time, const Words& serials) {
    Words cans;
    for (const auto& serial : serials) cans.push_back(can_number(serial));
    ledger.accept("maker", commission(time, cans, lot_number(lot)));
  }
  CodeQuestion question(const std::string& party = {}) const {
    return {.code = code(kMilk), .limit = 2, .viewer = viewer_of(ledger.state(), party).value()};
  }
  Result<Forward> ask(const std::string& token, const std::string& party = {}) const {
    CodeQuestion asked = question(party);
    asked.page = token;
    return answer_forward(ledger.state(), asked);
  }
  std::vector<std::string> tokens(const std::string& party = {}) const {
    std::vector<std::string> all;
    std::string next;
    do {
      const auto page = ask(next, party);
      EXPECT_TRUE(page) << to_text(page.error());
      next = page ? page->next : "";
      if (!next.empty()) all.push_back(next);
    } while (!next.empty());
    EXPECT_GE(all.size(), 3U);
    return all;
  }
  std::string cursor_of(const std::string& token) const {
    CodeQuestion asked = question();
    asked.page = token;
    return open_page("forward", asked, ledger.head().leaves).value().cursor;
  }
  std::string with_cursor(const std::string& cursor) const {
    return next_page("forward", question(), ledger.head().leaves, cursor);
  }
  // Refused as what it is, or a page as anyone may see it: of each thing no more than is said to
  // him who asks about it alone.
  void expect_harmless(const std::string& token) const {
    const auto page = ask(token);
    if (!page) {
      const std::set<Code> expected = {Code::PAGE_TOKEN_INVALID, Code::NOT_FOUND,
                                       Code::TOO_COMPLEX};
      EXPECT_TRUE(expected.contains(page.error().code)) << to_text(page.error());
      return;
    }
    EXPECT_LE(page->units.size(), 2U);
    for (const auto& lot : page->lots) EXPECT_TRUE(check_canonical(lot)) << quoted(lot);
    for (const auto& unit : page->units) {
      EXPECT_TRUE(unit.lot.empty() || check_canonical(unit.lot)) << quoted(unit.lot);
      const auto alone = answer_state(ledger.state(), {.code = unit.code});
      ASSERT_TRUE(alone) << quoted(unit.code);
      // It may have been as of an earlier time, when nothing was known of it.
      EXPECT_LE(unit.state.exists, alone->exists) << unit.code;
      EXPECT_TRUE(unit.state.lot.empty() || unit.state.lot == alone->lot) << unit.code;
    }
  }

  LedgerBuilder ledger;
};

TEST_F(PageTokenTest, EveryByteOfATokenForged) {
  for (const std::string& token : tokens()) {
    for (size_t i = 0; i < token.size(); ++i) {
      for (const int flip : {0x01, 0x02, 0x10, 0x20, 0x80, 0xFF}) {
        std::string forged = token;
        forged[i] = static_cast<char>(forged[i] ^ flip);
        expect_harmless(forged);
      }
    }
  }
}

// What the text lets through: the bytes that a page goes on from.
TEST_F(PageTokenTest, EveryBitOfACursorForged) {
  for (const std::string& token : tokens()) {
    const std::string cursor = cursor_of(token);
    for (size_t bit = 0; bit < cursor.size() * 8; ++bit) {
      std::string forged = cursor;
      forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << (bit % 8)));
      expect_harmless(with_cursor(forged));
    }
  }
}

TEST_F(PageTokenTest, ACutOrLengthenedOneIsRefused) {
  for (const std::string& token : tokens()) {
    for (size_t size = 1; size < token.size(); ++size) {
      const auto page = ask(token.substr(0, size));
      ASSERT_FALSE(page) << size;
      EXPECT_EQ(page.error().code, Code::PAGE_TOKEN_INVALID) << size;
    }
    for (const char* more : {"A", "AAAA", "=", ".", ".AAAA", "\n"}) {
      EXPECT_EQ(ask(token + more).error().code, Code::PAGE_TOKEN_INVALID) << quoted(more);
    }
    EXPECT_EQ(ask(token + std::string(1 << 20, 'A')).error().code, Code::PAGE_TOKEN_INVALID);
  }
}

// Who forges a place may name what he knows of, and is told of it what he may know.
TEST_F(PageTokenTest, AForgedPlaceTellsNothingOfWhatIsHidden) {
  const std::string real = cursor_of(tokens().front());
  const auto kind = real.substr(0, 1);
  auto place = decode_walk_place(real.substr(1)).value();
  place.todo.insert(
      {.made = {.code = code(kHidden), .key = key_of(kHidden), .lot = {}, .from = {}}});
  place.todo.insert(
      {.made = {.code = code(lot_number(1)), .key = key_of(lot_number(1)), .lot = {}, .from = {}}});
  std::string next = with_cursor(kind + encode_walk_place(place).value());
  bool met = false;
  while (!next.empty()) {
    const auto page = ask(next);
    ASSERT_TRUE(page) << to_text(page.error());
    for (const auto& unit : page->units) {
      if (unit.code != code(kHidden)) continue;
      met = true;
      EXPECT_FALSE(unit.state.exists);
      EXPECT_EQ(unit.lot, "");
      EXPECT_EQ(unit.state.lot, "");
    }
    next = page->next;
  }
  EXPECT_TRUE(met);
}

// What a page shows, it shows as text.
TEST_F(PageTokenTest, APlaceThatNamesNoCodeIsRefused) {
  const std::string real = cursor_of(tokens().front());
  for (const std::string bad : {"\xff\xfe", "", "no code", "(01)09521104301011(10)L1"}) {
    auto place = decode_walk_place(real.substr(1)).value();
    place.todo.insert({.made = {.code = bad, .key = code_key(bad), .lot = {}, .from = {}}});
    const auto page = ask(with_cursor(real.substr(0, 1) + encode_walk_place(place).value()));
    ASSERT_FALSE(page) << quoted(bad);
    EXPECT_EQ(page.error().code, Code::PAGE_TOKEN_INVALID);
  }
}

TEST_F(PageTokenTest, IsItsViewersAlone) {
  const auto of_anyone = tokens();
  const auto of_maker = tokens("maker");
  EXPECT_EQ(ask(of_anyone.front(), "maker").error().code, Code::PAGE_TOKEN_INVALID);
  EXPECT_EQ(ask(of_maker.front(), "carrier").error().code, Code::PAGE_TOKEN_INVALID);
  EXPECT_EQ(ask(of_maker.front()).error().code, Code::PAGE_TOKEN_INVALID);
  EXPECT_TRUE(ask(of_maker.front(), "maker"));
}

TEST_F(PageTokenTest, TheLongestFitsIntoAUrl) {
  const std::string cursor(1 + kWalkPlaceBytesMax, '\xff');
  CodeQuestion asked = question();
  const uint64_t size = 9'999'999'999'999'999'999U;
  asked.page = next_page("forward", asked, size, cursor);
  EXPECT_LE(asked.page.size(), kPageTokenBytesMax);
  EXPECT_EQ(asked.page.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-_."),
            std::string::npos);
  EXPECT_EQ(open_page("forward", asked, size).value().cursor, cursor);
}

}  // namespace
}  // namespace suyuan::testing
