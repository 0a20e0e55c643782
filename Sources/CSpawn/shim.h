#pragma once
// Functions of the C library that its headers only declare for _GNU_SOURCE, which Swift's Glibc module is built without.
#include <spawn.h>

extern int pipe2(int ends[2], int flags);
// glibc 2.29 and 2.34
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
