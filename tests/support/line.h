// A line to a server on loopback that can be cut: it stands between, and while it is cut no byte
// passes, nor does a new connection. For where a test may make no network of its own.
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace suyuan::test {

class Line {
 public:
  explicit Line(std::string to);  // "127.0.0.1:port"
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  const std::string& address() const { return address_; }  // whom to ask instead
  void cut(bool is_cut) { is_cut_ = is_cut; }

 private:
  void run(int listener);

  const std::string to_;
  std::string address_;
  std::atomic<bool> is_cut_{false};
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

}  // namespace suyuan::test
