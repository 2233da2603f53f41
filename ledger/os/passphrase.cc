#include "ledger/os/passphrase.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ledger/os/files.h"

namespace suyuan {
namespace {

// Overwrites in a way that no optimiser removes (this module is below crypto).
void forget(char* bytes, size_t size) { ::explicit_bzero(bytes, size); }
void forget(std::string& text) {
  forget(text.data(), text.size());
  text.clear();
}

// Turns a terminal's echo off, and on again on every way out.
class Silence {
 public:
  explicit Silence(int fd) : fd_(fd), on_(tcgetattr(fd, &before_) == 0) {
    if (!on_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(fd_, TCSAFLUSH, &silent);
  }
  ~Silence() {
    if (on_) tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  int fd_;
  termios before_{};
  bool on_;
};

// Reads byte by byte: what follows the line is somebody else's. Reserves at once, so that growing
// leaves no copy behind.
Result<std::string> read_line(int fd) {
  std::string line;
  line.reserve(kPassphraseBytesMax + 1);
  for (;;) {
    char c = 0;
    const ssize_t got = ::read(fd, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      forget(line);
      return fail(Code::IO, std::string("the passphrase: ") + std::strerror(errno), "passphrase");
    }
    if (got == 0 || c == '\n') return line;
    line += c;
    if (line.size() <= kPassphraseBytesMax) continue;
    forget(line);
    return fail(Code::INVALID_FIELD, "a passphrase has at most 1,024 bytes", "passphrase");
  }
}

Result<std::string> first_line_of(const std::string& path) {
  SUYUAN_TRY(text, read_secret_file(path, kPassphraseBytesMax + 2));
  // Shortened where it is: a short copy would lie in the string object, and stay where it was moved
  // from.
  const size_t end = std::min(text.find('\n'), text.size());
  forget(text.data() + end, text.size() - end);
  text.resize(end);
  return text;
}

Result<std::string> ask_terminal(const std::string& prompt) {
  const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (terminal < 0) {
    return fail(Code::IO,
                "there is no terminal to ask for the passphrase; give --passphrase-file or "
                "--passphrase-fd",
                "passphrase");
  }
  Result<std::string> line = std::string();
  {
    const Silence silence(terminal);
    static_cast<void>(!::write(terminal, prompt.data(), prompt.size()));
    line = read_line(terminal);
    static_cast<void>(!::write(terminal, "\n", 1));
  }
  ::close(terminal);
  return line;
}

}  // namespace

Result<std::string> read_passphrase(const PassphraseSource& source, const std::string& prompt) {
  auto line = !source.file.empty()      ? first_line_of(source.file)
              : source.descriptor >= 0 ? read_line(source.descriptor)
                                       : ask_terminal(prompt);
  if (line && line->empty())
    return fail(Code::INVALID_FIELD, "the passphrase is empty", "passphrase");
  return line;
}

Result<Done> forbid_core_dumps() {
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return fail(Code::IO, std::string("core dumps: ") + std::strerror(errno));
  return Done{};
}

}  // namespace suyuan
