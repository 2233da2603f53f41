// Check characters: the arithmetic of GS1, GB 32100, ISO 6346, UPU S10 and the GS1 model number.
#include "ledger/code/check_digit.h"

#include <algorithm>

#include "ledger/code/forms.h"

namespace suyuan {
namespace {

Unexpected<Error> wrong_check(std::string_view name, std::string_view number,
                              std::string_view found, std::string_view expected) {
  std::string message(found.size() == 1 ? "check digit of " : "check characters of ");
  message.append(name).append(" ").append(number_words(number));
  message.append(found.size() == 1 ? " is " : " are ").append(number_words(found));
  message.append(", expected ").append(expected).append("; compare it with the label");
  return fail(Code::CODE_CHECK_DIGIT, std::move(message));
}

Unexpected<Error> wrong_form(std::string_view name, std::string_view number,
                             std::string_view form) {
  return fail(Code::CODE_SYNTAX, std::string(name).append(" ").append(number_words(number))
                                     .append(" must be ").append(form));
}

bool all_upper(std::string_view text) { return std::ranges::all_of(text, is_upper); }

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
  if (gln.size() != 13 || !all_digits(gln)) return wrong_form("GLN", gln, "13 digits");
  return check_gs1_number(gln, "GLN");
}

Result<Done> check_uscc(std::string_view code) {
  constexpr std::string_view kName = "unified social credit code";
  constexpr std::string_view kForm = "18 digits and capital letters without I, O, S, V, Z, "
                                     "the 3rd to 8th of them digits";
  if (code.size() != 18 || !all_digits(code.substr(2, 6))) return wrong_form(kName, code, kForm);
  int sum = 0;
  int weight = 1;  // 3^i mod 31
  for (const char c : code.substr(0, 17)) {
    const auto value = kUsccAlphabet.find(c);
    if (value == std::string_view::npos) return wrong_form(kName, code, kForm);
    sum += static_cast<int>(value) * weight;
    weight = weight * 3 % 31;
  }
  const char expected = kUsccAlphabet[static_cast<size_t>((31 - sum % 31) % 31)];
  if (code.back() != expected) return wrong_check(kName, code, code.substr(17), {&expected, 1});
  return Done{};
}

Result<Done> check_iso6346(std::string_view number) {
  constexpr std::string_view kName = "container number";
  if (number.size() != 11 || !all_upper(number.substr(0, 3)) ||
      std::string_view("UJZ").find(number[3]) == std::string_view::npos ||
      !all_digits(number.substr(4))) {
    return wrong_form(kName, number, "3 capital letters, one of U, J, Z, and 7 digits");
  }
  int sum = 0;
  for (size_t i = 0; i < 10; ++i) {
    const int letter = number[i] - 'A';
    // Letters count from 10, leaving out the multiples of 11 (11, 22, 33).
    const int value = i >= 4 ? number[i] - '0'
                             : 10 + letter + (letter >= 1) + (letter >= 11) + (letter >= 21);
    sum += value << i;
  }
  const char expected = static_cast<char>('0' + sum % 11 % 10);
  if (number[10] != expected) return wrong_check(kName, number, number.substr(10), {&expected, 1});
  return Done{};
}

Result<Done> check_s10(std::string_view number) {
  constexpr std::string_view kName = "parcel number";
  if (number.size() != 13 || !all_upper(number.substr(0, 2)) ||
      !all_digits(number.substr(2, 9)) || !all_upper(number.substr(11))) {
    return wrong_form(kName, number, "2 capital letters, 9 digits and a country of 2 letters");
  }
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
