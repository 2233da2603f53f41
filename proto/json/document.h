// Moved: what reads and writes JSON as text stands below everything that gives it a meaning.
#pragma once

#include "proto/jsontext/document.h"
