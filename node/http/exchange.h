// One request to another server, and its answer.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>

#include "node/http/stream.h"

namespace suyuan::http {

using OutgoingRequest = boost::beast::http::request<boost::beast::http::string_body>;
using IncomingResponse = boost::beast::http::response<boost::beast::http::string_body>;

// Sends the request, prepared by the caller, over a connected stream and reads the answer. `error`
// says if there is none, or it is longer than `body_bytes_max`. The stream's deadline bounds it.
boost::asio::awaitable<IncomingResponse> exchange(Stream& stream, OutgoingRequest request,
                                                  size_t body_bytes_max,
                                                  boost::system::error_code& error);

}  // namespace suyuan::http
