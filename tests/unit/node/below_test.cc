// What is listed below a class and a lot, and to whom: an event that is kept from the reader counts
// for nothing, in the list, in its page tokens and in whether the code is known at all.
#include "node/answer/below.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/access/viewer.h"
#include "node/answer/page_token.h"
#include "node/http/below.h"
#include "tests/support/ledger_builder.h"

namespace suyuan::testing {
namespace {

class BelowTest : public ::testing::Test {
 protected:
  static constexpr const char* kProduct = "09521104301011";
  static std::string lot_of(const std::string& number) {
    return code("lot:" + std::string(kProduct) + ":" + number);
  }
  static std::string unit_of(const std::string& serial) {
    return code("sgtin:" + std::string(kProduct) + ":" + serial);
  }

  BelowTest() {
    ledger.party("maker", {Role::manufacturer});
    ledger.party("shop", {Role::seller});
    ledger.product(kProduct, "maker");
    commission_units("08:00", "L1", {"A1", "A3"}, EventAudience::everyone);
    commission_units("08:10", "L1", {"A2", "SECRET"}, EventAudience::partner);
    commission_units("08:20", "HIDDEN", {"B1", "B2", "B3"}, EventAudience::partner);
  }
  uint64_t commission_units(std::string_view time, const std::string& lot, const Words& serials,
                            EventAudience audience) {
    Words units;
    for (const auto& serial : serials) units.push_back(unit_of(serial));
    TraceEvent event = commission(time, units, lot_of(lot));
    event.audience = audience;
    return ledger.accept("maker", event).leaf;
  }
  CodeQuestion question(const std::string& of, const std::string& party = {},
                        uint32_t limit = 100) const {
    return {.code = of, .limit = limit, .viewer = viewer_of(ledger.state(), party).value()};
  }
  std::string class_code() const { return code("gtin:" + std::string(kProduct)); }
  // All pages together; `tokens` gets the text of each page's `next`.
  Words all_of(CodeQuestion asked, std::vector<std::string>* tokens = nullptr) const {
    Words codes;
    do {
      const auto page = answer_below(ledger.state(), asked, {});
      EXPECT_TRUE(page) << to_text(page.error());
      if (!page) break;
      codes.insert(codes.end(), page->codes.begin(), page->codes.end());
      asked.page = page->next;
      if (tokens != nullptr && !page->next.empty()) tokens->push_back(page->next);
    } while (!asked.page.empty());
    return codes;
  }

