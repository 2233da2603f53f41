// What the program knows of the terminal: how wide text stands on it, and what may be written to
// it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace suyuan {

// Columns that UTF-8 text takes: two for each wide character (Unicode UAX 11 W and F), none for
// combining marks.
size_t width_of(std::string_view text);
// With blanks to `columns`; unchanged where it is as wide already.
std::string padded(std::string_view text, size_t columns);
// At most `columns` wide, the last one "…" where something was cut.
std::string clipped(std::string_view text, size_t columns);
// Lines of at most `columns`, broken at blanks, and between wide characters, as both scripts allow.
std::vector<std::string> wrapped(std::string_view text, size_t columns);
// Outside text: control characters and marks that turn the direction of writing stand as "?", so
// that nobody's product name drives the terminal.
std::string shown(std::string_view text);

struct View {
  size_t columns = 80;
  bool colour = false;
};
// Of standard output; NO_COLOR is respected.
View view_of_stdout();
bool stderr_is_terminal();

enum class Tone : uint8_t { plain, strong, faint, good, warning };
std::string toned(std::string_view text, Tone tone, const View& view);

// A line that is written over on standard error, where that is a terminal; else nothing.
class ProgressBar {
 public:
  ProgressBar(std::string_view label, size_t total);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  void at(size_t done);
  void clear();

 private:
  std::string label_;
  size_t total_;
  int drawn_ = -1;  // in percent
  bool on_;
};

}  // namespace suyuan
