#pragma once
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

/// Swift cannot use a global variable that is a function.
static inline void ratchet_xml_free(void *memory) { xmlFree(memory); }
