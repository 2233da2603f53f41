// GS1's and the event hash project's identifier vectors; each that we judge otherwise is named.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <vector>

#include "ledger/base/text.h"
#include "ledger/code/check_digit.h"
#include "tests/unit/code/support.h"

namespace suyuan {
namespace {

using test::canonical;

std::string shared_data() {
  const char* path = std::getenv("SUYUAN_SHARED_DATA");
  return path != nullptr ? path : SUYUAN_SOURCE_DIR "/../shared/data";
}

// The columns of each line that is no comment; empty when the file is not there.
std::vector<std::vector<std::string>> table(const std::string& name) {
  std::vector<std::vector<std::string>> rows;
  const auto file = test::read_file(shared_data() + "/epcis/identifiers/" + name);
  for (auto line : split(file, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    std::vector<std::string> columns;
    for (const auto column : split(line, '\t')) columns.emplace_back(column);
    columns.resize(4);
    rows.push_back(std::move(columns));
  }
  return rows;
}

#define SUYUAN_ROWS(rows, name)                                                       \
  const auto rows = table(name);                                                      \
  if (rows.empty()) GTEST_SKIP() << "no shared data at " << shared_data() << "/epcis"

// GS1's syntax vectors use GTINs of restricted circulation (prefix 231), which we refuse. The rest
// of the line is judged with a number that is taken.
std::string with_open_gtin(std::string text) {
  for (const std::string_view closed : {"12312312312333", "12312312312326"}) {
    for (size_t at; (at = text.find(closed)) != std::string::npos;) {
      text.replace(at, closed.size(), "09521104301011");
    }
  }
  return text;
}

TEST(SharedVectors, EpcUrnsAndLinksGiveTheEventHashsCanonicalLink) {
  SUYUAN_ROWS(rows, "epc_to_canonical_dl_vectors.tsv");
  const std::map<std::string, std::string> differs = {
      // Check digits that are wrong; that project does not look at them.
      {"http://example.de/gtin-8/01/97803111", "CODE_CHECK_DIGIT"},
      {"http://example.de/01/040123451234/cpv/344/lot/ABD", "CODE_CHECK_DIGIT"},
      // A prefix of restricted circulation (234).
      {"https://id.gs1.org/itip/123456789101100190/cpv/ABCD", "CODE_RESTRICTED"},
      // The event hash knows no variant (22); formats.md 1 does.
      {"https://id.gs1.org/gtin/9780345418913/cpv/344",
       "https://id.gs1.org/01/09780345418913/22/344"},
      // No GS1 key, but an absolute URI.
      {"http://example.org/123/4012345ABC987/456/4711",
       "http://example.org/123/4012345ABC987/456/4711"},
  };
  for (const auto& row : rows) {
    const auto known = differs.find(row[0]);
    const auto expected = known != differs.end() ? known->second
                          : row[1] == "NONE"     ? "CODE_SYNTAX"
                                                 : row[1];
    EXPECT_EQ(canonical(row[0]), expected) << row[0];
  }
  EXPECT_EQ(rows.size(), 46U);
}

TEST(SharedVectors, DigitalLinksAreTakenOrRefusedAsByGS1sReferenceParser) {
  SUYUAN_ROWS(rows, "dl_parse_vectors.tsv");
  const std::map<std::string, std::string> differs = {
      // Not a Digital Link, but an absolute URI.
      {"http://a", "http://a"}, {"http://a/", "http://a/"},
      {"http://a/b", "http://a/b"}, {"http://a/b/", "http://a/b/"},
      {"https://a$/006141411234567890", "https://a$/006141411234567890"},
      {"https://a/zzz/12312312312333", "https://a/zzz/09521104301011"},
      {"https://a/cps/12312312312333", "https://a/cps/09521104301011"},
      // Attributes in the query are dropped unread: a bad GTIN there, a doubled 99, an unknown 999.
      {"https://a/8004/9520614141234567?01=02345673",
       "https://id.gs1.org/8004/9520614141234567"},
      {"https://id.gs1.org/01/09520123456788/10/ABC123?99=XYZ789&99=XYZ789",
       "https://id.gs1.org/01/09520123456788/10/ABC123"},
      {"https://a/01/12312312312333?99=ABC&999=faux", "https://id.gs1.org/01/09521104301011"},
      {"https://a/01/12312312312333/22/ABC%2d123?99=ABC&98=XYZ+987",
       "https://id.gs1.org/01/09521104301011/22/ABC-123"},
      // Listed twice, once for a parser that does not know the old words.
      {"https://a/gtin/12312312312333", "https://id.gs1.org/01/09521104301011"},
  };
  for (const auto& row : rows) {
    const auto got = canonical(with_open_gtin(row[1]));
    if (const auto known = differs.find(row[1]); known != differs.end()) {
      EXPECT_EQ(got, known->second) << row[1];
    } else {
      EXPECT_EQ(got.starts_with("https://id.gs1.org/") ? "true" : "false", row[0])
          << row[1] << " gave " << got;
    }
  }
  EXPECT_EQ(rows.size(), 78U);
}

TEST(SharedVectors, TheElementsThatTheReferenceParserFindsNameTheSameCode) {
  SUYUAN_ROWS(rows, "dl_parse_vectors.tsv");
  size_t compared = 0;
  for (const auto& row : rows) {
    if (row[0] != "true") continue;
    std::string raw = with_open_gtin(row[2]);
    for (char& c : raw) c = c == '^' ? '\x1D' : c;
    // The reference writes a key of fewer than 14 digits without its zeros; a scanner never does.
    if (raw.starts_with("\x1D" "019520123456788")) continue;
    // 89 is no AI, so a scanner's text cannot be cut after it.
    if (raw.ends_with("89ABC123")) continue;
    ++compared;
    EXPECT_EQ(canonical(raw), canonical(with_open_gtin(row[1]))) << row[1];
  }
  EXPECT_GT(compared, 40U);
}

TEST(SharedVectors, ElementStringsNameTheSameCodeAsTheLinkThatGS1GeneratesFromThem) {
  SUYUAN_ROWS(rows, "dl_generate_vectors.tsv");
  // GS1 refuses to make a link of these; as element strings they name one thing, so they are taken:
  // a third party's serial beside variant or lot, and an AI that a link may not carry, which is no
  // part of the identity. 89 is no AI: the vectors list its string for a parser that refuses it, as
  // ours does, and again for one that lets it pass.
  const std::map<std::string, std::string> differs = {
      {"(01)12312312312326(99)000001(8200)http://example.com(95)INT", ""},
      {"(01)12312312312326(235)TPX9526064(99)000001(22)ABC(95)INT", "/235/TPX9526064"},
      {"(01)12312312312326(22)ABC(10)DEF(99)000001(235)TPX9526064(95)INT", "/235/TPX9526064"},
      {"(01)12312312312326(99)000001(89)XXX(95)INT", "CODE_SYNTAX"},
      {"(01)12312312312326(235)ABC(10)DEF", "/235/ABC"},
  };
  for (const auto& row : rows) {
    const auto got = canonical(with_open_gtin(row[2]));
    // A CPID whose company prefix, 0200, is one of restricted circulation.
    if (row[2].starts_with("(8010)0200")) {
      EXPECT_EQ(got, "CODE_RESTRICTED");
      continue;
    }
    if (const auto known = differs.find(row[2]); known != differs.end()) {
      EXPECT_EQ(got, known->second.starts_with("CODE") ? known->second
                                                       : std::string(test::kCan) + known->second)
          << row[2];
    } else if (row[0] == "true") {
      EXPECT_EQ(got, canonical(with_open_gtin(row[3]))) << row[2];
      EXPECT_TRUE(got.starts_with("https://id.gs1.org/")) << row[2] << " gave " << got;
    } else {
      EXPECT_EQ(got, "CODE_SYNTAX") << row[2];
    }
  }
  EXPECT_EQ(rows.size(), 22U);
}

TEST(SharedVectors, ChineseCodesAreValidWhereTheirCheckCharacterIs) {
  SUYUAN_ROWS(rows, "cn_codes_vectors.tsv");
  for (const auto& row : rows) {
    // The table calls this one valid; its GS1 check digit is 4 (the sum is 126), so it is refused.
    if (row[1] == "6925123456785") {
      EXPECT_EQ(canonical(row[1]), "CODE_CHECK_DIGIT");
      continue;
    }
    const bool valid = row[0] == "uscc" ? check_uscc(row[1]).has_value()
                                        : parse_code(row[1]).has_value();
    EXPECT_EQ(valid, row[2] == "1") << row[0] << " " << row[1];
  }
  EXPECT_EQ(rows.size(), 10U);
}

bool is_gs1_name(std::string_view text) {
  if (text.find_first_of(" \n\\#") != std::string_view::npos) return false;
  for (const std::string_view epc : {"urn:epc:id:", "urn:epc:idpat:", "urn:epc:class:"}) {
    if (text.starts_with(epc)) return true;
  }
  if (!text.starts_with("http")) return false;
  for (const std::string_view key : {"/00/", "/01/", "/253/", "/255/", "/414/", "/417/", "/8003/",
                                     "/8004/", "/8006/", "/8010/", "/8017/", "/8018/"}) {
    if (text.find(key) != std::string_view::npos) return true;
  }
  return false;
}

// All that events name, in whatever list: taken, but for numbers that are wrong in themselves.
TEST(SharedVectors, TheCodesOfTheSharedEventsAreTaken) {
  const std::map<std::string, std::string> wrong = {
      {"https://id.example.com/8003/0040123450007418765", "CODE_RESTRICTED"},  // prefix 040
      {"https://id.example.com/8003/030013450007718765", "CODE_CHECK_DIGIT"},
      // A company prefix and a serial reference of 15 or 22 digits; an SSCC's have 17.
      {"urn:epc:id:sscc:08600031303.0004", "CODE_SYNTAX"},
      {"urn:epc:id:sscc:08600031303.0005", "CODE_SYNTAX"},
      {"urn:epc:id:sscc:08600031303.12382183213", "CODE_SYNTAX"},
      {"urn:epc:id:sscc:08600081808.0003", "CODE_SYNTAX"},
  };
  const std::filesystem::path root = shared_data() + "/epcis";
  if (!std::filesystem::exists(root)) GTEST_SKIP() << "no shared data at " << root;
  std::set<std::string> seen;
  for (const auto* folder : {"scenarios", "events"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (!file.is_regular_file()) continue;
      const std::string text = test::read_file(file.path().string());
      for (const auto quoted : split(text, '"')) {
        if (is_gs1_name(quoted)) seen.emplace(quoted);
      }
    }
  }
  for (const auto& sent : seen) {
    const auto known = wrong.find(sent);
    const auto got = canonical(sent);
    if (known != wrong.end()) EXPECT_EQ(got, known->second) << sent;
    else EXPECT_TRUE(got.starts_with("https://id.gs1.org/")) << sent << " gave " << got;
  }
  EXPECT_GT(seen.size(), 150U);
}

TEST(SharedVectors, RestrictedGtinsAreRefused) {
  EXPECT_EQ(canonical("https://a/01/12312312312333"), "CODE_RESTRICTED");
  EXPECT_EQ(canonical("(01)12312312312326"), "CODE_RESTRICTED");
}

}  // namespace
}  // namespace suyuan
