#include "tests/support/etcd_member.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "ledger/base/check.h"
#include "tests/support/free_port.h"

namespace suyuan::test {
namespace {

constexpr auto kMemberStartTime = std::chrono::seconds(30);

sockaddr_in loopback(const std::string& port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(std::stoi(port)));
  return address;
}

bool listens(const std::string& address) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const size_t colon = address.rfind(':');
  sockaddr_in at = loopback(address.substr(colon + 1));
  SUYUAN_CHECK(::inet_pton(AF_INET, address.substr(0, colon).c_str(), &at.sin_addr) == 1);
  const bool open = ::connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
  ::close(fd);
  return open;
}

}  // namespace

bool has_etcd() {
  for (const char* path : {"/usr/bin/etcd", "/usr/local/bin/etcd"}) {
    if (::access(path, X_OK) == 0) return true;
  }
  return false;
}

std::string free_address() { return "127.0.0.1:" + std::to_string(free_port()); }

EtcdMember::EtcdMember(Place place, const std::vector<Place>& cluster)
    : place_(std::move(place)), cluster_(cluster) {
  start();
}

EtcdMember::~EtcdMember() {
  if (pid_ > 0) end(SIGKILL);
}

void EtcdMember::end(int signal) {
  ::kill(pid_, signal);
  int status = 0;
  SUYUAN_CHECK(::waitpid(pid_, &status, 0) == pid_);
  pid_ = -1;
}

void EtcdMember::start() {
  SUYUAN_CHECK(pid_ < 0);
  std::string all;
  for (const Place& one : cluster_) {
    all += (all.empty() ? "" : ",") + one.name + "=http://" + one.peer;
  }
  const std::string client = place_.scheme + "://" + place_.client;
  std::vector<std::string> command = {
      "etcd", "--name", place_.name, "--data-dir", place_.data, "--listen-client-urls",
      client, "--advertise-client-urls", client,
      "--listen-peer-urls", "http://" + place_.peer, "--initial-advertise-peer-urls",
      "http://" + place_.peer, "--initial-cluster", all, "--heartbeat-interval", "50",
      "--election-timeout", "500", "--logger", "zap", "--log-outputs", "stderr"};
  command.insert(command.end(), place_.more.begin(), place_.more.end());
  std::vector<char*> argv;
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const std::string log = place_.data + ".log";
  pid_ = ::fork();
  SUYUAN_CHECK(pid_ >= 0);
  if (pid_ > 0) return;
  if (place_.network >= 0 && ::setns(place_.network, CLONE_NEWNET) != 0) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // ends with the test, however the test ends
  const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(fd, STDOUT_FILENO);
  ::dup2(fd, STDERR_FILENO);
  ::execvp(argv[0], argv.data());
  ::_exit(127);
}

void EtcdMember::pause() { ::kill(pid_, SIGSTOP); }
void EtcdMember::resume() { ::kill(pid_, SIGCONT); }

bool EtcdMember::wait_until_it_listens() {
  const auto give_up = std::chrono::steady_clock::now() + kMemberStartTime;
  while (true) {
    const bool open = listens(place_.client);  // maybe another program does
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != 0) {
      pid_ = -1;
      return false;
    }
    if (open) return true;
    SUYUAN_CHECK(std::chrono::steady_clock::now() < give_up);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

EtcdCluster::EtcdCluster(const std::string& folder, size_t members,
                         const std::vector<std::string>& flags) {
  for (int round = 0; round < 5; ++round) {
    std::vector<EtcdMember::Place> places;
    for (size_t i = 0; i < members; ++i) {
      const std::string name = "m" + std::to_string(round) + std::to_string(i);
      places.push_back({.name = name,
                        .data = folder + "/etcd-" + name,
                        .client = free_address(),
                        .peer = free_address(),
                        .more = flags});
    }
    members_.clear();
    std::filesystem::create_directories(folder);
    for (const auto& place : places) {
      members_.push_back(std::make_unique<EtcdMember>(place, places));
    }
    bool all = true;
    for (auto& one : members_) all = one->wait_until_it_listens() && all;
    if (all) return;
  }
  SUYUAN_CHECK(false);  // five times a port was taken: see the logs in the folder
}

EtcdCluster::EtcdCluster(const std::string& folder, const std::vector<Site>& sites) {
  std::vector<EtcdMember::Place> places;
  for (const Site& site : sites) {
    const std::string name = "m0" + std::to_string(places.size());
    places.push_back({.name = name,
                      .data = folder + "/etcd-" + name,
                      .client = site.host + ":2379",
                      .peer = site.host + ":2380",
                      .network = site.network});
  }
  for (const auto& place : places) {
    members_.push_back(std::make_unique<EtcdMember>(place, places));
  }
  for (auto& one : members_) SUYUAN_CHECK(one->wait_until_it_listens());
}

std::vector<std::string> EtcdCluster::endpoints() const {
  std::vector<std::string> all;
  for (const auto& one : members_) all.push_back(one->client());
  return all;
}

}  // namespace suyuan::test
