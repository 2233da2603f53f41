// How much of a peer's RPC messages is read: the same on both sides. Includes capnp.
#pragma once

#include <capnp/message.h>

#include <cstddef>

namespace suyuan {

// Bounds a message before memory is taken for it, and what is read of it through pointers that
// share a target.
inline capnp::ReaderOptions rpc_reader_options(size_t message_bytes_max) {
  capnp::ReaderOptions options;
  options.traversalLimitInWords = message_bytes_max / sizeof(capnp::word);
  options.nestingLimit = 32;
  return options;
}

}  // namespace suyuan
