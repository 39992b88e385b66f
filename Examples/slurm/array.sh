#!/bin/sh
# Super-resolves all volumes of a folder on a Slurm cluster: each task of the array does its part.
#
#   sbatch --array=1-8 Examples/slurm/array.sh scans sr --isotropic
#
# A task finds its part by the numbers of the array and uses the cores that it was given. Requeued or
# submitted again, with the same array, it goes on where it was stopped.
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --requeue
input=$1 output=$2
shift 2
# In place of the shell, so that the program itself is told when the task has to end.
exec arssr upsample --skip-existing --max-memory 7G "$@" "$input" "$output"
