/* The C interface of arssr: super-resolution of 3D MR volumes on CPUs.
 *
 *   arssr_error error;
 *   arssr_computer *computer;
 *   arssr_resolver *resolver;
 *   if (arssr_computer_open(0, NULL, 0, &computer, &error) ||
 *       arssr_resolver_open(computer, "brain-t1w", NULL, "float32", 0, &resolver, &error))
 *     puts(error.message);
 *
 * Voxels are float32 and i fastest: value (i, j, k) stands at i + size[0] * (j + size[1] * k). Texts are
 * UTF-8. Functions that can fail return 0, or the exit status that the command would end with, and say
 * why in `error`. Handles may be used from any thread, one call at a time per computer; each is closed
 * once, a resolver before or after its computer.
 */
#ifndef ARSSR_H
#define ARSSR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Grows when a function or a structure changes in a way that callers have to know. */
#define ARSSR_INTERFACE 2

typedef struct arssr_computer arssr_computer;
typedef struct arssr_resolver arssr_resolver;
typedef struct arssr_job arssr_job;

typedef struct arssr_error {
  int32_t status;    /* as the function returned it */
  char code[40];     /* stable identifier of the cause, such as volume.nonfinite */
  char subject[200]; /* file or argument concerned; empty: none */
  char message[512]; /* what is wrong, on one line */
} arssr_error;

typedef struct arssr_grid {
  int64_t size[3];   /* voxels along i, j, k */
  double affine[12]; /* rows x, y, z: voxel indices to scanner millimetres */
} arssr_grid;

enum {
  ARSSR_SCALE = 0,     /* values: factors, 1 or more */
  ARSSR_SPACING = 1,   /* values: millimetres, met exactly */
  ARSSR_ISOTROPIC = 2, /* the finest spacing on all axes */
  ARSSR_SIZE = 3,      /* values: voxels, whole numbers */
  ARSSR_LIKE = 4,      /* the grid `like` */
  ARSSR_STANDARD = 5   /* the model's only factor, or twice as fine */
};

typedef struct arssr_target {
  int32_t kind;
  double values[3];
  arssr_grid like;
} arssr_target;

/* All zero: as the command makes a result without options. A number that stands for nothing here is
 * refused. */
typedef struct arssr_settings {
  const char *normalisation; /* none, max, minmax, percentile:LO,HI, scale:V; NULL: as its card */
  double psf[3];             /* blur of the input along i, j, k, FWHM over spacing */
  int32_t psf_count;         /* 0: the model's default; 1: the same along all axes that get finer; 3 */
  int32_t clip;              /* 0: none; 1: the input's range; 2: clip_range */
  double clip_range[2];
  const float *mask;         /* compute where it is not 0; NULL: everywhere */
  arssr_grid mask_grid;
  int32_t outside_linear;    /* beyond the mask: 0: the value 0; 1: linear interpolation */
  int32_t background;        /* 0: kept, computed by the exact path; 1: kept; 2: computed */
  int32_t zero_nonfinite;    /* NaN, infinite and voxels > 1e36; 1: count as 0; 0: are refused */
  const float *guide;        /* image of another contrast, for models that take one; NULL: none */
  arssr_grid guide_grid;
  int32_t guide_resample;    /* 1: interpolated onto the result's grid; 0: it has to lie there */
  int32_t ensemble;          /* mean over 0: the input as it is; 1: 8 mirrorings; 2: exchanged axes too */
} arssr_settings;

typedef struct arssr_scores {
  double psnr, ssim, mae, rmse, nrmse, hfen, range;
  int64_t voxels, nonfinite;
} arssr_scores;

/* The version, such as 0.1.0; and ARSSR_INTERFACE of the library. */
const char *arssr_version(void);
int32_t arssr_interface(void);

/* Starts threads (0: one per core that the process may use). isa: NULL for the best that the CPU has.
 * memory: most bytes of one call, 0 for four fifths of what is available. */
int32_t arssr_computer_open(int32_t threads, const char *isa, int64_t memory,
                            arssr_computer **computer, arssr_error *error);
int32_t arssr_computer_threads(const arssr_computer *computer);
const char *arssr_computer_isa(const arssr_computer *computer);
int64_t arssr_computer_memory(const arssr_computer *computer);
void arssr_computer_close(arssr_computer *computer);

/* Reads a model of any kind by path, or by name in the search path and then in folder (NULL: nowhere else). */
int32_t arssr_resolver_open(const arssr_computer *computer, const char *model, const char *folder,
                            const char *precision, int32_t exact, arssr_resolver **resolver,
                            arssr_error *error);
/* What the model says of itself, as a JSON object; the resolver's own memory. */
const char *arssr_resolver_description(const arssr_resolver *resolver);
void arssr_resolver_close(arssr_resolver *resolver);

/* One call: how far it is, a way to stop it, and what the user should know afterwards. */
arssr_job *arssr_job_open(void);
double arssr_job_fraction(const arssr_job *job);
/* waiting, encode or decode. */
const char *arssr_job_stage(const arssr_job *job);
/* The call ends with 75, process.cancelled. */
void arssr_job_cancel(const arssr_job *job);
/* Warnings so far, one per line; the job's own memory, until the next call. */
const char *arssr_job_warnings(const arssr_job *job);
void arssr_job_close(arssr_job *job);

/* The grid of a result. resolver may be NULL: then no model's scales are warned of. */
int32_t arssr_plan(const arssr_resolver *resolver, const arssr_job *job, const arssr_grid *input,
                   const arssr_target *target, arssr_grid *output, arssr_error *error);

/* Computes the voxels of the grid that arssr_plan tells into `result`, which is the caller's; and the
 * standard deviations of the error that is to be expected into `deviations` (NULL: not wanted), from an
 * ensemble, one of mirrorings where the settings name none. */
int32_t arssr_upsample(const arssr_resolver *resolver, const arssr_job *job, const float *voxels,
                       const arssr_grid *input, const arssr_target *target,
                       const arssr_settings *settings, float *result, float *deviations,
                       arssr_error *error);

/* The same by interpolation: nearest, linear, cubic or lanczos3. Settings that only models have a
 * use for - normalisation, psf, background, guide, ensemble - are refused with usage.conflict. */
int32_t arssr_interpolate(const arssr_computer *computer, const arssr_job *job, const char *method,
                          const float *voxels, const arssr_grid *input,
                          const arssr_target *target, const arssr_settings *settings,
                          float *result, arssr_error *error);

/* Scores a result against the truth. mask: not 0 where voxels count, NULL for all.
 * range: of psnr and ssim, finite and above 0; 0 for that of the truth. */
int32_t arssr_evaluate(const arssr_computer *computer, const float *result,
                       const arssr_grid *result_grid, const float *truth,
                       const arssr_grid *truth_grid, const uint8_t *mask, double range,
                       arssr_scores *scores, arssr_error *error);

#ifdef __cplusplus
}
#endif

#endif
