// Containers, parcels and own numbers: registered URN forms, their check digits and issuers.
#include <gtest/gtest.h>

#include "tests/unit/code/support.h"

namespace suyuan {
namespace {

using test::canonical;
using test::message;
using test::outcome;

TEST(OwnUrn, BuildersGiveTheRegisteredForms) {
  EXPECT_EQ(container_code("ZZZU2606178")->text(), "urn:epc:id:bic:ZZZU2606178");
  EXPECT_EQ(parcel_code("GQ260803019CN")->text(), "urn:x-suyuan:parcel:GQ260803019CN");
  EXPECT_EQ(own_number(CodeType::order, "9521206000003", "K1")->text(),
            "urn:x-suyuan:order:9521206000003:K1");
  EXPECT_EQ(own_number(CodeType::payment, "91110000MA0DEM072L", "P1")->text(),
            "urn:x-suyuan:payment:91110000MA0DEM072L:P1");
  EXPECT_EQ(own_number(CodeType::customs_list, "CN", "37122026I000000017")->text(),
            "urn:x-suyuan:customs-list:CN:37122026I000000017");
}

TEST(OwnUrn, APaperIsNamedAfterTheGlnOfItsIssuerWhereThereIsOne) {
  EXPECT_EQ(own_number(CodeType::document, "9521206000003", "D1")->text(),
            "urn:epcglobal:cbv:bt:9521206000003:D1");
  EXPECT_EQ(own_number(CodeType::document, "91110000MA0DEM072L", "D1")->text(),
            "urn:x-suyuan:document:91110000MA0DEM072L:D1");
  EXPECT_EQ(canonical("urn:x-suyuan:document:9521206000003:D1"), "CODE_SYNTAX");
}

// What stands on the door of a container or the label of a parcel.
TEST(OwnUrn, ABareNumberIsToldItsForm) {
  EXPECT_EQ(message("ZZZU2606178"),
            "'ZZZU2606178' does not say its kind; send urn:epc:id:bic:ZZZU2606178");
  EXPECT_EQ(message("GQ260803019CN"),
            "'GQ260803019CN' does not say its kind; send urn:x-suyuan:parcel:GQ260803019CN");
  EXPECT_EQ(canonical("ZZZU2606178"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("ZZZU2606179"), "CODE_CHECK_DIGIT");
  EXPECT_EQ(canonical("GQ260803010CN"), "CODE_CHECK_DIGIT");
}

TEST(OwnUrn, AnEpcWithoutAGs1KeyIsKeptAndIsAThing) {
  for (const char* epc :
       {"urn:epc:id:gid:95100000.12.400", "urn:epc:id:usdod:CAGEY.5678",
        "urn:epc:id:adi:W81X9C.3KL984PX1.2WMA52", "urn:epc:id:imovn:9176187"}) {
    EXPECT_EQ(canonical(epc), epc);
    EXPECT_TRUE(is_plain_epc(epc));
    EXPECT_TRUE(parse_code(epc)->is_physical());
  }
  EXPECT_FALSE(is_plain_epc("urn:epc:id:bic:ZZZU2606178"));
  EXPECT_EQ(canonical("urn:epc:id:imovn:9176188"), "CODE_CHECK_DIGIT");
  EXPECT_EQ(canonical("urn:epc:idpat:gid:95100000.12.*"), "CODE_SYNTAX");
}

TEST(OwnUrn, BuildersRefuseWhatTheFormsRefuse) {
  EXPECT_EQ(outcome(container_code("ZZZU2606179")), "CODE_CHECK_DIGIT");
  EXPECT_EQ(outcome(parcel_code("GQ260803010CN")), "CODE_CHECK_DIGIT");
  EXPECT_EQ(outcome(own_number(CodeType::order, "9521206000004", "1")), "CODE_CHECK_DIGIT");
  EXPECT_EQ(outcome(own_number(CodeType::order, "cn-ebp", "1")), "CODE_SYNTAX");
  EXPECT_EQ(outcome(own_number(CodeType::order, "9521206000003", "")), "CODE_SYNTAX");
  EXPECT_EQ(outcome(own_number(CodeType::customs_list, "China", "1")), "CODE_SYNTAX");
}

TEST(OwnUrn, NumbersHaveOneToSixtyFourPlainCharacters) {
  const std::string order = "urn:x-suyuan:order:9521206000003:";
  EXPECT_EQ(canonical(order + std::string(64, 'a')), order + std::string(64, 'a'));
  EXPECT_EQ(canonical(order + std::string(65, 'a')), "CODE_SYNTAX");
  for (const auto* number : {"a:b", "a/b", "a%41", "a?b", "a#b", "a+b"}) {
    EXPECT_EQ(canonical(order + number), "CODE_SYNTAX") << number;
  }
}

TEST(OwnUrn, SchemeAndNamespaceAreReadInAnyCaseTheRestIsNot) {
  EXPECT_EQ(canonical("URN:X-Suyuan:parcel:GQ260803019CN"), "urn:x-suyuan:parcel:GQ260803019CN");
  EXPECT_EQ(canonical("urn:x-suyuan:Parcel:GQ260803019CN"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("urn:x-suyuan:parcel:gq260803019cn"), "CODE_SYNTAX");
}

TEST(OwnUrn, ABusinessTransactionsNumberIsEscapedInOneWay) {
  EXPECT_EQ(canonical("urn:epcglobal:cbv:bt:0614141111114:a%2fb%2Dc:d"),
            "urn:epcglobal:cbv:bt:0614141111114:a%2Fb-c%3Ad");
  EXPECT_EQ(canonical("urn:epcglobal:cbv:bt:0614141111114"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("urn:epcglobal:cbv:bt:0614141111114:a/b"), "CODE_SYNTAX");
  EXPECT_EQ(canonical("urn:epcglobal:cbv:bt:0614141111114:a%00"), "CODE_SYNTAX");
}

}  // namespace
}  // namespace suyuan
