// docs/epcis_paths.md has a row for every path and parameter of the standard's OpenAPI file, and
// the tests that it names exist.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/vectors.h"

namespace suyuan::http::epcis {
namespace {

namespace json = boost::json;

class DocumentList : public ::testing::Test {
 protected:
  void SetUp() override {
    SUYUAN_SHARED_VECTORS(openapi, "epcis/schema/gs1-epcis/openapi.json");
    openapi_ = openapi;
    document_ = testing::file_text(std::string(SUYUAN_SOURCE_DIR) + "/docs/epcis_paths.md").value();
  }
  void has_row(const std::string& what) {
    const size_t at = document_.find("| `" + what + "`");
    ASSERT_NE(at, std::string::npos) << what;
    const std::string line = document_.substr(at, document_.find('\n', at) - at);
    const bool done = line.find("| done") != std::string::npos;
    const bool refused = line.find("| refused") != std::string::npos;
    EXPECT_NE(done, refused) << line;
  }
  json::value openapi_;
  std::string document_;
};

std::string test_sources() {
  std::string all;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(SUYUAN_SOURCE_DIR "/tests")) {
    if (entry.path().extension() == ".cc")
      all += testing::file_text(entry.path().string()).value();
  }
  return all;
}

// As `Suite.Name` in a row that says done.
TEST(DocumentListOfTests, NamesNoTestThatIsAbsent) {
  const std::string sources = test_sources();
  const auto document =
      testing::file_text(std::string(SUYUAN_SOURCE_DIR) + "/docs/epcis_paths.md").value();
  size_t named = 0;
  for (const std::string_view line : split(document, '\n')) {
    const size_t done = line.find("| done");
    if (!line.starts_with("| `") || done == std::string_view::npos) continue;
    const auto parts = split(line.substr(done), '`');  // those at odd places are in backticks
    for (size_t i = 1; i < parts.size(); i += 2) {
      const size_t dot = parts[i].find('.');
      if (dot == std::string_view::npos) continue;
      const std::string test = "(" + std::string(parts[i].substr(0, dot)) + ", " +
                               std::string(parts[i].substr(dot + 1)) + ")";
      EXPECT_NE(sources.find(test), std::string::npos) << line;
      ++named;
    }
  }
  EXPECT_GT(named, 0U);
}

TEST_F(DocumentList, NamesEveryPath) {
  for (const auto& [path, about] : openapi_.at("paths").as_object()) {
    for (const auto& [method, operation] : about.as_object()) {
      std::string word(method);
      if (word != "get" && word != "post" && word != "delete" && word != "options") continue;
      for (char& c : word) c = static_cast<char>(c - 'a' + 'A');
      has_row(word + " " + std::string(path));
    }
  }
}

TEST_F(DocumentList, NamesEveryParameter) {
  for (const auto& [name, about] : openapi_.at("components").at("parameters").as_object())
    has_row(std::string(about.at("name").as_string()));
}

}  // namespace
}  // namespace suyuan::http::epcis
