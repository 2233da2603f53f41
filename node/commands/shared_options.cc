#include "node/commands/shared_options.h"

namespace suyuan {

void add_passphrase_options(CLI::App& command, PassphraseSource& source) {
  command.add_option("--passphrase-file", source.file,
                     "file, mode 0600, with the passphrase of the key files");
  command
      .add_option("--passphrase-fd", source.descriptor,
                  "descriptor that is open for reading, with the passphrase")
      ->check(CLI::Range(0, 1 << 20));
}

void add_etcd_options(CLI::App& command, OrderOptions& order) {
  command.add_option("--etcd", order.endpoints, "members of etcd: host:port,host:port");
  command.add_option("--etcd-log", order.log, "name of the ledger's log in etcd")
      ->capture_default_str();
  command.add_option("--etcd-ca", order.ca,
                     "PEM file with the authorities of etcd's certificate; TLS to etcd");
  command.add_option("--etcd-cert", order.cert, "PEM file with our certificate for etcd");
  command.add_option("--etcd-key", order.key, "PEM file with its key");
  command.add_option("--etcd-user", order.user, "our user name in etcd, if it asks for one");
  command.add_option("--etcd-password-file", order.password_file,
                     "file, mode 0600, with its password");
}

}  // namespace suyuan
