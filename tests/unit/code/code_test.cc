// ProductCode: what a code says of itself, the names of the registry, and what a payload may hold.
#include "ledger/code/code.h"

#include <gtest/gtest.h>

#include "tests/unit/code/support.h"

namespace suyuan {
namespace {

using test::canonical;
using test::kCan;
using test::message;
using test::outcome;

ProductCode code(std::string_view sent) {
  auto parsed = parse_code(sent);
  SUYUAN_CHECK(parsed.has_value());
  return *std::move(parsed);
}

TEST(ProductCode, AUnitKeepsItsSerialAndNamesItsClass) {
  const auto unit = code("(01)09521104301011(10)L2606A(21)a/b");
  EXPECT_EQ(unit.type(), CodeType::serial);
  EXPECT_EQ(unit.gtin(), "09521104301011");
  EXPECT_EQ(unit.serial(), "a/b");
  EXPECT_EQ(unit.class_of(), kCan);
  EXPECT_EQ(unit.parents(), std::vector<std::string>{std::string(kCan)});
}

TEST(ProductCode, AUnitIsTheSameWhateverLotItsLabelShows) {
  EXPECT_EQ(code("(01)09521104301011(10)L1(21)A"), code("(01)09521104301011(10)L2(21)A"));
  EXPECT_EQ(code("(01)09521104301011(10)L1(21)A").lot(), "");
}

TEST(ProductCode, CaseAndLeadingZerosOfASerialCount) {
  EXPECT_NE(canonical("(01)09521104301011(21)007"), canonical("(01)09521104301011(21)7"));
  EXPECT_NE(canonical("(01)09521104301011(21)a"), canonical("(01)09521104301011(21)A"));
}

TEST(ProductCode, AClassHasNoClassAboveIt) {
  EXPECT_EQ(code("9521104301011").class_of(), std::nullopt);
  EXPECT_TRUE(code("9521104301011").parents().empty());
}

TEST(ProductCode, APieceOfATradeItemBelongsToThatItem) {
  const auto piece = code("urn:epc:id:itip:9521104.030101.01.02.987");
  EXPECT_EQ(piece.gtin(), "09521104301011");
  EXPECT_EQ(piece.class_of(), kCan);
}

TEST(ProductCode, GoodsAndPackagesArePhysicalAndPapersAreNot) {
  for (const auto* sent : {"9521104301011", "(01)09521104301011(10)L", "(00)395211040000010020",
                           "urn:epc:id:bic:ZZZU2606178", "urn:x-suyuan:parcel:GQ260803019CN",
                           "(8004)9521104Tank-7", "https://maker.example/own/7"}) {
    EXPECT_TRUE(code(sent).is_physical()) << sent;
    EXPECT_FALSE(code(sent).is_document()) << sent;
  }
  for (const auto* sent : {"urn:x-suyuan:order:9521206000003:1", "(253)0614141123452400",
                           "urn:x-suyuan:customs-list:CN:1",
                           "urn:epcglobal:cbv:bt:0614141111114:1"}) {
    EXPECT_FALSE(code(sent).is_physical()) << sent;
    EXPECT_TRUE(code(sent).is_document()) << sent;
  }
  EXPECT_FALSE(code("(414)9521206000003").is_physical());
  EXPECT_FALSE(code("(414)9521206000003").is_document());
}

TEST(CheckCanonical, TakesACanonicalCodeAlone) {
  EXPECT_EQ(outcome(check_canonical(kCan)), "OK");
  EXPECT_EQ(outcome(check_canonical("9521104301011")), "CODE_NOT_CANONICAL");
  EXPECT_EQ(outcome(check_canonical("https://id.gs1.org/01/09521104301010")), "CODE_CHECK_DIGIT");
  EXPECT_EQ(outcome(check_canonical("")), "CODE_SYNTAX");
}

TEST(CheckCanonical, SaysWhatTheCanonicalFormIs) {
  const auto refused = check_canonical("https://trace.example/01/09521104301011/21/A");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("https://id.gs1.org/01/09521104301011/21/A"),
            std::string::npos);
}

TEST(CheckCanonical, RefusesWhatTheRegistryNames) {
  EXPECT_EQ(outcome(check_canonical(party_code("cn-op"))), "CODE_RESERVED");
}

TEST(RegistryCode, IsAPartyAProductOrASite) {
  EXPECT_EQ(party_code("cn-op"), "urn:suyuan:party:cn-op");
  EXPECT_EQ(product_code("09521104301011"), "urn:suyuan:product:09521104301011");
  EXPECT_EQ(site_code("9521206000003"), "urn:suyuan:site:9521206000003");
  for (const auto& name :
       {party_code("cn-op"), product_code("09521104301011"), site_code("9521206000003")}) {
    EXPECT_TRUE(is_registry_code(name));
    EXPECT_EQ(outcome(check_registry_code(name)), "OK");
  }
  EXPECT_FALSE(is_registry_code(kCan));
}

TEST(RegistryCode, APartyIdBeginsAndEndsWithALetterOrDigit) {
  EXPECT_EQ(outcome(check_party_id("a")), "OK");
  EXPECT_EQ(outcome(check_party_id(std::string(63, 'a'))), "OK");
  for (const auto& id : {std::string(), std::string(64, 'a'), std::string("-a"), std::string("a."),
                         std::string("A"), std::string("a_b"), std::string("a\0b", 3)}) {
    EXPECT_EQ(outcome(check_party_id(id)), "PARTY_ID_SYNTAX") << id;
  }
}

TEST(ParseCode, ReadsTextsUpToItsBoundAndNoFurther) {
  const std::string link = std::string(kCan) + "?x=";
  EXPECT_EQ(canonical(link + std::string(2048 - link.size(), 'a')), kCan);
  EXPECT_EQ(canonical(link + std::string(2049 - link.size(), 'a')), "CODE_SYNTAX");
}

TEST(ParseCode, NamesThePlaceOfACharacterThatCannotStand) {
  EXPECT_NE(message("9521104301011 ").find("position 14"), std::string::npos);
  EXPECT_NE(message("95211\xC3\xA9").find("position 6"), std::string::npos);
}

}  // namespace
}  // namespace suyuan
