// A loopback proxy that can be cut: while it is cut, no byte and no new connection passes. For
// tests that may not create a network namespace.
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

  const std::string& address() const { return address_; }  // the address to connect to instead
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
