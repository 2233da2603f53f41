#include "node/sealer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>

namespace suyuan {

void Sealer::grown(const LedgerHead& head) {
  boost::asio::post(parts_.io, [this, leaves = head.leaves, seal = head.seal] {
    leaves_ = std::max(leaves_, leaves);
    if (seal != 0) sealed_ = std::max(sealed_, seal + 1);
    consider();
  });
}

void Sealer::published() {
  boost::asio::post(parts_.io, [this] {
    in_flight_ = false;
    if (leaves_ <= sealed_) demanded_ = false;
    consider();
  });
}

void Sealer::demand() {
  if (leaves_ <= sealed_) return;
  demanded_ = true;
  consider();
}

void Sealer::stop() {
  stopped_ = true;
  timer_.cancel();
}

void Sealer::consider() {
  if (stopped_ || in_flight_ || waiting_ || leaves_ <= sealed_) return;
  const bool by_demand = parts_.interval.count() == 0;
  if (by_demand && !demanded_) return;
  const Time now = std::chrono::steady_clock::now();
  if (!by_demand && ordered_at_ != Time::min() && now < ordered_at_ + parts_.interval) {
    waiting_ = true;
    timer_.expires_at(ordered_at_ + parts_.interval);
    timer_.async_wait([this](boost::system::error_code error) {
      waiting_ = false;
      if (!error) consider();
    });
    return;
  }
  demanded_ = false;
  const auto ordered = parts_.order_seal();
  if (!ordered) {  // the order has ended: nothing grows any more
    spdlog::info("no more seals: {}", to_text(ordered.error()));
    stopped_ = true;
    return;
  }
  in_flight_ = true;
  ordered_at_ = now;
}

}  // namespace suyuan
