/* Upsamples voxels of standard input by the C interface alone and writes result and deviations.
 *
 *   interface MODEL FOLDER NI NJ NK < voxels > results
 */
#include "arssr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed(const arssr_error *error) {
  fprintf(stderr, "%s: %s: %s\n", error->code, error->subject, error->message);
  return error->status;
}

int main(int count, char **words) {
  if (count != 6) return 64;
  arssr_grid grid = {{atoi(words[3]), atoi(words[4]), atoi(words[5])}, {0}};
  grid.affine[0] = grid.affine[5] = grid.affine[10] = 1;
  size_t voxels = (size_t)(grid.size[0] * grid.size[1] * grid.size[2]);
  float *input = malloc(voxels * sizeof *input);
  if (fread(input, sizeof *input, voxels, stdin) != voxels) return 65;

  arssr_error error;
  arssr_computer *computer;
  arssr_resolver *resolver;
  if (arssr_interface() != ARSSR_INTERFACE) return 70;
  if (arssr_computer_open(1, NULL, 0, &computer, &error)) return failed(&error);
  if (arssr_resolver_open(computer, words[1], words[2], "float32", 0, &resolver, &error))
    return failed(&error);
  arssr_job *job = arssr_job_open();
  arssr_target target = {.kind = ARSSR_STANDARD};
  arssr_settings settings;
  memset(&settings, 0, sizeof settings);
  arssr_grid finer;
  if (arssr_plan(resolver, job, &grid, &target, &finer, &error)) return failed(&error);
  size_t made = (size_t)(finer.size[0] * finer.size[1] * finer.size[2]);
  float *result = malloc(2 * made * sizeof *result);
  if (arssr_upsample(resolver, job, input, &grid, &target, &settings, result, result + made, &error))
    return failed(&error);
  fwrite(result, sizeof *result, 2 * made, stdout);
  fprintf(stderr, "%s\n", arssr_job_warnings(job));
  arssr_job_close(job);
  arssr_resolver_close(resolver);
  arssr_computer_close(computer);
  free(input);
  free(result);
  return 0;
}
