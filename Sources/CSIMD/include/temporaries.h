// Names of temporary files that a dying program has to remove. In C because the last moments of a
// program may find any lock of Swift's runtime held, and because a global of Swift is initialised on
// first use.
#pragma once

// Between these two calls a temporary file may come into being; it must be remembered before the
// second. Once arssr_temporaries_unlink has been called the first one never returns, so that no file
// appears behind the back of a program that ends.
void arssr_temporary_begin(void);
void arssr_temporary_end(void);

// Remembers a path (copied). Returns a slot for arssr_temporary_forget, or -1 if all are taken.
int arssr_temporary_remember(const char *path);

// Forgets the path of a slot; -1 is allowed.
void arssr_temporary_forget(int slot);

// Removes all remembered files, after waiting for one that is just coming into being. Not for use
// inside a signal handler; the program must end afterwards.
void arssr_temporaries_unlink(void);
