// Network namespaces made by a test: one for each site, and between them a hub that forwards
// packets or drops them. Requires root.
#pragma once

#include <string>
#include <vector>

namespace suyuan::test {

// While it lives, what this thread opens and starts is in the given network namespace.
class Inside {
 public:
  explicit Inside(int network);  // a descriptor; below 0: stays where it is
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

  // Returns empty if the sites exist, otherwise why they could not be made. From then on this
  // thread, and those that it starts, are in the hub.
  std::string make(size_t sites);
  int of(size_t site) const { return sites_[site]; }
  // Returns the site's address, which the hub and the other sites can reach.
  static std::string address(size_t site) { return subnet(site) + ".2"; }

  // Silently drops packets from one site to the other, in this direction only.
  void cut(size_t from, size_t to);
  void isolate(size_t site);  // in both directions, from all other sites
  void heal();                // removes all cuts

 private:
  static std::string subnet(size_t site) { return "10.73." + std::to_string(site + 1); }
  bool connect_site(size_t site) const;

  std::vector<int> sites_;
  std::vector<std::vector<std::string>> cuts_;  // rules of the hub, in the syntax of ip-rule
};

}  // namespace suyuan::test
