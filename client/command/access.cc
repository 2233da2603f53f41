#include "client/command/command.h"
#include "client/command/question.h"
#include "client/render/paper.h"
#include "proto/json/answers_json.h"

namespace suyuan {
namespace {

struct AccessOptions {
  AskingAs as;
  uint64_t after = 0;
  uint32_t limit = 0;
};

void declare_access(CLI::App& command, AccessOptions& options, const Shell& shell) {
  declare_asking_as(command, options.as, shell);
  command.get_option("--key")->required();
  command.add_option("--after", options.after, help(Help::access_after, shell.lang));
  command.add_option("--limit", options.limit, help(Help::limit, shell.lang))
      ->check(CLI::PositiveNumber);
}

std::string access_line(const AccessEntry& entry) {
  std::string places;
  for (const Place& place : entry.places) {
    places += (places.empty() ? "" : ",") + std::to_string(place.leaf) + "/" +
              std::to_string(place.event);
  }
  if (entry.more) places += ",+";
  return std::to_string(entry.number) + "  " + time_text(entry.time_ms) + "  " +
         shown(entry.party) + "  " + shown(entry.key_id) + "  " + shown(entry.question) + "  " +
         (entry.code.empty() ? "-" : shown(entry.code)) + "  " + (places.empty() ? "-" : places);
}

ExitCode run_access(Shell& shell, const AccessOptions& options) {
  auto connection = connect_as(shell, options.as);
  if (!connection) return connection.error();
  const auto answer = (*connection)->access_log(options.after, options.limit);
  if (!answer.value) return shell.fail_answer(answer.value.error());
  if (shell.options.json) {
    shell.print_line(to_json(answer.head, *answer.value));
    return ExitCode::ok;
  }
  for (const auto& entry : answer.value->entries) shell.print_line(access_line(entry));
  return ExitCode::ok;
}

}  // namespace

void add_access(CLI::App& app, Shell& shell) {
  add_command<AccessOptions>(app, shell, "access", Help::access, declare_access, run_access);
}

}  // namespace suyuan
