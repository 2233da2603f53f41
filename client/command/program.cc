#include <algorithm>
#include <cstdlib>

#include "client/command/command.h"
#include "proto/json/submission_json.h"

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

// Searched in the words, because a line that cannot be parsed may ask for it.
bool wants_json(int argc, const char* const* argv) {
  return std::any_of(argv + std::min(argc, 1), argv + argc,
                     [](std::string_view word) { return word == "--json"; });
}

// Otherwise the message would say that a command is missing, although one was given.
std::string no_such_command(const std::string& name, Lang lang) {
  return lang == Lang::zh ? "没有命令“" + name + "”；suyuan --help 列出全部命令"
                          : "there is no command '" + name + "'; suyuan --help lists all of them";
}

// Help and the version are no errors to CLI11's caller, though it throws them.
int end_of_parse(const CLI::App& app, const CLI::ParseError& error, const Shell& shell,
                 bool json) {
  if (error.get_exit_code() == 0) return app.exit(error);
  std::string message = error.what();
  const auto unknown = app.remaining();
  if (app.get_subcommands().empty() && !unknown.empty()) {
    message = no_such_command(unknown.front(), shell.lang);
    shell.note(message);
  } else {
    app.exit(error);
  }
  const Errors errors = {{.code = Code::INVALID_FIELD, .message = message}};
  if (json) shell.print_line(write_problem_json(errors));
  return static_cast<int>(ExitCode::usage);
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
    return end_of_parse(app, error, shell, wants_json(argc, argv));
  }
  return static_cast<int>(shell.exit);
}

}  // namespace suyuan
