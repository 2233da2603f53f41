// etcd as real processes on loopback, for tests: free ports, folders that end with the test, ended
// by pid. Without an etcd installation, tests are skipped and say so.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

namespace suyuan::test {

bool has_etcd();
// Returns "host:port" of loopback, with a port of free_port.h.
std::string free_address();

class EtcdMember {
 public:
  struct Place {
    std::string name;
    std::string data;    // folder; kept when the process ends
    std::string client;  // "127.0.0.1:port"
    std::string peer;
    std::string scheme = "http";  // of the client URL
    std::vector<std::string> more = {};  // further arguments
    int network = -1;  // descriptor of its network namespace (networks.h); -1: ours
  };
  // Starts it as a member of `cluster`.
  EtcdMember(Place place, const std::vector<Place>& cluster);
  ~EtcdMember();  // SIGKILL, if it still runs
  EtcdMember(const EtcdMember&) = delete;
  EtcdMember& operator=(const EtcdMember&) = delete;

  const std::string& client() const { return place_.client; }
  const std::string& data() const { return place_.data; }
  pid_t pid() const { return pid_; }
  void end(int signal);          // and waits for the end
  void start();                  // again, over the same folder
  bool wait_until_it_listens();  // false: it ended instead
  void pause();                  // SIGSTOP
  void resume();

 private:
  const Place place_;
  const std::vector<Place> cluster_;
  pid_t pid_ = -1;
};

// Members with folders below `folder`, all started before any is waited for. If a port was taken in
// between, the cluster is started again.
class EtcdCluster {
 public:
  // `flags`: further arguments of each member's command.
  EtcdCluster(const std::string& folder, size_t members,
              const std::vector<std::string>& flags = {});
  // One member in each of these networks, which have these addresses.
  struct Site {
    int network = -1;
    std::string host;
  };
  EtcdCluster(const std::string& folder, const std::vector<Site>& sites);
  EtcdMember& member(size_t i) { return *members_[i]; }
  const EtcdMember& member(size_t i) const { return *members_[i]; }
  std::vector<std::string> endpoints() const;

 private:
  std::vector<std::unique_ptr<EtcdMember>> members_;
};

}  // namespace suyuan::test
