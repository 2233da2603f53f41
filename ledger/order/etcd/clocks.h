// The other nodes' words about their clocks: which of them a group of ours takes, and the time of a
// group with such words. Every node computes the same time for a group from the group alone.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ledger/order/etcd/group.h"

namespace suyuan {

class ClockWords {
 public:
  struct Parts {
    Hash ledger;
    std::string log;
    std::string node;  // our name
    // As in EtcdOrderOptions: as of everything that was followed.
    std::function<std::optional<PublicKey>(const std::string& node)> key_of;
    std::function<size_t()> majority;
  };
  explicit ClockWords(Parts parts) : parts_(std::move(parts)) {}

  // At each pulse: the signed words in etcd at that time, by node.
  void hear(const std::map<std::string, ClockWord>& words);
  // For a group of ours at this position and time: as many words of living nodes as are required
  // besides our own clock, those nearest to it first.
  std::vector<ClockWord> nearest(uint64_t position, int64_t time_ms);
  // How many more nodes must be heard before log time advances with a group there; 0: it does.
  size_t missing(uint64_t position);
  // REQUIRES: everything before this position that changes keys or majority was followed.
  int64_t time_of(const GroupEntry& entry, uint64_t position);

 private:
  bool is_true(const ClockWord& word);
  size_t needed() const;

  const Parts parts_;
  std::mutex mutex_;  // guards everything below; not held while a signature is verified
  struct Heard {
    ClockWord word;
    uint32_t unchanged = 0;  // pulses since it was new
  };
  std::map<std::string, Heard> heard_;  // by node
  bool has_heard_ = false;              // a pulse
  struct Judged {
    ClockWord word;
    PublicKey key;
    bool is_true;
  };
  std::map<std::string, std::deque<Judged>> judged_;  // by node, which has a key: the last ones
};

}  // namespace suyuan
