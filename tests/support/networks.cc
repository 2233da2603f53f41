#include "tests/support/networks.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>

#include "ledger/base/check.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

constexpr const char* kOwnNetwork = "/proc/thread-self/ns/net";

// Returns a descriptor that keeps a new network namespace open; -1 if not permitted.
int new_network() {
  int made = -1;
  std::thread([&made] {
    if (::unshare(CLONE_NEWNET) == 0) made = ::open(kOwnNetwork, O_RDONLY | O_CLOEXEC);
  }).join();
  return made;
}

bool ip(std::vector<std::string> words) {
  words.insert(words.begin(), "ip");
  return run_program(words) == 0;
}

}  // namespace

Inside::Inside(int network) {
  if (network < 0) return;
  before_ = ::open(kOwnNetwork, O_RDONLY | O_CLOEXEC);
  SUYUAN_CHECK(before_ >= 0 && ::setns(network, CLONE_NEWNET) == 0);
}

Inside::~Inside() {
  if (before_ < 0) return;
  SUYUAN_CHECK(::setns(before_, CLONE_NEWNET) == 0);
  ::close(before_);
}

Networks::~Networks() {
  for (const int site : sites_) ::close(site);  // the links of a site end with its last process
}

std::string Networks::make(size_t sites) {
  if (::unshare(CLONE_NEWNET) != 0) {
    return std::string("network namespaces are not permitted here: ") + std::strerror(errno);
  }
  if (!ip({"link", "set", "lo", "up"})) return "the program ip is missing (Debian: iproute2)";
  std::ofstream("/proc/sys/net/ipv4/ip_forward") << "1";
  std::string forwards;
  std::ifstream("/proc/sys/net/ipv4/ip_forward") >> forwards;
  if (forwards != "1") return "packets are not passed on here: /proc/sys cannot be written";
  for (size_t i = 0; i < sites; ++i) {
    sites_.push_back(new_network());
    if (sites_.back() < 0 || !connect_site(i)) return "no pair of links can be made here";
  }
  return "";
}

bool Networks::connect_site(size_t site) const {
  const std::string link = "site" + std::to_string(site);
  const std::string hub = subnet(site) + ".1";
  // Named by our descriptor, which `ip`, our child process, looks up.
  const std::string network =
      "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(of(site));
  if (!ip({"link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", network}) ||
      !ip({"addr", "add", hub + "/24", "dev", link}) || !ip({"link", "set", link, "up"})) {
    return false;
  }
  const Inside inside(of(site));
  return ip({"link", "set", "lo", "up"}) &&
         ip({"addr", "add", address(site) + "/24", "dev", "eth0"}) &&
         ip({"link", "set", "eth0", "up"}) && ip({"route", "add", "default", "via", hub});
}

void Networks::cut(size_t from, size_t to) {
  std::vector<std::string> rule = {"from", address(from), "to", address(to), "blackhole"};
  std::vector<std::string> words = {"rule", "add"};
  words.insert(words.end(), rule.begin(), rule.end());
  SUYUAN_CHECK(ip(words));
  cuts_.push_back(std::move(rule));
}

void Networks::isolate(size_t site) {
  for (size_t other = 0; other < sites_.size(); ++other) {
    if (other == site) continue;
    cut(site, other);
    cut(other, site);
  }
}

void Networks::heal() {
  for (const auto& rule : cuts_) {
    std::vector<std::string> words = {"rule", "del"};
    words.insert(words.end(), rule.begin(), rule.end());
    SUYUAN_CHECK(ip(words));
  }
  cuts_.clear();
}

}  // namespace suyuan::test
