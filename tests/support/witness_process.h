// A witness as a separate process, for tests of its death: a fork of the test that serves the
// folder, made while the test has no other thread.
#pragma once

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>

#include "client/witness/server.h"
#include "tests/support/free_port.h"

namespace suyuan::testing {

class WitnessProcess {
 public:
  explicit WitnessProcess(const std::string& folder, uint16_t port = test::free_port()) {
    int ends[2] = {-1, -1};
    SUYUAN_CHECK(::pipe(ends) == 0);
    pid_ = ::fork();
    SUYUAN_CHECK(pid_ >= 0);
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // ends with the test, however the test ends
      ::close(ends[0]);
      ::_exit(serve(folder, port, ends[1]));
    }
    ::close(ends[1]);
    // End of file on the pipe instead of a port: it ended before it listened.
    SUYUAN_CHECK(::read(ends[0], &port_, sizeof(port_)) == sizeof(port_));
    ::close(ends[0]);
  }
  ~WitnessProcess() { end(SIGKILL); }
  WitnessProcess(const WitnessProcess&) = delete;
  WitnessProcess& operator=(const WitnessProcess&) = delete;

  uint16_t port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  void end(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  static int serve(const std::string& folder, uint16_t port, int report) {
    const auto desk = WitnessDesk::open(folder);
    if (!desk) return 1;
    const auto now_s = [] {
      return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                       std::chrono::system_clock::now().time_since_epoch())
                                       .count());
    };
    const boost::asio::ip::tcp::endpoint at(boost::asio::ip::address_v4::loopback(), port);
    const auto server = WitnessServer::listen(at, **desk, now_s);
    if (!server) return 2;
    const uint16_t taken = (*server)->port();
    if (::write(report, &taken, sizeof(taken)) != sizeof(taken)) return 3;
    ::close(report);
    (*server)->run();
    return 0;
  }

  pid_t pid_ = -1;
  uint16_t port_ = 0;
};

}  // namespace suyuan::testing
