// A port for a process that is killed and starts again on it, for tests.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <random>
#include <set>

namespace suyuan::test {

// Returns a free port of loopback, below those that the kernel gives to connections and to who asks
// for any port: nobody takes it while the process is away. Never the same twice in one process. One
// thread at a time.
inline uint16_t free_port() {
  constexpr int kFirst = 10240;
  int end = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> end;
  if (end <= kFirst + 1000) end = 65536;  // a machine that gives them all away
  static std::set<uint16_t> given;
  std::random_device random;
  std::uniform_int_distribution<int> any(kFirst, end - 1);
  while (true) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(static_cast<uint16_t>(any(random)));
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool free = ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    ::close(fd);
    const uint16_t port = ntohs(at.sin_port);
    if (free && given.insert(port).second) return port;
  }
}

}  // namespace suyuan::test
