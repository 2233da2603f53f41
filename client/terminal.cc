#include "client/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "client/look_alike.h"

namespace suyuan {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};
constexpr Range kNoWidth[] = {
    {0x0300, 0x036F}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2064},
    {0x2066, 0x2069}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
};
// Characters that must not begin a line.
constexpr std::u32string_view kClosing = U",.;:!?)]}%，。、；：！？）】》」』”’…";
// Invisible or bidirectional characters. Variation selectors (FE00 to FE0F) stay, because Chinese
// names use them.
constexpr Range kHidden[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C},
    {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},
    {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB},
    {0xE0000, 0xE0FFF},
};
// Alphabets with letters that look like each other's.
constexpr Range kLatin[] = {{U'A', U'Z'}, {U'a', U'z'}, {0x00C0, 0x024F}, {0x1E00, 0x1EFF}};
constexpr Range kLikeLatin[] = {
    {0x0370, 0x03FF},    // Greek
    {0x0400, 0x052F},    // Cyrillic
    {0x0530, 0x058F},    // Armenian
    {0x13A0, 0x13FF},    // Cherokee
    {0x1C80, 0x1C8F},    // Cyrillic
    {0x2100, 0x214F},    // letter-like symbols
    {0xAB30, 0xABBF},    // Latin and Cherokee, further letters
    {0xFF21, 0xFF5A},    // full-width forms
    {0x1D400, 0x1D7FF},  // mathematical letters
};

template <size_t N>
bool within(const Range (&ranges)[N], char32_t c) {
  return std::any_of(ranges, ranges + N,
                     [c](const Range& range) { return range.first <= c && c <= range.last; });
}

size_t columns_of(char32_t c) {
  if (within(kNoWidth, c)) return 0;
  return within(kWide, c) ? 2 : 1;
}

struct Character {
  char32_t value = 0;
  std::string_view bytes;
};

// Returns the first character. A byte that begins none counts as one, shown as U+FFFD.
Character first_of(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const size_t size = lead < 0x80       ? 1
                      : lead >> 5 == 6  ? 2
                      : lead >> 4 == 14 ? 3
                      : lead >> 3 == 30 ? 4
                                        : 0;
  if (size == 0 || size > text.size()) return {0xFFFD, text.substr(0, 1)};
  char32_t value = size == 1 ? lead : lead & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if (next >> 6 != 2) return {0xFFFD, text.substr(0, 1)};
    value = value << 6 | (next & 0x3FU);
  }
  return {value, text.substr(0, size)};
}

bool is_closing(char32_t c) { return kClosing.find(c) != std::u32string_view::npos; }

// Returns what must stay on one line: a word or one wide character with its closing punctuation; or
// one blank.
std::string_view next_piece(std::string_view text) {
  Character c = first_of(text);
  size_t size = c.bytes.size();
  if (c.value == U' ') return text.substr(0, size);
  bool wide = columns_of(c.value) == 2;
  while (size < text.size()) {
    c = first_of(text.substr(size));
    const bool joins = is_closing(c.value) || (!wide && columns_of(c.value) < 2);
    if (c.value == U' ' || !joins) break;
    wide = wide || columns_of(c.value) == 2;
    size += c.bytes.size();
  }
  return text.substr(0, size);
}

std::string_view start_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::strong:
      return "\x1b[1m";
    case Tone::faint:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::warning:
      return "\x1b[33m";
  }
  return "";
}

}  // namespace

size_t width_of(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Character c = first_of(text);
    width += columns_of(c.value);
    text.remove_prefix(c.bytes.size());
  }
  return width;
}

std::string padded(std::string_view text, size_t columns) {
  std::string out(text);
  const size_t width = width_of(text);
  if (width < columns) out.append(columns - width, ' ');
  return out;
}

std::string clipped(std::string_view text, size_t columns) {
  if (width_of(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::string out;
  size_t width = 0;
  while (!text.empty()) {
    const Character c = first_of(text);
    width += columns_of(c.value);
    if (width + 1 > columns) break;
    out += c.bytes;
    text.remove_prefix(c.bytes.size());
  }
  return out + "…";
}

std::vector<std::string> wrapped(std::string_view text, size_t columns) {
  std::vector<std::string> lines(1);
  size_t width = 0;
  const auto new_line = [&] {
    while (lines.back().ends_with(' ')) lines.back().pop_back();
    lines.emplace_back();
    width = 0;
  };
  while (!text.empty()) {
    std::string_view piece = next_piece(text);
    text.remove_prefix(piece.size());
    if (width > 0 && width + width_of(piece) > columns) new_line();
    if (width == 0 && piece == " ") continue;
    while (width + width_of(piece) > columns && columns >= 2) {  // wider than a whole line
      const Character c = first_of(piece);
      if (width + columns_of(c.value) > columns) new_line();
      lines.back() += c.bytes;
      width += columns_of(c.value);
      piece.remove_prefix(c.bytes.size());
    }
    lines.back() += piece;
    width += width_of(piece);
  }
  while (lines.back().ends_with(' ')) lines.back().pop_back();
  return lines;
}

std::string shown(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character c = first_of(text);
    if (within(kHidden, c.value)) {
      out += '?';
    } else if (c.value == 0xFFFD) {
      out += "\xEF\xBF\xBD";
    } else {
      out += c.bytes;
    }
    text.remove_prefix(c.bytes.size());
  }
  return out;
}

bool mixes_alphabets(std::string_view text) {
  bool latin = false;
  bool like_latin = false;
  while (!text.empty()) {
    const Character c = first_of(text);
    if (c.value == U' ') latin = like_latin = false;  // each word is judged on its own
    latin = latin || within(kLatin, c.value);
    like_latin = like_latin || within(kLikeLatin, c.value);
    if (latin && like_latin) return true;
    text.remove_prefix(c.bytes.size());
  }
  return false;
}

View view_of_stdout() {
  constexpr size_t kColumnsMax = 120;  // longer lines are hard to read
  constexpr size_t kColumnsMin = 60;
  View view;
  if (isatty(STDOUT_FILENO) == 0) return {.columns = 100, .colour = false};
  view.colour = std::getenv("NO_COLOR") == nullptr;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) view.columns = size.ws_col;
  view.columns = std::clamp(view.columns, kColumnsMin, kColumnsMax);
  return view;
}

bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }

std::string toned(std::string_view text, Tone tone, const View& view) {
  if (!view.colour || tone == Tone::plain || text.empty()) return std::string(text);
  return std::string(start_of(tone)) + std::string(text) + "\x1b[0m";
}

ProgressBar::ProgressBar(std::string_view label, size_t total)
    : label_(label), total_(total), on_(stderr_is_terminal() && total > 0) {
  at(0);
}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::at(size_t done) {
  constexpr size_t kCells = 30;
  if (!on_) return;
  const auto percent = static_cast<int>(std::min(done, total_) * 100 / total_);
  if (percent == drawn_) return;
  drawn_ = percent;
  const size_t full = static_cast<size_t>(percent) * kCells / 100;
  std::string bar;
  for (size_t i = 0; i < kCells; ++i) bar += i < full ? "█" : "░";
  std::fprintf(stderr, "\r%s %s %3d %%  %zu/%zu", label_.c_str(), bar.c_str(), percent, done,
               total_);
  std::fflush(stderr);
}

void ProgressBar::clear() {
  if (!on_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = -1;
}

}  // namespace suyuan
