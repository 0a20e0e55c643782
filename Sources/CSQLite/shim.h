#pragma once
#include <sqlite3.h>

// Swift cannot call C functions with a variable number of arguments.

/// Refuses what can harm by way of a database's own schema: functions with side effects, writes to internal tables.
static inline void ratchet_sqlite3_harden(sqlite3 *database) {
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, (int *)0);
}

/// Writes a number with 12 significant digits.
static inline void ratchet_sqlite3_print(double value, char *text, int size) {
    sqlite3_snprintf(size, text, "%.12g", value);
}
