#!/usr/bin/env bash
# Builds the container's recipe with buildah, upsamples in it, and compares the bytes with those of the
# packaged program here. Writes Documentation/Results/packages.md.
#
# As root, after package-test.sh: no registry is asked, the recipe's base image is made of its bare Debian.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf 'container-test: %s\n' "$1"; }
packages=$PWD/.build/packages
package=$(echo "$packages"/arssr_*.deb)
root=$packages/root
[ -e "$package" ] && [ -e "$root/etc/debian_version" ] ||
  { echo 'container-test: run Scripts/package-test.sh before' >&2; exit 1; }
recipe=Packaging/container/Containerfile
base=$(sed -n 's/^FROM //p' "$recipe")

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# A process is enough of a container where the kernel grants no other; images are plain folders.
export BUILDAH_ISOLATION=chroot
engine() { buildah --root "$scratch/images" --runroot "$scratch/run" --storage-driver vfs "$@"; }

container=$(engine from scratch)
engine add --quiet "$container" "$root" / > /dev/null
engine commit --quiet "$container" "docker.io/library/$base" > /dev/null
engine rm "$container" > /dev/null
mkdir "$scratch/context"
cp "$recipe" "$package" "$scratch/context"
engine build --pull-never --file "$scratch/context/Containerfile" --tag arssr:test \
  "$scratch/context" > "$scratch/build.log" 2>&1 || { tail -n 20 "$scratch/build.log" >&2; exit 1; }
step "built on $base"

mkdir "$scratch/data"
cp Samples/sub-37_T1w_lr.nii.gz "$scratch/data"
container=$(engine from --pull-never arssr:test)
entry=$(engine inspect --format '{{index .OCIv1.Config.Entrypoint 0}}' "$container")
engine run --volume "$scratch/data:/data" --workingdir /data "$container" \
  "$entry" upsample --progress none sub-37_T1w_lr.nii.gz out.nii.gz
"$packages/debian/usr/bin/arssr" upsample --progress none Samples/sub-37_T1w_lr.nii.gz \
  "$scratch/here.nii.gz"
cmp "$scratch/here.nii.gz" "$scratch/data/out.nii.gz"
step 'its entry upsamples to the same bytes as the packaged program here'

python3 Scripts/result-section.py Documentation/Results/packages.md 'Container' <<TEXT
\`make container-test\`, $(buildah --version | cut -d' ' -f1-3), isolation by chroot, $(date -u +%F).

| what | result |
| --- | --- |
| \`Containerfile\` on the bare Debian of \`make package-test\`, named \`$base\` | builds |
| its entry, \`arssr upsample\` of the sample | the same bytes as the packaged program here |

Not run: Docker and Podman themselves, the base image of the registry, and the recipe for Apptainer
(\`arssr.def\`), which Debian does not have; it installs the same package in the same way.
TEXT
