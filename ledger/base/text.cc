#include "ledger/base/text.h"

#include <array>
#include <cstring>

#include "ledger/base/control.h"

namespace suyuan {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> inverse(std::string_view alphabet) {
  std::array<int8_t, 256> table{};
  for (auto& entry : table) entry = -1;
  for (size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<uint8_t>(alphabet[i])] = static_cast<int8_t>(i);
  }
  return table;
}
constexpr auto kHexValue = inverse(kHexDigits);
constexpr auto kBase64Value = inverse(kBase64);

int value_of(const std::array<int8_t, 256>& table, char c) {
  return table[static_cast<uint8_t>(c)];
}

// Days since 1970-01-01 of a Gregorian date, and back: Howard Hinnant, "chrono-compatible
// low-level date algorithms".
int64_t days_from_civil(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

struct Date {
  int64_t year, month, day;
};

Date civil_from_days(int64_t days) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int64_t month = shifted_month + (shifted_month < 10 ? 3 : -9);
  return {.year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
          .month = month,
          .day = day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

int64_t days_in_month(int64_t year, int64_t month) {
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr std::array<int64_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap ? 29 : kDays[static_cast<size_t>(month - 1)];
}

// Reads exactly `count` digits at the beginning of `text`.
bool take_digits(std::string_view& text, size_t count, int64_t& value) {
  if (text.size() < count) return false;
  value = 0;
  for (size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_fraction(std::string_view& text, int64_t& ms) {
  ms = 0;
  if (!take(text, '.')) return true;
  size_t digits = 0;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
    if (++digits > 9) return false;
    if (digits <= 3) ms = ms * 10 + (text.front() - '0');
  }
  for (size_t i = digits; i < 3; ++i) ms *= 10;
  return digits > 0;
}

bool take_offset(std::string_view& text, int64_t& minutes) {
  minutes = 0;
  if (take(text, 'Z')) return true;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
  const bool west = text.front() == '-';
  text.remove_prefix(1);
  int64_t hour = 0;
  int64_t minute = 0;
  if (!take_digits(text, 2, hour) || !take(text, ':') || !take_digits(text, 2, minute)) {
    return false;
  }
  if (minute > 59 || hour * 60 + minute > 14 * 60) return false;
  minutes = (west ? -1 : 1) * (hour * 60 + minute);
  return true;
}

void put_padded(std::string& out, int64_t value, size_t width) {
  const std::string digits = std::to_string(value);
  out.append(width > digits.size() ? width - digits.size() : 0, '0');
  out += digits;
}

// No byte of the eight has its high bit set, and none is NUL.
bool is_ascii_word(const char* bytes) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighs = 0x8080808080808080;
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  // Exact if no high bit is set, which is checked too.
  return ((word | (word - kOnes)) & kHighs) == 0;
}

}  // namespace

std::string to_hex(BytesView bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    text.push_back(kHexDigits[byte >> 4]);
    text.push_back(kHexDigits[byte & 15]);
  }
  return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = value_of(kHexValue, text[i]);
    const int low = value_of(kHexValue, text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

std::string to_base64(BytesView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0U);
    }
    for (size_t k = 0; k < 4; ++k) {
      const bool padding = i + k > bytes.size();
      text.push_back(padding ? '=' : kBase64[group >> (18 - 6 * k) & 63]);
    }
  }
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  Bytes bytes(text.size() / 4 * 3, '\0');
  char* to = bytes.data();
  for (size_t i = 0; i < text.size(); i += 4) {
    const size_t letters = i + 4 == text.size() ? 4 - padding : 4;
    uint32_t group = 0;
    for (size_t k = 0; k < 4; ++k) {
      const int value = k < letters ? value_of(kBase64Value, text[i + k]) : 0;
      if (value < 0) return std::nullopt;
      group = group << 6 | static_cast<uint32_t>(value);
    }
    for (size_t k = 0; k < 3; ++k) *to++ = static_cast<char>(group >> (16 - 8 * k) & 0xFF);
    // Bits cut off by the padding must be zero; else a second text would mean the same bytes.
    const uint32_t cut_bits = (uint32_t{1} << (8 * (4 - letters))) - 1;
    if ((group & cut_bits) != 0) return std::nullopt;
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

std::optional<uint64_t> from_decimal(std::string_view text) {
  if (text.empty() || text.size() > 19) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return value;
}

bool is_clean_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    // Eight ASCII characters at once: the usual case in signed text.
    while (text.size() - i >= 8 && is_ascii_word(text.data() + i)) i += 8;
    if (i == text.size()) break;
    const auto lead = static_cast<uint8_t>(text[i]);
    size_t more = 0;
    uint32_t point = lead;
    uint32_t smallest = 1;  // Also refuses NUL.
    if (lead >= 0xF0 && lead <= 0xF4) {
      more = 3;
      point = lead & 0x07U;
      smallest = 0x10000;
    } else if (lead >= 0xE0 && lead < 0xF0) {
      more = 2;
      point = lead & 0x0FU;
      smallest = 0x800;
    } else if (lead >= 0xC2 && lead < 0xE0) {
      more = 1;
      point = lead & 0x1FU;
      smallest = 0x80;
    } else if (lead >= 0x80) {
      return false;
    }
    if (text.size() - i <= more) return false;
    for (size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<uint8_t>(text[i + k]);
      if ((next & 0xC0U) != 0x80) return false;
      point = point << 6 | (next & 0x3FU);
    }
    if (point < smallest || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    i += more + 1;
  }
  return true;
}

