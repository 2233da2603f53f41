// Subscriptions: a thread that reports to callbacks what came since it last did, as soon as it is
// indexed or when a schedule names the time. A report that does not arrive is sent again, each time
// later. The order of events is that of the log; each is reported at least once.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "node/epcis/callback.h"
#include "node/epcis/index.h"
#include "node/epcis/search.h"
#include "node/epcis/state.h"
#include "node/service.h"

namespace suyuan::epcis {

class Subscriptions {
 public:
  struct Parts {
    Service& service;
    const Index& index;
    State& state;
    bool loopback;  // callbacks may go to this machine
  };
  explicit Subscriptions(Parts parts) : parts_(std::move(parts)) {}
  ~Subscriptions() { stop(); }
  Subscriptions(const Subscriptions&) = delete;
  Subscriptions& operator=(const Subscriptions&) = delete;

  void start();
  // From any thread: the index has come so far.
  void indexed(uint64_t size);
  void stop();

 private:
  void run();
  void look(uint64_t size);
  // Whether the subscription is due now.
  bool is_due(const Subscription& one, uint64_t size, int64_t now_ms) const;
  Result<Done> report(Subscription one, uint64_t size, int64_t now_ms);
  // The events of some leaves that match; `leaf` goes on to the first that was not looked at.
  Result<std::vector<EventText>> gather(const Subscription& one, uint64_t& leaf,
                                        uint64_t size) const;

  const Parts parts_;
  std::mutex mutex_;  // guards the two below, for as long as it takes to read them
  uint64_t size_ = 0;
  bool stopping_ = false;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace suyuan::epcis
