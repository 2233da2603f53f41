#include "tests/support/line.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <vector>

#include "ledger/base/check.h"

namespace suyuan::test {
namespace {

constexpr int kLookMs = 20;  // how soon a cut, or the end, is noticed
constexpr size_t kPiece = size_t{64} << 10;

sockaddr_in line_end(const std::string& port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<uint16_t>(std::stoul(port)));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}

// Two connections, each of which gets what the other sends.
struct Joined {
  std::array<int, 2> ends = {-1, -1};
  ~Joined() {
    for (const int end : ends) ::close(end);
  }
};

// Returns false if one of them is closed.
bool pass_on(int from, int to) {
  std::array<char, kPiece> piece{};
  const ssize_t got = ::recv(from, piece.data(), piece.size(), MSG_DONTWAIT);
  if (got <= 0) return got < 0 && errno == EAGAIN;
  for (ssize_t at = 0; at < got;) {
    const ssize_t sent = ::send(to, piece.data() + at, static_cast<size_t>(got - at), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    at += sent;
  }
  return true;
}

std::unique_ptr<Joined> join(int listener, const std::string& to) {
  auto joined = std::make_unique<Joined>();
  joined->ends[0] = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  joined->ends[1] = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in at = line_end(to.substr(to.rfind(':') + 1));
  if (::connect(joined->ends[1], reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) {
    return nullptr;
  }
  return joined;
}

}  // namespace

Line::Line(std::string to) : to_(std::move(to)) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at = line_end("0");
  socklen_t size = sizeof at;
  SUYUAN_CHECK(::bind(listener, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  SUYUAN_CHECK(::listen(listener, 64) == 0);
  SUYUAN_CHECK(::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size) == 0);
  address_ = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
  thread_ = std::thread([this, listener] { run(listener); });
}

Line::~Line() {
  is_over_ = true;
  thread_.join();
}

void Line::run(int listener) {
  std::vector<std::unique_ptr<Joined>> all;
  while (!is_over_) {
    if (is_cut_) {
      ::poll(nullptr, 0, kLookMs);
      continue;
    }
    std::vector<pollfd> looked = {{.fd = listener, .events = POLLIN, .revents = 0}};
    for (const auto& one : all) {
      for (const int end : one->ends) looked.push_back({.fd = end, .events = POLLIN, .revents = 0});
    }
    ::poll(looked.data(), looked.size(), kLookMs);
    for (size_t i = 0; i < all.size(); ++i) {
      auto& ends = all[i]->ends;
      const bool first = looked[1 + 2 * i].revents == 0 || pass_on(ends[0], ends[1]);
      const bool second = looked[2 + 2 * i].revents == 0 || pass_on(ends[1], ends[0]);
      if (!first || !second) all[i] = nullptr;
    }
    std::erase(all, nullptr);
    if (looked[0].revents != 0) {
      if (auto joined = join(listener, to_)) all.push_back(std::move(joined));
    }
  }
  ::close(listener);
}

}  // namespace suyuan::test
