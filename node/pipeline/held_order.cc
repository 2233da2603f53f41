#include "node/pipeline/held_order.h"

namespace suyuan {

void HeldOrder::hold(std::string why) {
  const std::lock_guard lock(mutex_);
  why_ = std::move(why);
}

std::string HeldOrder::reason() const {
  const std::lock_guard lock(mutex_);
  return why_;
}

Result<Done> HeldOrder::append(std::unique_ptr<Proposal>& proposal) {
  if (auto why = reason(); !why.empty())
    return fail(proposal->alone() ? Code::BUSY : Code::READ_ONLY, std::move(why));
  return inner_->append(proposal);
}

Result<Done> HeldOrder::check_takes() const {
  if (auto why = reason(); !why.empty()) return fail(Code::READ_ONLY, std::move(why));
  return inner_->check_takes();
}

std::string held_reason(const Order& order) {
  const auto* held = dynamic_cast<const HeldOrder*>(&order);
  return held == nullptr ? std::string() : held->reason();
}

}  // namespace suyuan