  LedgerBuilder ledger;
};

TEST_F(BelowTest, PagesJoinToTheWholeForAnyoneAndForAPartner) {
  for (const std::string party : {"", "maker"}) {
    for (const auto& of : {class_code(), lot_of("L1")}) {
      EXPECT_EQ(all_of(question(of, party, 1)), all_of(question(of, party))) << of;
    }
  }
  EXPECT_EQ(all_of(question(lot_of("L1"))), (Words{unit_of("A1"), unit_of("A3")}));
  EXPECT_EQ(all_of(question(lot_of("L1"), "maker")).size(), 4U);
}

// Neither in clear nor as a hash, by which a guess could be checked.
TEST_F(BelowTest, APageTokenTellsNoCodeThatIsNotShown) {
  const Words units = all_of(question(lot_of("L1"), "maker"));
  for (const auto& of : {class_code(), lot_of("L1")}) {
    std::vector<std::string> tokens;
    const Words shown = all_of(question(of, {}, 1), &tokens);
    ASSERT_GE(tokens.size(), 3U);
    for (const std::string& token : tokens) {
      CodeQuestion asked = question(of, {}, 1);
      asked.page = token;
      const auto cursor = open_page("below ", asked, ledger.head().leaves).value().cursor;
      for (const std::string& unit : units) {
        if (std::ranges::find(shown, unit) != shown.end()) continue;
        EXPECT_EQ(cursor.find(unit), std::string::npos) << unit;
        EXPECT_EQ(cursor.find(code_key(unit).view()), std::string::npos) << unit;
      }
    }
  }
}

// Among them one that is hidden: what is passed over behind a made-up code would tell where it is.
TEST_F(BelowTest, ATokenThatNamesNoCodeThatIsListedIsRefused) {
  CodeQuestion asked = question(lot_of("L1"));
  const uint64_t size = ledger.head().leaves;
  const std::string none_passed(4, '\0');
  for (const auto& cursor :
       {unit_of("A1"), none_passed + unit_of("SECRET"), none_passed + unit_of("A"),
        "\xff" + none_passed.substr(1) + unit_of("A1"), Bytes(code_key(unit_of("A1")).bytes()),
        std::string("\xff"), std::string(2000, 'x')}) {
    asked.page = next_page("below ", asked, size, cursor);
    const auto page = answer_below(ledger.state(), asked, {});
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, Code::PAGE_TOKEN_INVALID);
  }
}

TEST_F(BelowTest, ALotListsAUnitOnlyToThoseWhoSeeWhereItWasMade) {
  ledger.accept("shop", observe("12:00", "storing", {unit_of("SECRET")}));
  EXPECT_EQ(all_of(question(lot_of("L1"))), (Words{unit_of("A1"), unit_of("A3")}));
  EXPECT_EQ(all_of(question(lot_of("L1"), "shop")), (Words{unit_of("A1"), unit_of("A3")}));
  const Words of_maker = all_of(question(lot_of("L1"), "maker"));
  EXPECT_NE(std::ranges::find(of_maker, unit_of("SECRET")), of_maker.end());
  const Words of_class = all_of(question(class_code()));
  EXPECT_NE(std::ranges::find(of_class, unit_of("SECRET")), of_class.end())
      << "the class is in the name that the shop made public";
}

// The page is as of a size; what was said later of a unit known before is not in it.
TEST_F(BelowTest, AsOfASizeALotListsTheUnitsThatWereKnownAsItsOwn) {
  ledger.accept("shop", observe("12:00", "storing", {unit_of("LATE")}));
  CodeQuestion asked = question(lot_of("L1"));
  asked.as_of.known_at = ledger.head().leaves;
  commission_units("07:00", "L1", {"LATE"}, EventAudience::everyone);
  EXPECT_EQ(all_of(asked), (Words{unit_of("A1"), unit_of("A3")}));
  EXPECT_EQ(all_of(question(lot_of("L1"))).size(), 3U);
}

TEST_F(BelowTest, WhatOnlyHiddenEventsNameIsUnknownWhateverTheLimit) {
  for (const uint32_t limit : {1U, 2U, 100U}) {
    const auto asked = question(lot_of("HIDDEN"), {}, limit);
    const auto listed = answer_below(ledger.state(), asked, {});
    ASSERT_FALSE(listed) << limit;
    EXPECT_EQ(listed.error().code, Code::NOT_FOUND) << limit;
    const auto whole = http::answer_lot(ledger.state(), asked, {}, false);
    ASSERT_FALSE(whole) << limit;
    EXPECT_EQ(whole.error().code, Code::NOT_FOUND) << limit;
    const auto of_maker =
        http::answer_lot(ledger.state(), question(lot_of("HIDDEN"), "maker", limit), {}, false);
    ASSERT_TRUE(of_maker) << to_text(of_maker.error());
    EXPECT_EQ(of_maker->units->codes.size(), std::min<size_t>(limit, 3));
  }
  EXPECT_TRUE(answer_below(ledger.state(), question(class_code(), {}, 1), {}));
}

// The list has no event time, so what a lot's own address answers as of one goes on without it.
TEST_F(BelowTest, TheUnitsOfALotAsOfATimeGoOnInTheirList) {
  CodeQuestion asked = question(lot_of("L1"), {}, 1);
  asked.as_of.at_ms = ms("2026-06-01T12:00:00Z");
  const auto lot = http::answer_lot(ledger.state(), asked, {}, false);
  ASSERT_TRUE(lot) << to_text(lot.error());
  ASSERT_FALSE(lot->units->next.empty());
  CodeQuestion further = question(lot_of("L1"), {}, 100);
  further.page = lot->units->next;
  const auto rest = answer_below(ledger.state(), further, {});
  ASSERT_TRUE(rest) << to_text(rest.error());
  const auto of_class = [&] {
    CodeQuestion of = asked;
    of.code = class_code();
    return http::answer_list(ledger.state(), of, {}).value().next;
  };
  further.code = class_code();
  further.page = of_class();
  EXPECT_TRUE(answer_below(ledger.state(), further, {}));
}

}  // namespace
}  // namespace suyuan::testing
