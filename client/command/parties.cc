#include "client/command/listing.h"

namespace suyuan {
namespace {

ExitCode run_parties(Shell& shell, const ListingOptions& options) {
  return list_and_print<PartyState>(
      shell, options,
      [](Connection& connection, const RegistryQuestion& question) {
        return connection.parties(question);
      },
      render_parties);
}

}  // namespace

void add_parties(CLI::App& app, Shell& shell) {
  add_command<ListingOptions>(app, shell, "parties", Help::parties, declare_listing, run_parties);
}

}  // namespace suyuan
