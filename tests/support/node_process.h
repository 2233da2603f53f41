// A suyuan-node as a separate process, for tests of its death.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace suyuan::test {

// Options of a node that a test loads as fast as it can, by one party.
inline const std::vector<std::string> kWithoutLimits = {"--party-posts", "0", "--party-mib", "0"};

class NodeProcess {
 public:
  // Starts `program` serve on free ports over `data`, appends its log to data/log, and waits until
  // it listens. `before` precedes the command line (a tracer, or env); `after` follows it. The
  // process does not outlive the thread that starts it.
  NodeProcess(const std::string& program, const std::string& data,
              std::vector<std::string> before = {}, const std::vector<std::string>& after = {});
  ~NodeProcess();  // SIGKILL, if it still runs
  NodeProcess(const NodeProcess&) = delete;
  NodeProcess& operator=(const NodeProcess&) = delete;

  pid_t pid() const;  // of the node itself
  std::string rpc_address() const { return "127.0.0.1:" + std::to_string(rpc_port_); }
  uint16_t http_port() const { return http_port_; }
  // Sends the signal, waits for the end, and returns the status of waitpid(2).
  int end(int signal);
  // Waits until the process ends by itself, and returns the status of waitpid(2).
  int wait();

 private:
  const bool started_by_another_;
  pid_t pid_ = -1;  // of the node, or of its tracer
  uint16_t rpc_port_ = 0;
  uint16_t http_port_ = 0;
};

// Runs a program to its end. Returns its exit code, or -1 if a signal ended it.
int run_program(const std::vector<std::string>& command);

}  // namespace suyuan::test
