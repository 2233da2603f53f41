// The desk and inner codes: how often they may be tried, and what a right one is told.
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/event/record.h"
#include "tests/unit/scans/desk_world.h"

namespace suyuan::testing {
namespace {

const std::string kOwned = "sgtin:09521104301011:I1";
const std::string kRight = "7KQ2M9XP4TRD";
const std::string kWrong = "AAAABBBBCCCC";

// A can with a commitment to its inner code.
class DeskInnerCodes : public DeskTest {
 protected:
  DeskInnerCodes() {
    const Bytes salt(16, 's');
    const SectionBody section{
        .salt = Salt::from(Bytes(32, 'x')),
        .bytes = R"({"innerCodes":[{"code":")" + code(kOwned) + R"(","salt":")" + to_hex(salt) +
                 R"(","sha256":")" + to_hex(sha256({salt, kRight}).view()) + R"("}]})"};
    auto event = with_disposition(commission("09:10", {kOwned}, kLot), "sellable_accessible");
    event.sections = {
        {.digest = section_digest("maker", Audience::owner, section.salt, section.bytes),
         .audience = Audience::owner,
         .label = "inner codes"}};
    LedgerBuilder::BatchOptions options;
    options.sections = {{section}};
    EXPECT_TRUE(is_accepted(ledger_.apply_one(ledger_.batch("maker", {event}, options))));
  }
  // How long the device has to wait before it may try the inner code.
  uint32_t wait(int n, const std::string& inner, const std::string& what = kOwned) {
    const auto request =
        ScanDesk::check({.code = code(what), .device = device(n), .inner = inner});
    SUYUAN_CHECK(request.has_value());
    return desk_->admit(*request, now_ms_);
  }
};

TEST_F(DeskInnerCodes, AreTriedByOneDeviceFiveTimesThenFiveAnHour) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(wait(0, kWrong), 0U) << i;
  EXPECT_EQ(wait(0, kWrong), kHourMs / 5);
  EXPECT_EQ(wait(0, kWrong, kCan), kHourMs / 5) << "of another can";
  EXPECT_EQ(wait(0, ""), 0U) << "a scan without inner code";
  EXPECT_EQ(wait(1, kWrong), 0U) << "another device";
  now_ms_ += kHourMs / 5;
  EXPECT_EQ(wait(0, kWrong), 0U);
  EXPECT_NE(wait(0, kWrong), 0U);
}

TEST_F(DeskInnerCodes, OfOneCanAreTriedTenTimes) {
  for (int n = 0; n < 10; ++n) EXPECT_EQ(wait(n, kWrong), 0U) << n;
  EXPECT_EQ(wait(10, kWrong), kHourMs / 10);
  EXPECT_EQ(wait(10, kWrong, kCan), 0U) << "another can";
}

TEST_F(DeskInnerCodes, ThatAreRightDoNotCount) {
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(wait(0, kRight), 0U) << i;
    EXPECT_EQ(why(scan(0, {}, kOwned, kRight)), "INNER_CODE_RIGHT") << i;
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(wait(0, kWrong), 0U) << i;
  EXPECT_NE(wait(0, kWrong), 0U);
}

// Who has given the right code is not told to give it.
TEST_F(DeskInnerCodes, ThatAreRightOfACopiedLabelHaveTheirOwnAdvice) {
  scan(1, "CN-FJ/福州", kOwned);
  now_ms_ += kHourMs;
  const auto wrong = scan(2, "CN-XJ/乌鲁木齐", kOwned, kWrong);
  EXPECT_EQ(wrong.verdict, ScanVerdict::CLONE_SUSPECT);
  EXPECT_EQ(wrong.advice, advice_of(ScanVerdict::CLONE_SUSPECT));
  const auto right = scan(2, "CN-XJ/乌鲁木齐", kOwned, kRight);
  EXPECT_EQ(right.verdict, ScanVerdict::CLONE_SUSPECT);
  EXPECT_EQ(right.title, title_of(ScanVerdict::CLONE_SUSPECT));
  EXPECT_TRUE(right.advice.en.starts_with("The inner code is right, so yours is likely the "
                                          "original"))
      << right.advice.en;
  EXPECT_TRUE(right.advice.zh.starts_with("内码相符，您手里的很可能就是原件")) << right.advice.zh;
}

}  // namespace
}  // namespace suyuan::testing
