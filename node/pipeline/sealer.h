// Sealer: decides when the next seal is due. Lives on the network thread; grown() and published()
// may come from any.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>

#include "ledger/base/error.h"
#include "ledger/store/schema.h"

namespace suyuan {

// A seal is ordered when the log has grown beyond the last one, the one before is published, and
// the interval has passed since that one was ordered. So what comes after a quiet time is sealed at
// once, and load costs one seal for each interval. Where nothing comes a seal is ordered now and
// then all the same, so that the newest checkpoint never grows older than a verifier takes.
class Sealer {
 public:
  struct Parts {
    boost::asio::io_context& io;
    std::chrono::milliseconds interval;  // 0: on demand alone
    std::chrono::milliseconds idle;      // longest time without a seal; 0: no limit
    std::function<Result<Done>()> order_seal;
    // Where other nodes order seals of the same log too: how much longer this one waits for theirs.
    // Null: there are none.
    std::function<std::chrono::milliseconds()> patience = {};
  };
  explicit Sealer(Parts parts)
      : parts_(std::move(parts)),
        timer_(parts_.io),
        quiet_since_(std::chrono::steady_clock::now()) {}
  Sealer(const Sealer&) = delete;
  Sealer& operator=(const Sealer&) = delete;

  // From any thread: what was committed.
  void grown(const LedgerHead& head);
  // From any thread: the last seal is published, so the next one may be ordered.
  void published();
  // From any thread: the last seal that we ordered will not come.
  void lost() { published(); }
  // On the network thread: somebody waits for what is not sealed yet. With an interval the next
  // seal comes soon enough; without one it is ordered now.
  void demand();
  // Before all else: how old the log's last leaf is, and whether it is a seal that is being
  // published.
  void resume(std::chrono::milliseconds age, bool in_flight);
  // On the network thread. No seal is ordered any more.
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
  Time quiet_since_;                // from when on the idle time counts
};

}  // namespace suyuan
