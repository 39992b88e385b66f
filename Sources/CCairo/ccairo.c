#include "ccairo.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

#define FUNCTIONS(X) \
  X(image_surface_create) \
  X(image_surface_get_data) \
  X(image_surface_get_stride) \
  X(surface_status) \
  X(surface_flush) \
  X(surface_mark_dirty) \
  X(surface_destroy) \
  X(surface_write_to_png_stream) \
  X(create) \
  X(destroy) \
  X(status) \
  X(status_to_string) \
  X(save) \
  X(restore) \
  X(translate) \
  X(scale) \
  X(clip) \
  X(paint) \
  X(set_source_rgb) \
  X(set_source_surface) \
  X(get_source) \
  X(pattern_set_filter) \
  X(rectangle) \
  X(move_to) \
  X(line_to) \
  X(fill) \
  X(stroke) \
  X(stroke_preserve) \
  X(set_line_width) \
  X(set_line_join) \
  X(select_font_face) \
  X(set_font_size) \
  X(text_extents) \
  X(text_path)

static CairoFunctions functions;
static int is_complete;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *library = dlopen("libcairo.so.2", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return;
  is_complete = 1;
#define LOAD(name)                                                            \
  functions.name = (__typeof__(functions.name))dlsym(library, "cairo_" #name); \
  if (functions.name == NULL) is_complete = 0;
  FUNCTIONS(LOAD)
}

const CairoFunctions *ccairo_functions(void) {
  pthread_once(&once, load);
  return is_complete ? &functions : NULL;
}
