// What the code tests say in one word: what a sent text becomes, or why it is refused.
#pragma once

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
