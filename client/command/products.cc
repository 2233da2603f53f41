#include "client/command/listing.h"

namespace suyuan {
namespace {

ExitCode run_products(Shell& shell, const ListingOptions& options) {
  return list_and_print<ProductData>(
      shell, options,
      [](Connection& connection, const RegistryQuestion& question) {
        return connection.products(question);
      },
      render_products);
}

}  // namespace

void add_products(CLI::App& app, Shell& shell) {
  add_command<ListingOptions>(app, shell, "products", Help::products, declare_listing,
                              run_products);
}

}  // namespace suyuan
