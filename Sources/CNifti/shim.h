#pragma once
// Only the header layouts and three pure functions of libnifti2 are declared, so that the
// file-reading half of the library cannot be reached from Swift (Documentation/Decisions.md).
#include <nifti/nifti1.h>
#include <nifti/nifti2.h>

typedef struct { double m[4][4]; } nifti_dmat44;

nifti_dmat44 nifti_quatern_to_dmat44(double qb, double qc, double qd, double qx, double qy,
                                     double qz, double dx, double dy, double dz, double qfac);
void nifti_dmat44_to_quatern(nifti_dmat44 R, double *qb, double *qc, double *qd, double *qx,
                             double *qy, double *qz, double *dx, double *dy, double *dz,
                             double *qfac);
void nifti_dmat44_to_orientation(nifti_dmat44 R, int *icod, int *jcod, int *kcod);
