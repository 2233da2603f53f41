// Certificates for tests, made with the openssl program in a folder of the test, and the pair there
// that a server uses.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "ledger/base/check.h"

namespace suyuan::testing {

class Certificates {
 public:
  explicit Certificates(std::string folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
  }

  std::string file(const std::string& name) const { return folder_ + "/" + name; }
  std::string cert(const std::string& name) const { return file(name + ".crt"); }
  std::string key(const std::string& name) const { return file(name + ".key"); }

  // Self-signed. `hosts` as openssl writes them: "DNS:localhost,IP:127.0.0.1".
  void make(const std::string& name, const std::string& hosts = "DNS:localhost") const {
    run_openssl("req -x509 " + new_key(name) + " -days 2 -addext subjectAltName=" + hosts +
                " -out " + cert(name));
  }
  // Issued by the authority; `hosts` as in make(), or none.
  void make_signed(const std::string& name, const std::string& authority,
                   const std::string& hosts = {}) const {
    run_openssl("req " + new_key(name) + " -out " + file(name + ".csr"));
    std::string names;
    if (!hosts.empty()) {
      std::ofstream(file(name + ".ext")) << "subjectAltName=" << hosts << "\n";
      names = " -extfile " + file(name + ".ext");
    }
    run_openssl("x509 -req -days 2 -in " + file(name + ".csr") + " -CA " + cert(authority) +
                " -CAkey " + key(authority) + " -CAcreateserial" + names + " -out " + cert(name));
  }
  // Makes it the pair "live", replacing each file by a rename, as an operator does.
  void put_in_place(const std::string& name) const {
    for (const auto& [from, to] : {std::pair{key(name), key("live")}, {cert(name), cert("live")}}) {
      std::filesystem::copy_file(from, to + ".new");
      std::filesystem::rename(to + ".new", to);
    }
  }

 private:
  std::string new_key(const std::string& name) const {
    return "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " +
           key(name);
  }
  static void run_openssl(const std::string& arguments) {
    SUYUAN_CHECK(std::system(("openssl " + arguments + " >/dev/null 2>&1").c_str()) == 0);
  }

  const std::string folder_;
};

}  // namespace suyuan::testing