bool is_ascii_graphic(std::string_view text) {
  for (const char c : text) {
    if (c < 0x21 || c > 0x7E) return false;
  }
  return !text.empty();
}

std::string quoted(std::string_view text) {
  constexpr size_t kShownMax = 64;
  std::string shown(text.substr(0, kShownMax));
  if (text.size() > kShownMax) {
    // Cuts between characters: continuation bytes belong to the character that is cut.
    size_t end = kShownMax;
    while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0U) == 0x80) --end;
    shown.resize(end);
  }
  // A text with a multi-byte control character (C1, bidirectional) loses everything that is not
  // ASCII: it does not deserve an exact copy.
  const bool clean = is_clean_utf8(shown) && control_fault(shown).empty();
  for (char& c : shown) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte < 0x20 || byte == 0x7F || (byte >= 0x80 && !clean)) c = '?';
  }
  return '"' + shown + (text.size() > kShownMax ? "...\"" : "\"");
}

std::optional<Moment> from_rfc3339(std::string_view text) {
  int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0, offset = 0;
  const bool shaped = take_digits(text, 4, year) && take(text, '-') &&
                      take_digits(text, 2, month) && take(text, '-') &&
                      take_digits(text, 2, day) && take(text, 'T') &&
                      take_digits(text, 2, hour) && take(text, ':') &&
                      take_digits(text, 2, minute) && take(text, ':') &&
                      take_digits(text, 2, second) && take_fraction(text, ms) &&
                      take_offset(text, offset) && text.empty();
  if (!shaped || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
    return std::nullopt;
  }
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const int64_t seconds =
      ((days_from_civil(year, month, day) * 24 + hour) * 60 + minute - offset) * 60 + second;
  return Moment{.ms = seconds * 1000 + ms, .offset_minutes = static_cast<int16_t>(offset)};
}

std::string to_rfc3339(Moment moment) {
  // Seconds before the offset is applied, so that no sum overflows 64 bits for any milliseconds.
  const int64_t ms = ((moment.ms % 1000) + 1000) % 1000;
  const int64_t utc_seconds = moment.ms / 1000 - (moment.ms % 1000 < 0 ? 1 : 0);
  const int64_t seconds = utc_seconds + int64_t{moment.offset_minutes} * 60;
  const int64_t of_day = ((seconds % 86400) + 86400) % 86400;
  const Date date = civil_from_days((seconds - of_day) / 86400);
  std::string text;
  put_padded(text, date.year, 4);
  text += '-';
  put_padded(text, date.month, 2);
  text += '-';
  put_padded(text, date.day, 2);
  text += 'T';
  put_padded(text, of_day / 3600, 2);
  text += ':';
  put_padded(text, of_day / 60 % 60, 2);
  text += ':';
  put_padded(text, of_day % 60, 2);
  if (ms != 0) {
    text += '.';
    put_padded(text, ms, 3);
  }
  if (moment.offset_minutes == 0) return text + "Z";
  const int64_t offset = moment.offset_minutes < 0 ? -moment.offset_minutes : moment.offset_minutes;
  text += moment.offset_minutes < 0 ? '-' : '+';
  put_padded(text, offset / 60, 2);
  text += ':';
  put_padded(text, offset % 60, 2);
  return text;
}

std::string quote(std::string_view text) {
  constexpr size_t kShownMax = 64;
  std::string out = "'";
  for (const char c : text.substr(0, kShownMax)) {
    if (c >= 0x20 && c <= 0x7E) {
      out.push_back(c);
    } else {
      out.append("\\x").append(to_hex({&c, 1}));
    }
  }
  return out.append(text.size() > kShownMax ? "...'" : "'");
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace suyuan
