// How each of the node's listeners begins.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "ledger/base/error.h"

namespace suyuan {

// Errors: IO (the address is not this machine's, or is in use).
inline Result<Done> begin_listening(boost::asio::ip::tcp::acceptor& acceptor,
                                    const boost::asio::ip::tcp::endpoint& at) {
  using boost::asio::ip::tcp;
  boost::system::error_code error;
  acceptor.open(at.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(at, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (!error) return Done{};
  return fail(Code::IO, "cannot listen on " + at.address().to_string() + ":" +
                            std::to_string(at.port()) + ": " + error.message());
}

}  // namespace suyuan
