#pragma once
#include <libxml/xmlversion.h>
// Where the library was built with ICU, its headers bring in ICU's, of which Foundation has another version of its own.
// Only two members at the end of a structure that we never touch depend on it.
#undef LIBXML_ICU_ENABLED
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

/// Swift cannot use a global variable that is a function.
static inline void ratchet_xml_free(void *memory) { xmlFree(memory); }
