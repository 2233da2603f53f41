// One event in plain words: who states it, what happened to what, where, and with which documents.
#pragma once

#include <string>
#include <vector>

#include "client/directory.h"
#include "client/render/paper.h"

namespace suyuan {

struct StoryLine {
  Say label;
  std::string text;
  Tone tone = Tone::plain;
};

struct Story {
  std::string time;
  std::string kind;
  std::string step;
  std::string who;
  std::string party;  // party id
  std::vector<StoryLine> lines;
  bool marked = false;  // by a flag other than late recording
  std::vector<Flag> flags = {};
};

// `asked`: the code that was asked about, named first. `step`: set if the event is part of a trace;
// says why it belongs there.
Story tell(const EventView& view, const TraceStep* step, std::string_view asked,
           const Directory& names, Lang lang);

}  // namespace suyuan
