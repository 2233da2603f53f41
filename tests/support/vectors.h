// Test vectors: our own in tests/vectors, and the shared collection next to the source tree, which
// may be absent.
#pragma once

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "ledger/base/text.h"

namespace suyuan::testing {

inline std::optional<std::string> file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Reads one of our files. Throws if it is missing, which fails the test.
inline boost::json::value own_vectors(const std::string& name) {
  const std::string path = std::string(SUYUAN_SOURCE_DIR) + "/tests/vectors/" + name;
  return boost::json::parse(file_text(path).value());
}

inline std::string shared_path(const std::string& name) {
  const char* folder = std::getenv("SUYUAN_SHARED_DATA");
  const std::string beside = std::string(SUYUAN_SOURCE_DIR) + "/../shared/data";
  return (folder != nullptr ? folder : beside) + "/" + name;
}

inline std::string text_of(const boost::json::value& value) {
  return std::string(std::string_view(value.as_string()));
}
template <class F>
F hex_of(const boost::json::value& value) {
  return fixed_from_hex<F>(text_of(value)).value();
}
template <class F>
F base64_of(const boost::json::value& value) {
  return fixed_from_base64<F>(text_of(value)).value();
}

}  // namespace suyuan::testing

// Defines `variable` as the parsed file, or skips the test if the shared collection is absent.
#define SUYUAN_SHARED_VECTORS(variable, name)                                             \
  const std::string variable##_path = ::suyuan::testing::shared_path(name);               \
  const auto variable##_text = ::suyuan::testing::file_text(variable##_path);             \
  if (!variable##_text) GTEST_SKIP() << variable##_path << " is absent: see SUYUAN_SHARED_DATA"; \
  const boost::json::value variable = boost::json::parse(*variable##_text)
