#include "proto/epcis_query/names.h"

#include <gtest/gtest.h>

namespace suyuan::epcis {
namespace {

TEST(Names, EverySpellingOfAVocabularyWordIsOne) {
  for (const std::string spelling :
       {"shipping", "https://ref.gs1.org/cbv/BizStep-shipping", "cbv:BizStep-shipping",
        "urn:epcglobal:cbv:bizstep:shipping", "https://ns.gs1.org/cbv/BizStep-shipping"}) {
    EXPECT_EQ(word_of(spelling, {}), "shipping") << spelling;
  }
  for (const std::string spelling :
       {"Temperature", "gs1:Temperature", "https://gs1.org/voc/Temperature",
        "https://ref.gs1.org/voc/Temperature"}) {
    EXPECT_EQ(word_of(spelling, {}), "Temperature") << spelling;
  }
  EXPECT_EQ(word_of("epcis:ObjectEvent", {}), "ObjectEvent");
  EXPECT_EQ(word_of("urn:epcglobal:cbv:btt:po", {}), "po");
  EXPECT_EQ(word_of("urn:gdst:bizStep:landing", {}), "urn:gdst:bizStep:landing");
}

// As the reader makes one word of them, also under a prefix that the event itself declares.
TEST(Names, AWordUnderADeclaredPrefixIsTheSameWord) {
  const Prefixes prefixes = {{"ref", "https://ref.gs1.org/cbv/"},
                             {"cbvurn", "urn:epcglobal:cbv:"},
                             {"voc", "https://gs1.org/voc/"}};
  EXPECT_EQ(word_of("ref:BizStep-shipping", prefixes), "shipping");
  EXPECT_EQ(word_of("cbvurn:disp:in_transit", prefixes), "in_transit");
  EXPECT_EQ(word_of("voc:Temperature", prefixes), "Temperature");
  EXPECT_EQ(word_of("ref:BizStep-shipping", {}), "ref:BizStep-shipping");
}

TEST(Names, ThePrefixesOfTheStandardsContextNeedNoDeclaration) {
  EXPECT_EQ(expand("cbvmda:lotNumber", {}), "urn:epcglobal:cbv:mda:lotNumber");
  EXPECT_EQ(expand("gs1:1", {}), "https://ref.gs1.org/voc/1");
  EXPECT_EQ(expand("gs1://1", {}), "gs1://1");
  EXPECT_EQ(expand("cbvmda:a", {{"cbvmda", "http://other.example/"}}), "http://other.example/a");
}

TEST(Names, OfExtensionsHaveOneSpellingUnderAPrefixOfTheStandard) {
  const std::string name = "urn:epcglobal:cbv:mda:lotNumber";
  const Prefixes older = {{"cbvmda", "urn:epcglobal:cbv:mda"}};
  EXPECT_EQ(expand("cbvmda:lotNumber", older), "urn:epcglobal:cbv:mdalotNumber");
  EXPECT_EQ(name_of("cbvmda:lotNumber", older), name);
  EXPECT_EQ(name_of("cbvmda:lotNumber", {{"cbvmda", "urn:epcglobal:cbv:mda:"}}), name);
  EXPECT_EQ(name_of("cbvmda:lotNumber", {}), name);
  EXPECT_EQ(name_of("cbvmda:a", {{"cbvmda", "http://other.example/"}}), "http://other.example/a");
  EXPECT_EQ(name_of("lotNumber", older), "lotNumber");
}

TEST(Names, ACurieIsItsUri) {
  const Prefixes prefixes = {{"example", "http://ns.example.com/epcis/"}};
  EXPECT_EQ(expand("example:lot", prefixes), "http://ns.example.com/epcis/lot");
  EXPECT_EQ(expand("other:lot", prefixes), "other:lot");
  EXPECT_EQ(word_of("example:washing", prefixes), "http://ns.example.com/epcis/washing");
}

TEST(Names, EverySpellingOfACodeIsOne) {
  const std::string canonical = "https://id.gs1.org/01/10614141073464/21/2017";
  EXPECT_EQ(code_in("urn:epc:id:sgtin:0614141.107346.2017", {}), canonical);
  EXPECT_EQ(code_in("https://id.example.com/01/10614141073464/21/2017?17=270101", {}), canonical);
  EXPECT_EQ(code_in("no code", {}), "no code");
}

TEST(Names, NumbersKeepTheirValueWhateverTheirForm) {
  EXPECT_EQ(decimal_in("1.50")->to_text(), "1.5");
  EXPECT_EQ(decimal_in("15e-1"), decimal_in("1.5"));
  EXPECT_EQ(decimal_in("-1.5E2")->to_text(), "-150");
  EXPECT_EQ(decimal_in("0.000e5")->to_text(), "0");
  EXPECT_FALSE(decimal_in("1e40"));
  EXPECT_FALSE(decimal_in("one"));
}

TEST(Names, ReadsThePrefixesOfTheHeader) {
  const auto prefixes = prefixes_in_header("a=http://a.example/, b=http://b.example/");
  ASSERT_TRUE(prefixes);
  EXPECT_EQ(prefixes->at("b"), "http://b.example/");
  EXPECT_FALSE(prefixes_in_header("http://a.example/"));
}

}  // namespace
}  // namespace suyuan::epcis
