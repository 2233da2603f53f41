// The table of application identifiers against GS1's own Barcode Syntax Dictionary.
#include "ledger/code/ai_table.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "ledger/code/gs1_key.h"
#include "tests/support/vectors.h"

namespace suyuan {
namespace {

struct Entry {
  std::string flags;
  std::string form;
  std::string qualifiers = "no key";
};

// "N14,csum,gcppos2 N4,pieceoftotal" is "N14cN4" here.
std::string form_of(const std::vector<std::string>& parts) {
  static const std::map<std::string, char> kChecks = {
      {"csum", 'c'}, {"yymmd0", 'd'}, {"yymmdd", 'D'}, {"hhmi", 't'}};
  std::string form;
  for (const auto& part : parts) {
    std::string text;
    std::string check;
    for (const auto word : split(part, ',')) {
      const auto known = kChecks.find(std::string(word));
      if (text.empty()) text = word;
      else if (known != kChecks.end()) check = known->second;
    }
    if (text.ends_with(']')) text.insert(text.size() - 1, check);
    else text += check;
    form += text;
  }
  return form;
}

void read_line(std::string_view line, std::map<std::string, Entry>& entries) {
  static const std::regex kPart(R"(\[?[NXYZ](\.\.)?[0-9]+\]?(,.*)?)");
  std::vector<std::string> parts;
  Entry entry;
  std::string range;
  for (const auto word : split(line.substr(0, line.find('#')), ' ')) {
    if (word.empty()) continue;
    if (range.empty()) range = word;
    else if (std::regex_match(std::string(word), kPart)) parts.emplace_back(word);
    else if (word == "dlpkey") entry.qualifiers = "";
    else if (word.starts_with("dlpkey=")) entry.qualifiers = word.substr(7);
    else if (word.find('=') == std::string_view::npos) entry.flags = word;
  }
  if (range.empty()) return;
  entry.form = form_of(parts);
  const auto dash = range.find('-');
  const std::string first = range.substr(0, dash);
  const int last = dash == std::string::npos ? std::stoi(first) : std::stoi(range.substr(dash + 1));
  for (int ai = std::stoi(first); ai <= last; ++ai) {
    std::string text = std::to_string(ai);
    text.insert(0, first.size() - text.size(), '0');
    entries[text] = entry;
  }
}

// Empty where the collection is not at hand.
std::map<std::string, Entry> dictionary() {
  std::map<std::string, Entry> entries;
  const auto text = testing::file_text(testing::shared_path(
      "epcis/schema/gs1-syntax-dictionary/gs1-syntax-dictionary.txt"));
  if (text) {
    for (const auto line : split(*text, '\n')) read_line(line, entries);
  }
  return entries;
}

std::string qualifiers_of(const KeyRule& key) {
  std::string list;
  bool alone_before = false;
  for (const Qualifier& qualifier : key.qualifiers) {
    if (qualifier.ai.empty()) break;
    if (qualifier.alone) continue;
    list.append(list.empty() ? "" : ",").append(qualifier.ai);
  }
  for (const Qualifier& qualifier : key.qualifiers) {
    if (!qualifier.alone || qualifier.ai.empty()) continue;
    list.append(list.empty() && !alone_before ? "" : "|").append(qualifier.ai);
    alone_before = true;
  }
  return list;
}

TEST(AiTable, EveryRowIsTheStandardsAndNoneIsMissing) {
  const auto entries = dictionary();
  if (entries.empty()) GTEST_SKIP() << "no shared data: see SUYUAN_SHARED_DATA";
  EXPECT_GT(entries.size(), 450U);
  for (int number = 0; number < 11'100; ++number) {
    // "00" to "99", "000" to "999", "0000" to "9999".
    const size_t size = number < 100 ? 2 : number < 1'100 ? 3 : 4;
    std::string ai = std::to_string(number < 100 ? number : number < 1'100 ? number - 100
                                                                           : number - 1'100);
    ai.insert(0, size - ai.size(), '0');
    const AiRow* row = find_ai(ai);
    const auto known = entries.find(ai);
    ASSERT_EQ(row != nullptr, known != entries.end()) << ai;
    if (row == nullptr) continue;
    EXPECT_EQ(row->form, known->second.form) << ai;
    const auto& flags = known->second.flags;
    EXPECT_EQ(row->predefined, flags.find('*') != std::string::npos) << ai;
    EXPECT_EQ(row->attribute, flags.find('?') != std::string::npos) << ai;
    const KeyRule* key = find_key(ai);
    EXPECT_EQ(key == nullptr ? "no key" : qualifiers_of(*key), known->second.qualifiers) << ai;
  }
}

TEST(AiTable, NoAiBeginsWithAnother) {
  size_t count = 0;
  for (int number = 0; number < 10'000; ++number) {
    std::string ai = std::to_string(number);
    ai.insert(0, 4 - ai.size(), '0');
    size_t sizes = 0;
    for (size_t size = 2; size <= 4; ++size) sizes += find_ai(ai.substr(0, size)) != nullptr;
    EXPECT_LE(sizes, 1U) << ai;
    count += sizes;
  }
  EXPECT_GT(count, 1'000U);
}

std::string form(std::string_view ai, std::string_view value) {
  const auto checked = check_form(ai, *find_ai(ai), value);
  return checked ? "OK" : checked.error().message;
}
std::string content(std::string_view ai, std::string_view value) {
  const auto checked = check_content(ai, *find_ai(ai), value);
  return checked ? "OK" : checked.error().message;
}

TEST(AiTable, TheFormIsLengthsAndCharacters) {
  EXPECT_EQ(form("17", "260802"), "OK");
  EXPECT_EQ(form("17", "26080"), "AI (17) 26080 is cut short: it has 5 characters, expected at "
                                 "least 6");
  EXPECT_EQ(form("17", "2608O2"), "AI (17) 2608O2 has 'O' at place 5, expected digits");
  EXPECT_EQ(form("423", "156840"), "OK");
  EXPECT_NE(form("423", "1568").find("cut short"), std::string::npos);
  EXPECT_NE(form("37", "123456789").find("is an FNC1 missing"), std::string::npos);
  EXPECT_EQ(form("8008", "260802071530"), "OK");
  EXPECT_EQ(form("253", "0614141123452"), "OK");
  EXPECT_EQ(form("8030", "aZ0-_="), "OK");
}

TEST(AiTable, TheContentIsCheckDigitsAndDates) {
  EXPECT_EQ(content("02", "09521104301011"), "OK");
  EXPECT_NE(content("02", "09521104301010").find("expected 1"), std::string::npos);
  EXPECT_EQ(content("17", "260800"), "OK");
  EXPECT_EQ(content("17", "240229"), "OK");
  EXPECT_NE(content("17", "260229").find("is not a date"), std::string::npos);
  EXPECT_NE(content("17", "261331").find("is not a date"), std::string::npos);
  EXPECT_NE(content("7006", "260800").find("is not a date"), std::string::npos);
  EXPECT_NE(content("7003", "2608022460").find("is not a time"), std::string::npos);
}

}  // namespace
}  // namespace suyuan
