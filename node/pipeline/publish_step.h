// Where a seal is on its way to everyone. Tests end the node there.
#pragma once

#include <cstdint>
#include <functional>

namespace suyuan {

enum class PublishStep : uint8_t { committed, marked, signed_, cosigned, stored, published };
// Called on the publisher's thread.
using OnPublishStep = std::function<void(PublishStep)>;

}  // namespace suyuan
