// A web server that knows nothing: files of a folder, as any would serve an exported log.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "ledger/os/files.h"

namespace suyuan::test {

class FileServer {
 public:
  explicit FileServer(std::string folder) : folder_(std::move(folder)) {
    accepting_ = std::thread([this] { accept(); });
  }
  // Whoever is connected goes first.
  ~FileServer() {
    stopping_ = true;
    boost::system::error_code ignored;
    Tcp::socket wake(io_);
    wake.connect(acceptor_.local_endpoint(), ignored);
    accepting_.join();
    for (auto& thread : serving_) thread.join();
  }
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/log";
  }

 private:
  using Tcp = boost::asio::ip::tcp;

  void accept() {
    for (;;) {
      Tcp::socket socket(io_);
      boost::system::error_code error;
      acceptor_.accept(socket, error);
      if (error || stopping_) return;
      serving_.emplace_back([this, one = std::move(socket)]() mutable { serve(one); });
    }
  }

  void serve(Tcp::socket& socket) const {
    namespace http = boost::beast::http;
    boost::beast::flat_buffer buffer;
    for (;;) {
      boost::system::error_code error;
      http::request<http::empty_body> request;
      http::read(socket, buffer, request, error);
      if (error) return;
      const std::string target(request.target());
      const auto file = target.starts_with("/log/")
                            ? read_file(folder_ + target.substr(4), size_t{64} << 20)
                            : Result<Bytes>(Bytes());
      http::response<http::string_body> response(
          file ? http::status::ok : http::status::not_found, request.version());
      if (file) response.body() = *file;
      response.keep_alive(request.keep_alive());
      response.prepare_payload();
      http::write(socket, response, error);
      if (error) return;
    }
  }

  const std::string folder_;
  boost::asio::io_context io_;
  Tcp::acceptor acceptor_{io_, {boost::asio::ip::make_address_v4("127.0.0.1"), 0}};
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> serving_;  // of the accepting thread, until that has ended
  std::thread accepting_;
};

}  // namespace suyuan::test
