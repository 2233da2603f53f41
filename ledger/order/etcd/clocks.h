// What the other nodes say of their clocks: which of it a group of ours takes, and what time a
// group has that holds such words. Of a group every node comes to the same, from what it holds
// alone.
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
    // As EtcdOrderOptions has them: of all that was followed.
    std::function<std::optional<PublicKey>(const std::string& node)> key_of;
    std::function<size_t()> majority;
  };
  explicit ClockWords(Parts parts) : parts_(std::move(parts)) {}

  // With each pulse: the words that stand in etcd then, signed, by node.
  void hear(const std::map<std::string, ClockWord>& words);
  // For a group of ours at this position and time, of nodes that live: as many as our own clock
  // needs beside it, those nearest to it first.
  std::vector<ClockWord> nearest(uint64_t position, int64_t time_ms);
  // How many more nodes must be heard before log time goes on with a group there; 0: it does.
  size_t missing(uint64_t position);
  // REQUIRES: all before this position that changes keys or majority is followed.
  int64_t time_of(const GroupEntry& entry, uint64_t position);

 private:
  bool is_true(const ClockWord& word);
  size_t needed() const;

  const Parts parts_;
  std::mutex mutex_;  // guards all below; nobody holds it while a signature is verified
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
