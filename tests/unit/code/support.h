// What the code tests say in one word: what a sent text becomes, or why it is refused.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "ledger/code/code.h"

namespace suyuan::test {

// The canonical text, or the refusal's name.
inline std::string canonical(std::string_view sent) {
  const auto code = parse_code(sent);
  return code ? code->text() : std::string(info(code.error().code).name);
}

// "OK", or the refusal's message.
inline std::string message(std::string_view sent) {
  const auto code = parse_code(sent);
  return code ? "OK" : code.error().message;
}

// Of two ways to write one code.
inline void expect_same_parts(const ProductCode& a, const ProductCode& b) {
  EXPECT_EQ(a.text(), b.text());
  EXPECT_EQ(a.type(), b.type()) << a.text();
  EXPECT_EQ(a.gtin(), b.gtin()) << a.text();
  EXPECT_EQ(a.lot(), b.lot()) << a.text();
  EXPECT_EQ(a.serial(), b.serial()) << a.text();
  EXPECT_EQ(a.is_physical(), b.is_physical()) << a.text();
  EXPECT_EQ(a.is_document(), b.is_document()) << a.text();
}

template <class T>
std::string outcome(const Result<T>& result) {
  return result ? "OK" : std::string(info(result.error().code).name);
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline constexpr std::string_view kCan = "https://id.gs1.org/01/09521104301011";

}  // namespace suyuan::test
