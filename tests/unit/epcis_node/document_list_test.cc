// docs/epcis_rest.md has a row for every path and parameter of the standard's OpenAPI file.
#include <gtest/gtest.h>

#include "tests/support/vectors.h"

namespace suyuan::http::epcis {
namespace {

namespace json = boost::json;

class DocumentList : public ::testing::Test {
 protected:
  void SetUp() override {
    SUYUAN_SHARED_VECTORS(openapi, "epcis/schema/gs1-epcis/openapi.json");
    openapi_ = openapi;
    document_ = testing::file_text(std::string(SUYUAN_SOURCE_DIR) + "/docs/epcis_rest.md").value();
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
