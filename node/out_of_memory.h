// Memory that runs out ends the process on every thread, as a kill does: what was half done then is
// not known, and the store is made for a kill (docs/reliability.md, Memory that runs out).
#pragma once

namespace suyuan {

// Says so on standard error, and aborts. Allocates nothing: a program's handler of failed
// allocations (std::set_new_handler). Without it libraries would catch some of them: KJ in a call,
// Asio in a connection.
[[noreturn]] void end_out_of_memory() noexcept;

}  // namespace suyuan
