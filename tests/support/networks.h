// Network namespaces that a test makes for itself: one for each site, and between them a hub that
// passes packets on, or does not. Root alone may make them.
#pragma once

#include <string>
#include <vector>

namespace suyuan::test {

// While it lives, what this thread opens, and whom it starts, is in the network of a namespace.
class Inside {
 public:
  explicit Inside(int network);  // a descriptor; below 0: where we are anyway
  ~Inside();
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  int before_ = -1;
};

class Networks {
 public:
  Networks() = default;
  ~Networks();
  Networks(const Networks&) = delete;
  Networks& operator=(const Networks&) = delete;

  // Why it could not be; empty: the sites are there. From then on this thread, and those that it
  // starts, are in the hub.
  std::string make(size_t sites);
  int of(size_t site) const { return sites_[site]; }
  // Its address, which the hub and the other sites reach.
  static std::string address(size_t site) { return subnet(site) + ".2"; }

  // Packets from one site to the other are lost without a word; only those.
  void cut(size_t from, size_t to);
  void isolate(size_t site);  // in both directions, from all other sites
  void heal();                // all

 private:
  static std::string subnet(size_t site) { return "10.73." + std::to_string(site + 1); }
  bool connect_site(size_t site) const;

  std::vector<int> sites_;
  std::vector<std::vector<std::string>> cuts_;  // rules of the hub, in ip-rule's words
};

}  // namespace suyuan::test
