// Golden vectors of formats.md 1: tests/vectors/codes.json, which another program can use as well.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "ledger/base/text.h"
#include "ledger/code/pattern.h"
#include "tests/unit/code/support.h"

namespace suyuan {
namespace {

using test::canonical;
using test::outcome;

const boost::json::array& rows(std::string_view name) {
  static const auto kVectors =
      boost::json::parse(test::read_file(SUYUAN_SOURCE_DIR "/tests/vectors/codes.json"));
  return kVectors.as_object().at(name).as_array();
}

std::string text(const boost::json::value& row, std::string_view name) {
  return std::string(row.as_object().at(name).as_string());
}

TEST(CodeVectors, AcceptedTextsGiveTheirCanonicalCodeKeyTypeAndParents) {
  for (const auto& row : rows("accepted")) {
    const auto code = parse_code(text(row, "sent"));
    ASSERT_TRUE(code) << text(row, "sent") << ": " << to_text(code.error());
    EXPECT_EQ(code->text(), text(row, "canonical"));
    EXPECT_EQ(word(code->type()), text(row, "type")) << code->text();
    EXPECT_EQ(to_hex(code_key(code->text()).view()), text(row, "code_key"));
    const auto parents = boost::json::value_to<std::vector<std::string>>(row.at("parents"));
    EXPECT_EQ(code->parents(), parents) << code->text();
  }
}

TEST(CodeVectors, ACanonicalCodeIsItsOwnCanonicalForm) {
  for (const auto& row : rows("accepted")) {
    EXPECT_EQ(canonical(text(row, "canonical")), text(row, "canonical"));
    EXPECT_EQ(outcome(check_canonical(text(row, "canonical"))), "OK") << text(row, "canonical");
  }
}

// A canonical code is read by a shorter way than the same key in a link of any other host.
TEST(CodeVectors, BothWaysToReadAGs1KeyFindTheSameInIt) {
  constexpr std::string_view kCanonicalHost = "https://id.gs1.org/";
  size_t keys = 0;
  for (const auto& row : rows("accepted")) {
    const std::string code = text(row, "canonical");
    if (!code.starts_with(kCanonicalHost)) continue;
    ++keys;
    const auto shorter = parse_code(code);
    const auto longer = parse_code("https://trace.example/" + code.substr(kCanonicalHost.size()));
    ASSERT_TRUE(shorter && longer) << code;
    test::expect_same_parts(*shorter, *longer);
  }
  EXPECT_GT(keys, 30U);
}

// docs/bundle.md, Reach: a verifier knows a paper by its text alone.
std::vector<std::string> papers_of_the_page() {
  const std::string page = test::read_file(SUYUAN_SOURCE_DIR "/docs/bundle.md");
  const size_t begin = page.find("Papers begin with one of:");
  const size_t end = page.find(';', begin);
  std::vector<std::string> papers;
  if (begin == std::string::npos || end == std::string::npos) return papers;
  const auto parts = split(std::string_view(page).substr(begin, end - begin), '`');
  for (size_t i = 1; i < parts.size(); i += 2) papers.emplace_back(parts[i]);
  return papers;
}

TEST(CodeVectors, DocumentsAreExactlyTheCodesThatBundlesReadAsPapers) {
  const auto papers = papers_of_the_page();
  ASSERT_EQ(papers.size(), 8U);
  std::set<std::string> seen;
  for (const auto& row : rows("accepted")) {
    const auto code = parse_code(text(row, "canonical")).value();
    const auto paper = std::find_if(papers.begin(), papers.end(), [&](const auto& beginning) {
      return code.text().starts_with(beginning);
    });
    EXPECT_EQ(code.is_document(), paper != papers.end()) << code.text();
    if (paper != papers.end()) seen.insert(*paper);
  }
  EXPECT_EQ(seen.size(), papers.size()) << "each has a vector";
}

TEST(CodeVectors, RefusedTextsNameTheRule) {
  for (const auto& row : rows("refused")) {
    EXPECT_EQ(canonical(text(row, "sent")), text(row, "error")) << text(row, "sent");
    EXPECT_EQ(outcome(check_canonical(text(row, "sent"))), text(row, "error"));
  }
}

TEST(CodeVectors, APayloadMayNotHoldAnotherFormOfACode) {
  for (const auto& row : rows("not_canonical")) {
    EXPECT_EQ(outcome(check_canonical(text(row, "code"))), "CODE_NOT_CANONICAL")
        << text(row, "code");
    EXPECT_EQ(canonical(text(row, "code")), text(row, "canonical"));
  }
}

TEST(CodeVectors, RegistryNamesAreCheckedByTheirOwnRules) {
  for (const auto& row : rows("registry_accepted")) {
    EXPECT_EQ(outcome(check_registry_code(text(row, "code"))), "OK") << text(row, "code");
    EXPECT_EQ(to_hex(code_key(text(row, "code")).view()), text(row, "code_key"));
  }
  for (const auto& row : rows("registry_refused")) {
    EXPECT_EQ(outcome(check_registry_code(text(row, "code"))), text(row, "error"))
        << text(row, "code");
  }
}

TEST(CodeVectors, PatternsMatchTheirCanonicalTextsAndNoOthers) {
  for (const auto& row : rows("patterns")) {
    const auto pattern = parse_code_pattern(text(row, "pattern"));
    ASSERT_TRUE(pattern) << text(row, "pattern") << ": " << to_text(pattern.error());
    for (const auto& code : row.at("matches").as_array()) {
      EXPECT_TRUE(pattern->matches(code.as_string())) << text(row, "pattern") << " " << code;
    }
    for (const auto& code : row.at("others").as_array()) {
      EXPECT_FALSE(pattern->matches(code.as_string())) << text(row, "pattern") << " " << code;
    }
  }
  for (const auto& row : rows("patterns_refused")) {
    EXPECT_EQ(outcome(parse_code_pattern(text(row, "pattern"))), text(row, "error"))
        << text(row, "pattern");
  }
}

}  // namespace
}  // namespace suyuan
