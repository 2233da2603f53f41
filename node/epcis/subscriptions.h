// Subscriptions: sends what came since the last report to a callback, as soon as it is indexed or
// at the times of a schedule. A failed report is sent again, with growing delays. Events are in log
// order; each is reported at least once. One thread finds what is due; a few others send reports,
// so that a slow callback delays only its own party's reports.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "node/epcis/callback.h"
#include "node/epcis/index.h"
#include "node/epcis/search.h"
#include "node/epcis/state.h"
#include "node/service.h"

namespace suyuan::epcis {

inline constexpr size_t kReportersMax = 16;        // reports in progress
inline constexpr size_t kReportersOfPartyMax = 2;  // of these, for one party

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
  // Tells that the index has `size` leaves. Thread-safe.
  void indexed(uint64_t size);
  void stop();

 private:
  void run();
  void look(uint64_t size);
  // Returns false if too many reports are in progress, for its party or in all.
  bool begin(const Subscription& one);
  void serve(Subscription one, uint64_t size, int64_t now_ms);
  // Returns true if the subscription is due now.
  bool is_due(const Subscription& one, uint64_t size, int64_t now_ms) const;
  Result<Done> report(Subscription& one, uint64_t size, int64_t now_ms);
  Result<Done> log_report(const Subscription& one, const std::vector<EventText>& events) const;
  // Returns the matching events of some leaves, and advances `leaf` to the first leaf not examined.
  Result<std::vector<EventText>> gather(const Subscription& one, uint64_t& leaf,
                                        uint64_t size) const;

  const Parts parts_;
  std::mutex mutex_;  // guards the five below; held only while they are read
  uint64_t size_ = 0;
  bool stopping_ = false;
  bool ended_ = false;                      // a report ended since the last look
  std::set<std::string> under_way_;         // ids of subscriptions with a report in progress
  std::map<std::string, size_t> of_party_;  // reports in progress, by party
  std::condition_variable changed_;
  Sender sender_;
  std::thread thread_;
  boost::asio::thread_pool reporters_{kReportersMax};
};

}  // namespace suyuan::epcis
