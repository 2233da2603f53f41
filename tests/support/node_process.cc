#include "tests/support/node_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "ledger/base/check.h"

namespace suyuan::test {
namespace {

constexpr auto kStartTime = std::chrono::seconds(60);

pid_t spawn(const std::vector<std::string>& command, const std::string& log) {
  std::vector<char*> argv;
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  SUYUAN_CHECK(pid >= 0);
  if (pid > 0) return pid;
  // Ends with the thread that started it, and so with the test, however the test ends.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  if (!log.empty()) {
    const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(fd, STDOUT_FILENO);
    ::dup2(fd, STDERR_FILENO);
  }
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

}  // namespace

NodeProcess::NodeProcess(const std::string& program, const std::string& data,
                         std::vector<std::string> before, const std::vector<std::string>& after)
    : started_by_another_(!before.empty()) {
  const std::string ports = data + "/ports";
  std::filesystem::remove(ports);
  std::vector<std::string> command = std::move(before);
  command.insert(command.end(), {program, "serve", "--data", data, "--rpc", "127.0.0.1:0", "--http",
                                 "127.0.0.1:0", "--ports-file", ports, "--log-level", "warning"});
  command.insert(command.end(), after.begin(), after.end());
  pid_ = spawn(command, data + "/log");
  const auto give_up = std::chrono::steady_clock::now() + kStartTime;
  std::string name;
  while (http_port_ == 0) {
    SUYUAN_CHECK(std::chrono::steady_clock::now() < give_up);
    std::ifstream file(ports);
    while (file >> name) file >> (name == "rpc" ? rpc_port_ : http_port_);
    if (http_port_ != 0) break;  // it listened; a test that kills it early finds it dead
    siginfo_t ended{};
    const auto options = WEXITED | WNOHANG | WNOWAIT;
    SUYUAN_CHECK(::waitid(P_PID, static_cast<id_t>(pid_), &ended, options) == 0);
    SUYUAN_CHECK(ended.si_pid == 0);  // it ended instead of listening: see data/log
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

NodeProcess::~NodeProcess() {
  if (pid_ > 0) end(SIGKILL);
}

pid_t NodeProcess::pid() const {
  if (!started_by_another_) return pid_;
  // A tracer that started its program blocks signals to itself; the node is its only child. A
  // process that became the node, as with env(1), has no child.
  const std::string first = std::to_string(pid_);
  std::ifstream file("/proc/" + first + "/task/" + first + "/children");
  pid_t child = -1;
  file >> child;
  return child > 0 ? child : pid_;
}

int NodeProcess::end(int signal) {
  ::kill(pid(), signal);
  return wait();
}

int NodeProcess::wait() {
  int status = 0;
  SUYUAN_CHECK(::waitpid(pid_, &status, 0) == pid_);
  pid_ = -1;
  return status;
}

int run_program(const std::vector<std::string>& command) {
  const pid_t pid = spawn(command, "");
  int status = 0;
  SUYUAN_CHECK(::waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace suyuan::test
