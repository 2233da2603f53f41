#include "node/pipeline/sealer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>

namespace suyuan {
namespace {

constexpr auto kBusyPause = std::chrono::milliseconds(1000);

}  // namespace

void Sealer::grown(const LedgerHead& head) {
  boost::asio::post(parts_.io, [this, leaves = head.leaves, seal = head.seal] {
    leaves_ = std::max(leaves_, leaves);
    const bool sealed = seal != 0 && seal + 1 > sealed_;
    if (sealed) sealed_ = seal + 1;
    const Time now = std::chrono::steady_clock::now();
    if (sealed && parts_.patience) {  // by any node: the times count from it
      ordered_at_ = now;
      quiet_since_ = now;
    } else if (parts_.patience && leaves_ > sealed_ && !ordered_at_) {
      ordered_at_ = now - parts_.interval;  // due at once, for the leading node
    }
    consider();
  });
}

void Sealer::published() {
  boost::asio::post(parts_.io, [this] {
    in_flight_ = false;
    if (leaves_ <= sealed_) demanded_at_.reset();
    consider();
  });
}

void Sealer::demand() {
  if (leaves_ <= sealed_) return;
  if (!demanded_at_) demanded_at_ = std::chrono::steady_clock::now();
  consider();
}

void Sealer::resume(std::chrono::milliseconds age, bool in_flight) {
  quiet_since_ -= age;
  in_flight_ = in_flight;
}

void Sealer::stop() {
  stopped_ = true;
  timer_.cancel();
}

std::optional<Sealer::Time> Sealer::due(Time now) const {
  if (stopped_ || in_flight_ || leaves_ == 0) return std::nullopt;
  const bool news = leaves_ > sealed_;
  const auto patience =
      parts_.patience ? parts_.patience() : std::chrono::milliseconds::zero();
  if (parts_.interval.count() == 0) {
    return news && demanded_at_ ? std::optional(*demanded_at_ + patience) : std::nullopt;
  }
  if (news) return ordered_at_ ? *ordered_at_ + parts_.interval + patience : now;
  if (parts_.idle.count() == 0) return std::nullopt;
  return quiet_since_ + parts_.idle + patience;
}

void Sealer::consider() {
  const Time now = std::chrono::steady_clock::now();
  const auto at = due(now);
  if (at && *at <= now) return order(now);
  if (at == timer_at_) return;
  timer_at_ = at;
  if (!at) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(*at);  // a waiter for another time gets an error
  timer_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    timer_at_.reset();
    consider();
  });
}

void Sealer::order(Time now) {
  demanded_at_.reset();
  const auto ordered = parts_.order_seal();
  if (!ordered && ordered.error().code == Code::BUSY) {  // the log does not answer now, but will
    ordered_at_ = now;
    quiet_since_ = now - parts_.idle + std::min(parts_.idle, kBusyPause);
    return consider();
  }
  if (!ordered) {  // the order has ended: nothing grows any more
    spdlog::info("no more seals: {}", to_text(ordered.error()));
    return stop();
  }
  in_flight_ = true;
  ordered_at_ = now;
  quiet_since_ = now;
}

}  // namespace suyuan
