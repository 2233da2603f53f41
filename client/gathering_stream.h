// A stream that needs few system calls for many small messages: it reads ahead, and sends together
// what one turn of the event loop writes.
#pragma once

#include <kj/async-io.h>

namespace suyuan {

// Adds no delay: data is sent as soon as the loop has nothing else to do.
kj::Own<kj::AsyncIoStream> gather(kj::Own<kj::AsyncIoStream> stream);

}  // namespace suyuan
