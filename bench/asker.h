// One HTTP connection to a node, and what the node reports about itself: blocks read, CPU time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace suyuan::bench {

// Percent-encodes for a path.
std::string escaped(const std::string& code);

class Asker {
 public:
  Asker(std::string host, uint16_t port);
  // Returns the body of an answer with status 200; throws std::runtime_error for any other.
  std::string get(const std::string& target);

 private:
  const std::string host_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

// What the node has used so far.
struct NodeUse {
  double cpu_seconds = 0;      // 0: no process id was given
  double blocks_found = 0;     // in the block cache
  double blocks_read = 0;      // from files
};
NodeUse node_use(Asker& asker, int pid);
NodeUse operator-(const NodeUse& after, const NodeUse& before);

double percentile_of(const std::vector<double>& sorted, double p);

}  // namespace suyuan::bench
