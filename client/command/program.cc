#include <cstdlib>
#include <iostream>

#include "client/command/command.h"

namespace suyuan {
namespace {

// Determined before the command line is parsed, because its help has a language too.
Lang lang_of(int argc, const char* const* argv) {
  constexpr std::string_view kOption = "--lang";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with(kOption)) continue;
    std::string_view value = argument.substr(kOption.size());
    if (value.empty() && i + 1 < argc) value = argv[i + 1];
    if (value.starts_with('=')) value.remove_prefix(1);
    return lang_from(value).value_or(Lang::en);
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return lang_from(value).value_or(Lang::en);
  }
  return Lang::en;
}

void add_common(CLI::App& app, Shell& shell) {
  const auto text = [&](Help what) { return help(what, shell.lang); };
  app.add_option("--node", shell.options.node, text(Help::node))
      ->envname("SUYUAN_NODE")
      ->capture_default_str();
  app.add_option("--genesis", shell.options.genesis, text(Help::genesis))
      ->envname("SUYUAN_GENESIS");
  app.add_option("--policy", shell.options.policy, text(Help::policy))->envname("SUYUAN_POLICY");
  app.add_option("--ca", shell.options.ca, text(Help::ca))->envname("SUYUAN_CA");
  app.add_option("--tls-cert", shell.options.tls_cert, text(Help::tls_cert))
      ->envname("SUYUAN_TLS_CERT");
  app.add_option("--tls-key", shell.options.tls_key, text(Help::tls_key))
      ->envname("SUYUAN_TLS_KEY");
  app.add_option("--tls-name", shell.options.tls_name, text(Help::tls_name));
  app.add_option("--passphrase-file", shell.passphrase.source.file, text(Help::passphrase_file));
  app.add_option("--passphrase-fd", shell.passphrase.source.descriptor, text(Help::passphrase_fd))
      ->check(CLI::Range(0, 1 << 20));
  app.add_flag("--json", shell.options.json, text(Help::json));
  app.add_option("--lang", shell.options.lang, text(Help::lang))
      ->check(CLI::IsMember({"zh", "en"}));
  app.set_version_flag("--version", SUYUAN_VERSION, text(Help::version));
  app.require_subcommand(1);
  app.fallthrough();
}

// Otherwise the message would say that a command is missing, although one was given.
std::string no_such_command(const std::string& name, Lang lang) {
  return lang == Lang::zh ? "suyuan：没有命令“" + name + "”；suyuan --help 列出全部命令\n"
                          : "suyuan: there is no command '" + name +
                                "'; suyuan --help lists all of them\n";
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  Shell shell;
  shell.lang = lang_of(argc, argv);
  CLI::App app{help(Help::program, shell.lang), "suyuan"};
  app.set_help_flag("-h,--help", help(Help::help, shell.lang));
  add_common(app, shell);
  for (const auto add :
       {add_keygen,   add_register, add_approve, add_cosign, add_registry, add_rotate,  add_revoke,
        add_whoami,   add_post,     add_trace,   add_recall,   add_forward, add_state,
        add_contents, add_custody,  add_events,  add_balance,  add_receipt, add_parties,
        add_products, add_sites,    add_status,  add_trust,    add_verify,   add_witness,
        add_export,   add_audit,    add_bench,   add_verdict,  add_scan,
        add_label,    add_delegate, add_compare, add_access,  add_erase,
        add_nodes}) {
    add(app, shell);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (const auto unknown = app.remaining(); app.get_subcommands().empty() && !unknown.empty()) {
      std::cerr << no_such_command(unknown.front(), shell.lang);
      return static_cast<int>(ExitCode::usage);
    }
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::usage);
  }
  return static_cast<int>(shell.exit);
}

}  // namespace suyuan
