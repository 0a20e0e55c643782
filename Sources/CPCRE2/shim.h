#pragma once
// PCRE2 has no default code unit width: choose UTF-8 before its header is read.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
