#include "client/command/listing.h"

namespace suyuan {
namespace {

ExitCode run_sites(Shell& shell, const ListingOptions& options) {
  return list_and_print<SiteData>(
      shell, options,
      [](Connection& connection, const RegistryQuestion& question) {
        return connection.sites(question);
      },
      render_sites);
}

}  // namespace

void add_sites(CLI::App& app, Shell& shell) {
  add_command<ListingOptions>(app, shell, "sites", Help::sites, declare_listing, run_sites);
}

}  // namespace suyuan
