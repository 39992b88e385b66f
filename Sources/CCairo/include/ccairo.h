// The part of cairo that draws pictures (libcairo.so.2, ABI of cairo 1.x), loaded when something is
// first drawn: pictures are an extra, and a server that only computes need not have the library.

#ifndef CCAIRO_H
#define CCAIRO_H

#pragma clang assume_nonnull begin

typedef struct CairoSurface CairoSurface;
typedef struct CairoContext CairoContext;
typedef struct CairoPattern CairoPattern;

typedef struct {
  double x_bearing, y_bearing, width, height, x_advance, y_advance;
} CairoTextExtents;

enum {
  CairoStatusSuccess = 0,
  CairoStatusWriteError = 11,
};
enum { CairoFormatRGB24 = 1 };
enum { CairoFontSlantNormal = 0, CairoFontWeightNormal = 0 };
enum { CairoLineJoinRound = 1 };
enum { CairoFilterNearest = 3 };

typedef int (*CairoWrite)(void *closure, const unsigned char *data, unsigned int length);

// Functions of the library by their names there without the prefix `cairo_`.
typedef struct {
  CairoSurface *_Nonnull (*_Nonnull image_surface_create)(int format, int width, int height);
  unsigned char *_Nullable (*_Nonnull image_surface_get_data)(CairoSurface *);
  int (*_Nonnull image_surface_get_stride)(CairoSurface *);
  int (*_Nonnull surface_status)(CairoSurface *);
  void (*_Nonnull surface_flush)(CairoSurface *);
  void (*_Nonnull surface_mark_dirty)(CairoSurface *);
  void (*_Nonnull surface_destroy)(CairoSurface *);
  int (*_Nonnull surface_write_to_png_stream)(CairoSurface *, CairoWrite, void *closure);

  CairoContext *_Nonnull (*_Nonnull create)(CairoSurface *);
  void (*_Nonnull destroy)(CairoContext *);
  int (*_Nonnull status)(CairoContext *);
  const char *_Nonnull (*_Nonnull status_to_string)(int status);
  void (*_Nonnull save)(CairoContext *);
  void (*_Nonnull restore)(CairoContext *);
  void (*_Nonnull translate)(CairoContext *, double x, double y);
  void (*_Nonnull scale)(CairoContext *, double x, double y);
  void (*_Nonnull clip)(CairoContext *);
  void (*_Nonnull paint)(CairoContext *);
  void (*_Nonnull set_source_rgb)(CairoContext *, double red, double green, double blue);
  void (*_Nonnull set_source_surface)(CairoContext *, CairoSurface *, double x, double y);
  CairoPattern *_Nonnull (*_Nonnull get_source)(CairoContext *);
  void (*_Nonnull pattern_set_filter)(CairoPattern *, int filter);

  void (*_Nonnull rectangle)(CairoContext *, double x, double y, double width, double height);
  void (*_Nonnull move_to)(CairoContext *, double x, double y);
  void (*_Nonnull line_to)(CairoContext *, double x, double y);
  void (*_Nonnull fill)(CairoContext *);
  void (*_Nonnull stroke)(CairoContext *);
  void (*_Nonnull stroke_preserve)(CairoContext *);
  void (*_Nonnull set_line_width)(CairoContext *, double width);
  void (*_Nonnull set_line_join)(CairoContext *, int join);

  void (*_Nonnull select_font_face)(CairoContext *, const char *family, int slant, int weight);
  void (*_Nonnull set_font_size)(CairoContext *, double size);
  void (*_Nonnull text_extents)(CairoContext *, const char *text, CairoTextExtents *);
  void (*_Nonnull text_path)(CairoContext *, const char *text);
} CairoFunctions;

// The functions, or NULL where the library is missing or lacks one. From any thread.
const CairoFunctions *_Nullable ccairo_functions(void);

#pragma clang assume_nonnull end

#endif
