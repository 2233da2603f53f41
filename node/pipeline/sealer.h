// Sealer: decides when the next seal is due. Lives on the network thread; grown() and published()
// are thread-safe.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>

#include "ledger/base/error.h"
#include "ledger/store/schema.h"

namespace suyuan {

// A seal is ordered when the log has grown beyond the last one, the previous one is published, and
// the interval has passed since that one was ordered. So events after a quiet time are sealed at
// once, and under load there is one seal for each interval. If nothing comes, a seal is still
// ordered now and then, so that the newest checkpoint never becomes older than a verifier accepts.
class Sealer {
 public:
  struct Parts {
    boost::asio::io_context& io;
    std::chrono::milliseconds interval;  // 0: only on demand
    std::chrono::milliseconds idle;      // longest time without a seal; 0: no limit
    std::function<Result<Done>()> order_seal;
    // If other nodes order seals of the same log too: how much longer this node waits for theirs.
    // Null: there are none.
    std::function<std::chrono::milliseconds()> patience = {};
  };
  explicit Sealer(Parts parts)
      : parts_(std::move(parts)),
        timer_(parts_.io),
        quiet_since_(std::chrono::steady_clock::now()) {}
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  // Thread-safe: what was committed.
  void grown(const LedgerHead& head);
  // Thread-safe: the last seal is published, so the next one may be ordered.
  void published();
  // Thread-safe: the last seal that this node ordered will not come.
  void lost() { published(); }
  // Network thread only: somebody waits for what is not sealed yet. With an interval the next seal
  // comes soon enough; without one it is ordered now.
  void demand();
  // Call before everything else: the age of the log's last leaf, and whether it is a seal that is
  // being published.
  void resume(std::chrono::milliseconds age, bool in_flight);
  // Network thread only. Orders no more seals.
  void stop();

 private:
  using Time = std::chrono::steady_clock::time_point;
  // When the next seal is due; nullopt: nothing calls for one.
  std::optional<Time> due(Time now) const;
  void consider();
  void order(Time now);

  const Parts parts_;
  boost::asio::steady_timer timer_;
  uint64_t leaves_ = 0;
  uint64_t sealed_ = 0;  // leaves up to and with the last seal
  bool in_flight_ = false;
  std::optional<Time> demanded_at_;
  bool stopped_ = false;
  std::optional<Time> timer_at_;    // what the timer waits for
  std::optional<Time> ordered_at_;  // of the last seal that we ordered
  Time quiet_since_;                // start of the idle time
};

}  // namespace suyuan
