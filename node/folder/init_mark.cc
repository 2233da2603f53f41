#include "node/folder/init_mark.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "ledger/os/files.h"

namespace suyuan {
namespace {

Unexpected<Error> mark_error(const std::string& doing, const std::string& path) {
  return fail(Code::IO, "cannot " + doing + " " + path + ": " + std::strerror(errno));
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

constexpr std::array kMakers = {Maker::init, Maker::join, Maker::restore, Maker::import};
constexpr size_t kMarkTextMax = 256;

std::string command_of(Maker maker) { return "suyuan-node " + std::string(word(maker)); }

std::string mark_text(Maker maker) {
  return command_of(maker) + " makes a ledger here, or was interrupted: run it again.\n";
}

// Returns nullopt for a maker that had not begun, or for another version of this program.
std::optional<Maker> maker_of(std::string_view text) {
  for (const Maker maker : kMakers) {
    if (text == mark_text(maker)) return maker;
  }
  return std::nullopt;
}

// What a power cut in begin() leaves, before anything is made: a prefix of a text, or the file's
// length without its bytes.
bool has_not_begun(std::string_view text) {
  text = text.substr(0, text.find_last_not_of('\0') + 1);
  return std::ranges::any_of(kMakers, [text](Maker maker) {
    const std::string whole = mark_text(maker);
    return text.size() < whole.size() && whole.starts_with(text);
  });
}

}  // namespace

std::string_view word(Maker maker) {
  constexpr std::array<std::string_view, kMakers.size()> kWords = {"init", "join", "restore",
                                                                   "import"};
  return kWords[static_cast<size_t>(maker)];
}

std::string InitMark::path_in(const std::string& data) { return data + "/init.unfinished"; }

std::string InitMark::command_in(const std::string& data) {
  const auto text = read_file(path_in(data), kMarkTextMax);
  const auto maker = text ? maker_of(*text) : std::nullopt;
  return maker ? command_of(*maker) : "suyuan-node init, join, restore or import";
}

Result<InitMark> InitMark::take(const std::string& data, Maker maker) {
  const std::string path = path_in(data);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return mark_error("create", path);
  InitMark mark(path, file, maker);
  struct stat found {};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0 || ::fstat(file, &found) != 0 ||
      found.st_nlink == 0) {  // ended by another init between open and lock
    return fail(Code::IO, "another command of suyuan-node is making a ledger in " + data);
  }
  SUYUAN_TRY(text, read_file(path, kMarkTextMax));
  const auto before = maker_of(text);
  if (before != maker && !has_not_begun(text)) {
    return fail(Code::INVALID_FIELD,
                (before ? command_of(*before) : "another version of suyuan-node") +
                    " was interrupted in " + data + ", and only that version knows what it made "
                    "there: run that again, or choose another folder",
                "data");
  }
  mark.interrupted_ = before.has_value();
  return mark;
}

InitMark::InitMark(InitMark&& other) noexcept
    : path_(std::move(other.path_)),
      file_(std::exchange(other.file_, -1)),
      maker_(other.maker_),
      interrupted_(other.interrupted_) {}

InitMark::~InitMark() {
  if (file_ >= 0) ::close(file_);
}

Result<Done> InitMark::begin() {
  const std::string text = mark_text(maker_);
  // After an interruption the text is there, possibly with something that was made.
  const bool written =
      interrupted_ ||
      (::ftruncate(file_, 0) == 0 &&
       ::pwrite(file_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  if (!written || ::fsync(file_) != 0) {
    return mark_error("write", path_);
  }
  return sync_folder(folder_of(path_));
}

Result<Done> InitMark::remove() {
  if (::unlink(path_.c_str()) != 0) return mark_error("remove", path_);
  return sync_folder(folder_of(path_));
}

}  // namespace suyuan
