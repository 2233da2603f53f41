// Shared code of the commands that list the registry.
#pragma once

#include "client/command/command.h"
#include "client/command/paging.h"
#include "client/render/answers.h"
#include "ledger/base/limits.h"
#include "proto/json/answers_json.h"

namespace suyuan {

struct ListingOptions {
  std::string id;
  uint32_t limit = 0;
};
inline void declare_listing(CLI::App& command, ListingOptions& options, const Shell& shell) {
  command.add_option("id", options.id, help(Help::entry_id, shell.lang));
  command.add_option("--limit", options.limit, help(Help::limit, shell.lang))
      ->check(CLI::PositiveNumber);
}

template <class T, class Ask, class Render>
ExitCode list_and_print(Shell& shell, const ListingOptions& options, Ask ask, Render render) {
  auto connection = shell.connect();
  if (!connection) return connection.error();
  RegistryQuestion question{.id = options.id};
  Answer<Page<T>> whole{.head = {}, .value = Page<T>{}};
  for (;;) {
    const size_t left =
        options.limit == 0 ? limits::kPageMax : options.limit - whole.value->items.size();
    question.limit = static_cast<uint32_t>(std::min(left, limits::kPageMax));
    Answer<Page<T>> page = ask(**connection, question);
    if (!page.value) return shell.fail_answer(page.value.error());
    whole.head = page.head;
    append(whole.value->items, std::move(page.value->items));
    whole.value->next = question.page = page.value->next;
    const bool enough = options.limit != 0 && whole.value->items.size() >= options.limit;
    if (question.page.empty() || enough) break;
  }
  if (shell.options.json) {
    shell.print_line(to_json(whole.head, *whole.value));
  } else {
    shell.print(render(whole.value->items, shell.style()));
    if (!whole.value->next.empty()) shell.note(shell.say(Say::more_with_limit));
  }
  return ExitCode::ok;
}

}  // namespace suyuan
