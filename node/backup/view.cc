#include "node/backup/view.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "ledger/base/text.h"
#include "ledger/os/folders.h"

namespace suyuan {
namespace {

constexpr std::string_view kAsk = "link\n";
constexpr std::string_view kErased = "erased ";
constexpr std::string_view kLinked = "linked\n";
constexpr std::string_view kFailed = "failed ";
constexpr std::string_view kBusy = "busy ";
constexpr size_t kAnswerBytesMax = 4096;
constexpr int kAskTimeMs = 5000;  // for the question, after the connection

Unexpected<Error> socket_error(std::string_view what, const std::string& path) {
  return fail(Code::IO, std::string(what) + " " + path + ": " + std::strerror(errno));
}

// A socket's path has at most 107 bytes, but a data folder's path may be longer. So the folder is
// named by its descriptor.
struct SocketPlace {
  int folder = -1;
  sockaddr_un address{};
  explicit SocketPlace(const std::string& data)
      : folder(::open(data.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    address.sun_family = AF_UNIX;
    const std::string path = "/proc/self/fd/" + std::to_string(folder) + std::string(kBackupSocket);
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  }
  ~SocketPlace() {
    if (folder >= 0) ::close(folder);
  }
  SocketPlace(const SocketPlace&) = delete;
  SocketPlace& operator=(const SocketPlace&) = delete;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

// Whoever may read the data folder may ask: its owner, and root.
bool may_ask(int peer) {
  ucred who{};
  socklen_t size = sizeof(who);
  return ::getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 &&
         (who.uid == ::geteuid() || who.uid == 0);
}

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// Reads up to a line feed; returns nullopt if the peer closes before it.
std::optional<std::string> receive_line(int fd) {
  std::string line;
  char byte = 0;
  while (line.size() < kAnswerBytesMax) {
    const ssize_t n = ::recv(fd, &byte, 1, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    line.push_back(byte);
    if (byte == '\n') return line;
  }
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<BackupView>> BackupView::listen(const std::string& data, Link link,
                                                       Erased erased) {
  SUYUAN_TRY_DONE(remove_folder(data + std::string(kBackupView)));
  const std::string path = data + std::string(kBackupSocket);
  ::unlink(path.c_str());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const SocketPlace place(data);
  if (fd < 0 || ::bind(fd, place.get(), sizeof(place.address)) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(fd, 1) != 0) {
    auto failed = socket_error("cannot listen on", path);
    if (fd >= 0) ::close(fd);
    return failed;
  }
  const int stopping = ::eventfd(0, EFD_CLOEXEC);
  SUYUAN_CHECK(stopping >= 0);
  return std::unique_ptr<BackupView>(new BackupView(data, std::move(link),
                                                    std::move(erased), fd, stopping));
}

BackupView::BackupView(std::string data, Link link, Erased erased, int listening, int stopping)
    : data_(std::move(data)),
      link_(std::move(link)),
      erased_(std::move(erased)),
      listening_(listening),
      stopping_(stopping) {
  thread_ = std::thread([this] { run(); });
}

BackupView::~BackupView() {
  ::eventfd_write(stopping_, 1);
  thread_.join();
  ::unlink((data_ + std::string(kBackupSocket)).c_str());
  ::close(listening_);
  ::close(stopping_);
}

bool BackupView::wait_for(int fd) const {
  pollfd both[] = {{.fd = stopping_, .events = POLLIN, .revents = 0},
                   {.fd = fd, .events = POLLIN, .revents = 0}};
  while (::poll(both, 2, -1) < 0 && errno == EINTR) {
  }
  return both[0].revents == 0;
}

void BackupView::run() const {
  while (wait_for(listening_)) {
    const int peer = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0) continue;
    if (may_ask(peer)) serve(peer);
    ::close(peer);
  }
}

void BackupView::serve(int peer) const {
  const timeval patience{.tv_sec = kAskTimeMs / 1000, .tv_usec = 0};
  ::setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  if (receive_line(peer) != kAsk) return;
  const std::string folder = data_ + std::string(kBackupView);
  auto linked = make_folder(folder);
  if (linked) linked = link_(folder);
  if (!linked) spdlog::error("no backup could be made: {}", to_text(linked.error()));
  std::string answer(kLinked);
  if (!linked) {
    answer = linked.error().code == Code::BUSY ? kBusy : kFailed;
    answer += linked.error().message + "\n";
  }
  const bool told = send_all(peer, answer);
  if (linked && told) answer_of_erased(peer);
  if (const auto removed = remove_folder(folder); !removed) {
    spdlog::error("the links that a backup was made from remain: {}", to_text(removed.error()));
  }
}

// Answers until the peer closes, or we stop.
void BackupView::answer_of_erased(int peer) const {
  while (wait_for(peer)) {
    const auto line = receive_line(peer);
    if (!line || !line->starts_with(kErased)) return;
    const std::string_view number = std::string_view(*line).substr(kErased.size());
    const auto leaves = from_decimal(number.substr(0, number.size() - 1));
    if (!leaves) return;
    const auto count = erased_(*leaves);
    if (!count || !send_all(peer, std::to_string(*count) + "\n")) return;
  }
}

Result<std::unique_ptr<AskedView>> AskedView::ask(const std::string& data) {
  const std::string path = data + std::string(kBackupSocket);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return socket_error("cannot make a socket for", path);
  std::unique_ptr<AskedView> view(new AskedView(fd));
  const SocketPlace place(data);
  if (::connect(fd, place.get(), sizeof(place.address)) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return std::unique_ptr<AskedView>();
    return socket_error("cannot ask the node at", path);
  }
  if (!send_all(fd, kAsk)) return socket_error("cannot ask the node at", path);
  const auto answer = receive_line(fd);
  if (!answer) return fail(Code::IO, "the node at " + path + " ended before it answered");
  if (*answer == kLinked) return view;
  if (answer->starts_with(kBusy)) return fail(Code::BUSY, answer->substr(kBusy.size()));
  const bool told = answer->starts_with(kFailed);
  return fail(Code::IO, "the node at " + path + " could not link its files: " +
                            answer->substr(told ? kFailed.size() : 0));
}

Result<uint64_t> AskedView::erased_since(uint64_t leaves) const {
  const bool asked = send_all(fd_, std::string(kErased) + std::to_string(leaves) + "\n");
  const auto line = asked ? receive_line(fd_) : std::nullopt;
  const auto count = line ? from_decimal(line->substr(0, line->size() - 1)) : std::nullopt;
  if (count) return *count;
  return fail(Code::IO, "the node ended, or did not say what was erased during the backup: "
                        "make it again");
}

// When the node closes its side, it has removed its links.
AskedView::~AskedView() {
  ::shutdown(fd_, SHUT_WR);
  pollfd ended{.fd = fd_, .events = POLLIN, .revents = 0};
  while (::poll(&ended, 1, kAskTimeMs) < 0 && errno == EINTR) {
  }
  ::close(fd_);
}

}  // namespace suyuan
