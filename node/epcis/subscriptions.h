// Subscriptions: what came since the last report goes to its callback as soon as it is indexed or
// when a schedule names the time. A report that does not arrive is sent again, each time later. The
// order of events is that of the log; each is reported at least once. One thread looks what is due;
// a few others report, so that a callback that is slow to answer keeps only its own party's
// waiting.
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

inline constexpr size_t kReportersMax = 16;        // reports under way at a time
inline constexpr size_t kReportersOfPartyMax = 2;  // and of these, one party's

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
  // False: too many are under way, of its party or in all.
  bool begin(const Subscription& one);
  void serve(Subscription one, uint64_t size, int64_t now_ms);
  // Whether the subscription is due now.
  bool is_due(const Subscription& one, uint64_t size, int64_t now_ms) const;
  Result<Done> report(Subscription& one, uint64_t size, int64_t now_ms);
  Result<Done> log_report(const Subscription& one, const std::vector<EventText>& events) const;
  // The events of some leaves that match; `leaf` goes on to the first that was not looked at.
  Result<std::vector<EventText>> gather(const Subscription& one, uint64_t& leaf,
                                        uint64_t size) const;

  const Parts parts_;
  std::mutex mutex_;  // guards the five below, for as long as it takes to read them
  uint64_t size_ = 0;
  bool stopping_ = false;
  bool ended_ = false;                      // a report, since the last look
  std::set<std::string> under_way_;         // ids
  std::map<std::string, size_t> of_party_;  // how many are under way
  std::condition_variable changed_;
  Sender sender_;
  std::thread thread_;
  boost::asio::thread_pool reporters_{kReportersMax};
};

}  // namespace suyuan::epcis
