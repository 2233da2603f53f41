// Terminal output: how wide text is, and what may be written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace suyuan {

// Returns the columns that UTF-8 text takes: two for each wide character (Unicode UAX 11 W and F),
// none for combining marks.
size_t width_of(std::string_view text);
// Pads with blanks to `columns`; text that is already as wide stays unchanged.
std::string padded(std::string_view text, size_t columns);
// Clips to `columns`; the last one is "…" if something was cut.
std::string clipped(std::string_view text, size_t columns);
// Wraps to lines of at most `columns`, at blanks and between wide characters.
std::vector<std::string> wrapped(std::string_view text, size_t columns);
// Makes outside text safe to print: control characters and bidirectional marks become "?", so that
// a product name cannot control the terminal.
std::string shown(std::string_view text);

struct View {
  size_t columns = 80;
  bool colour = false;
};
// View of standard output. Respects NO_COLOR.
View view_of_stdout();
bool stderr_is_terminal();

enum class Tone : uint8_t { plain, strong, faint, good, warning };
std::string toned(std::string_view text, Tone tone, const View& view);

// A progress line that is overwritten on standard error, if that is a terminal; otherwise nothing.
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
