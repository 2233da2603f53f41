// A stream that makes few system calls of many small messages: it reads ahead, and what one turn of
// the event loop writes goes out together.
#pragma once

#include <kj/async-io.h>

namespace suyuan {

// No time passes for the sake of gathering: what was written is sent as soon as the loop has
// nothing else to do.
kj::Own<kj::AsyncIoStream> gather(kj::Own<kj::AsyncIoStream> stream);

}  // namespace suyuan
