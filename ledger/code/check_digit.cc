// Check characters: the arithmetic of GS1, GB 32100, ISO 6346, UPU S10 and the GS1 model number.
#include "ledger/code/check_digit.h"

#include <algorithm>

#include "ledger/code/forms.h"

namespace suyuan {
namespace {

// `found` is a part of `number`.
Unexpected<Error> wrong_check(std::string_view name, std::string_view number,
                              std::string_view found, std::string_view expected) {
  const auto place = static_cast<size_t>(found.data() - number.data()) + 1;
  const bool one = found.size() == 1;
  std::string message(!one                     ? "check characters of "
                      : is_digit(expected[0]) ? "check digit of "
                                              : "check character of ");
  message.append(name).append(" ").append(number_words(number));
  message.append(one ? " (place " : " (from place ").append(std::to_string(place)).append(")");
  message.append(one ? " is " : " are ").append(number_words(found));
  message.append(", expected ").append(expected).append("; compare it with the label");
  return fail(Code::CODE_CHECK_DIGIT, std::move(message));
}

Unexpected<Error> wrong_form(std::string_view name, std::string_view number,
                             std::string_view form) {
  return fail(Code::CODE_SYNTAX, std::string(name).append(" ").append(number_words(number))
                                     .append(" must be ").append(form));
}

// Returns the first character that is not allowed at its position, or that the length is wrong.
// `pattern` has A for a capital letter, 9 for a digit, C for a category of ISO 6346.
Result<Done> check_pattern(std::string_view name, std::string_view number,
                           std::string_view pattern) {
  for (size_t i = 0; i < std::min(pattern.size(), number.size()); ++i) {
    const char c = number[i];
    const bool good = pattern[i] == '9'   ? is_digit(c)
                      : pattern[i] == 'A' ? is_upper(c)
                                          : c == 'U' || c == 'J' || c == 'Z';
    if (good) continue;
    const std::string_view expected = pattern[i] == '9'   ? "a digit"
                                      : pattern[i] == 'A' ? "a capital letter"
                                                          : "one of U, J, Z";
    return fail(Code::CODE_SYNTAX, std::string(name)
                                       .append(" ").append(number_words(number))
                                       .append(" has ").append(quote(number.substr(i, 1)))
                                       .append(" at place ").append(std::to_string(i + 1))
                                       .append(", expected ").append(expected));
  }
  if (number.size() == pattern.size()) return Done{};
  return fail(Code::CODE_SYNTAX, std::string(name)
                                     .append(" ").append(number_words(number))
                                     .append(" has ").append(std::to_string(number.size()))
                                     .append(" characters, expected ")
                                     .append(std::to_string(pattern.size())));
}

// GB 32100-2015 table 2: no I, O, S, V, Z. The position is the character's value.
constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

// GS1 General Specifications character set 82: the position is the character's value.
constexpr std::string_view kCset82 =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kCset32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

}  // namespace

char gs1_check_digit(std::string_view data) {
  int sum = 0;
  int weight = 3;
  for (auto digit = data.rbegin(); digit != data.rend(); ++digit) {
    sum += (*digit - '0') * weight;
    weight = 4 - weight;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

Result<Done> check_gs1_number(std::string_view number, std::string_view name) {
  if (number.size() < 2 || !all_digits(number)) return wrong_form(name, number, "digits only");
  const char expected = gs1_check_digit(number.substr(0, number.size() - 1));
  if (number.back() != expected) return wrong_check(name, number, number.substr(number.size() - 1),
                                                    {&expected, 1});
  return Done{};
}

Result<Done> check_gln13(std::string_view gln) {
  SUYUAN_TRY_DONE(check_pattern("GLN", gln, "9999999999999"));
  return check_gs1_number(gln, "GLN");
}

Result<Done> check_uscc(std::string_view code) {
  constexpr std::string_view kName = "unified social credit code";
  if (code.size() != 18) return wrong_form(kName, code, "18 characters");
  int sum = 0;
  int weight = 1;  // 3^i mod 31
  for (size_t i = 0; i < 18; ++i) {
    const auto value = kUsccAlphabet.find(code[i]);
    const bool region = i >= 2 && i < 8;
    if (value == std::string_view::npos || (region && !is_digit(code[i]))) {
      return fail(Code::CODE_SYNTAX,
                  std::string(kName).append(" ").append(number_words(code))
                      .append(" has ").append(quote(code.substr(i, 1)))
                      .append(" at place ").append(std::to_string(i + 1))
                      .append(region ? ", expected a digit"
                                     : ", expected a digit or capital letter, not I, O, S, V, Z"));
    }
    if (i == 17) break;
    sum += static_cast<int>(value) * weight;
    weight = weight * 3 % 31;
  }
  const char expected = kUsccAlphabet[static_cast<size_t>((31 - sum % 31) % 31)];
  if (code.back() != expected) return wrong_check(kName, code, code.substr(17), {&expected, 1});
  return Done{};
}

Result<Done> check_iso6346(std::string_view number) {
  constexpr std::string_view kName = "container number";
  SUYUAN_TRY_DONE(check_pattern(kName, number, "AAAC9999999"));
  int sum = 0;
  for (size_t i = 0; i < 10; ++i) {
    const int letter = number[i] - 'A';
    // Letters count from 10, skipping the multiples of 11 (11, 22, 33).
    const int value = i >= 4 ? number[i] - '0'
                             : 10 + letter + (letter >= 1) + (letter >= 11) + (letter >= 21);
    sum += value << i;
  }
  const char expected = static_cast<char>('0' + sum % 11 % 10);
  if (number[10] != expected) return wrong_check(kName, number, number.substr(10), {&expected, 1});
  return Done{};
}

Result<Done> check_imo(std::string_view number) {
  constexpr std::string_view kName = "IMO number";
  SUYUAN_TRY_DONE(check_pattern(kName, number, "9999999"));
  int sum = 0;
  for (int i = 0; i < 6; ++i) sum += (number[static_cast<size_t>(i)] - '0') * (7 - i);
  const char expected = static_cast<char>('0' + sum % 10);
  if (number[6] != expected) return wrong_check(kName, number, number.substr(6), {&expected, 1});
  return Done{};
}

Result<Done> check_s10(std::string_view number) {
  constexpr std::string_view kName = "parcel number";
  SUYUAN_TRY_DONE(check_pattern(kName, number, "AA999999999AA"));
  constexpr int kWeights[] = {8, 6, 4, 2, 3, 5, 9, 7};
  int sum = 0;
  for (size_t i = 0; i < 8; ++i) sum += (number[2 + i] - '0') * kWeights[i];
  const int rest = 11 - sum % 11;
  const char expected = static_cast<char>('0' + (rest == 10 ? 0 : rest == 11 ? 5 : rest));
  if (number[10] != expected) return wrong_check(kName, number, number.substr(10, 1),
                                                 {&expected, 1});
  return Done{};
}

Result<Done> check_gmn(std::string_view number) {
  constexpr std::string_view kName = "GMN";
  constexpr int kPrimes[] = {2,  3,  5,  7,  11, 13, 17, 19, 23, 29, 31, 37,
                             41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83};
  constexpr size_t kBodyMax = std::size(kPrimes);
  if (number.size() < 3 || number.size() > kBodyMax + 2) {
    return wrong_form(kName, number, "3 to 25 characters");
  }
  const auto body = number.substr(0, number.size() - 2);
  int sum = 0;
  for (size_t i = 0; i < body.size(); ++i) {
    const auto value = kCset82.find(body[i]);
    if (value == std::string_view::npos) {
      return wrong_form(kName, number, "of the GS1 character set 82");
    }
    sum += static_cast<int>(value) * kPrimes[body.size() - 1 - i];
  }
  sum %= 1021;
  const char expected[] = {kCset32[static_cast<size_t>(sum / 32)],
                           kCset32[static_cast<size_t>(sum % 32)]};
  const auto found = number.substr(body.size());
  if (found != std::string_view(expected, 2)) {
    return wrong_check(kName, number, found, {expected, 2});
  }
  return Done{};
}

}  // namespace suyuan
