#include "client/text/phrases.h"

namespace suyuan {
namespace {

struct Phrase {
  std::string_view en;
  std::string_view zh;
};

constexpr Phrase kPhrases[] = {
#define SUYUAN_X(name, en, zh) {en, zh},
    SUYUAN_PHRASES(SUYUAN_X)
#undef SUYUAN_X
};

}  // namespace

std::string_view say(Say what, Lang lang) {
  const auto& phrase = kPhrases[static_cast<size_t>(what)];
  return lang == Lang::zh ? phrase.zh : phrase.en;
}

}  // namespace suyuan
