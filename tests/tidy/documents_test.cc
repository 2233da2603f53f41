// The documents' lists of errors, findings, exit codes and options are those of the code; so are
// the page's words on verdicts.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace {

using Rows = std::set<std::string>;

// The file's text without the ends of lines that a macro continues.
std::string text_of(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(std::filesystem::path(SUYUAN_SOURCE_DIR) / path).rdbuf();
  std::string all = text.str();
  EXPECT_FALSE(all.empty()) << path;
  std::erase(all, '\\');
  return all;
}

// Every match of `pattern`, as its groups with a space between them.
Rows rows_in(const std::string& text, const std::string& pattern) {
  Rows rows;
  const std::regex row(pattern, std::regex::ECMAScript | std::regex::multiline);
  for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at) {
    std::string groups = (*at)[1];
    for (size_t i = 2; i < at->size(); ++i) groups += " " + (*at)[i].str();
    rows.insert(groups);
  }
  EXPECT_FALSE(rows.empty()) << pattern;
  return rows;
}

// From the heading to the next.
std::string section_of(const std::string& text, const std::string& heading) {
  const size_t begin = text.find("\n" + heading + "\n");
  if (begin == std::string::npos) {
    ADD_FAILURE() << "no heading " << heading;
    return {};
  }
  return text.substr(begin + 1, text.find("\n#", begin + 1) - begin - 1);
}

TEST(Documents, HaveEachErrorWithItsStatusAndRule) {
  EXPECT_EQ(rows_in(text_of("docs/errors.md"), R"(^\| ([A-Z_]+) \| (\d+) \| ([^|]*) \|)"),
            rows_in(text_of("ledger/base/error.h"), R"re(X\((\w+), (\d+),\s*"([^"]*)"\))re"));
}

TEST(Documents, HaveEachFinding) {
  EXPECT_EQ(rows_in(text_of("docs/findings.md"), R"(^\| ([A-Z_]+) \|)"),
            rows_in(text_of("ledger/event/finding.h"), R"re(X\((\w+), ")re"));
}

// Those of a wrong command line, a range, have a row of their own.
TEST(Documents, HaveEachExitCode) {
  const std::string row = R"(^\| (\d+) \|)";
  EXPECT_EQ(rows_in(section_of(text_of("docs/operating.md"), "### Exit codes"), row),
            rows_in(text_of("node/main.cc"), R"(constexpr int kExit\w+ = (\d+);)"));
  const std::string shell = text_of("client/shell.h");
  const size_t codes = shell.find("enum class ExitCode");
  ASSERT_NE(codes, std::string::npos);
  EXPECT_EQ(rows_in(section_of(text_of("docs/cli.md"), "## Exit codes"), row),
            rows_in(shell.substr(codes, shell.find("};", codes) - codes), R"(\w+ = (\d+),)"));
}

// "VERDICT text" of a function in ledger/provenance/verdict_words.cc, in one language: 0 zh, 1 en.
Rows verdict_words(const std::string& function, int language) {
  std::string words = text_of("ledger/provenance/verdict_words.cc");
  const size_t from = words.find("BothLanguages " + function + "(");
  EXPECT_NE(from, std::string::npos) << function;
  if (from == std::string::npos) return {};
  words = words.substr(from, words.find("\n}\n", from) - from);
  words = std::regex_replace(words, std::regex(R"re("\s+")re"), "");  // one literal of several
  const std::string head = R"re(case ScanVerdict::(\w+):\s+return \{)re";
  return rows_in(words, head + (language == 0 ? R"re("([^"]*)",\s*"[^"]*"\};)re"
                                              : R"re("[^"]*",\s*"([^"]*)"\};)re"));
}

// The advice of advice_for() to an owner whose label was copied.
Rows advice_to_the_copied(int language) {
  std::string words = text_of("ledger/provenance/verdict_words.cc");
  words = words.substr(std::min(words.find("BothLanguages advice_for("), words.size()));
  words = std::regex_replace(words, std::regex(R"re("\s+")re"), "");  // one literal of several
  const std::string head = R"re(return \{)re";
  return rows_in(words, head + (language == 0 ? R"re("([^"]*)",\s*"[^"]*"\};)re"
                                              : R"re("[^"]*",\s*"([^"]*)"\};)re"));
}

// A consumer who shows the page to a shop sees there what the shop's own program says.
TEST(Documents, SpeakOfVerdictsAsThePageDoes) {
  const char* files[] = {"client/web/page/texts/zh.ts", "client/web/page/texts/en.ts"};
  for (const int language : {0, 1}) {
    const std::string page = text_of(files[language]);
    const Rows titles = rows_in(page, R"re(^    ([A-Z_]+): \['([^']*)', '[^']*'\],)re");
    const Rows advice = rows_in(page, R"re(^    ([A-Z_]+): \['[^']*', '([^']*)'\],)re");
    EXPECT_EQ(titles.size(), 9U);
    EXPECT_EQ(verdict_words("title_of", language), titles);
    EXPECT_EQ(verdict_words("advice_of", language), advice);
    const Rows copied = rows_in(page, R"re(^  copiedOriginal: \['[^']*', '([^']*)'\],)re");
    EXPECT_EQ(copied.size(), 1U);
    EXPECT_EQ(advice_to_the_copied(language), copied);
  }
}

TEST(Documents, NameEachOption) {
  const std::filesystem::path root = SUYUAN_SOURCE_DIR;
  std::string documents;
  for (const auto& entry : std::filesystem::directory_iterator(root / "docs")) {
    if (entry.path().extension() == ".md") documents += text_of(entry.path());
  }
  const Rows named = rows_in(documents, R"((--[a-z][a-z0-9-]*))");
  const std::regex option(R"re(add_(?:option|flag)\w*\(\s*"([^"]*)")re");
  size_t options = 0;
  for (const char* program : {"node", "client"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / program)) {
      const std::string path = entry.path();
      if (entry.path().extension() != ".cc" || path.find("node_modules") != path.npos) continue;
      const std::string text = text_of(entry.path());
      for (std::sregex_iterator at(text.begin(), text.end(), option), end; at != end; ++at) {
        std::istringstream names((*at)[1]);
        for (std::string name; std::getline(names, name, ',');) {
          if (!name.starts_with("--")) continue;
          EXPECT_TRUE(named.contains(name.substr(0, name.find('{')))) << path << ": " << name;
          ++options;
        }
      }
    }
  }
  EXPECT_GT(options, 100U);
}

}  // namespace
